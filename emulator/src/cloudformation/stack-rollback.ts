import type { Stack } from './stack';
import { rollBackCreation } from './stack-creation';
import type { EngineContext } from './stack-requests';
import { validationError } from './template-errors';
import type { RollbackOptions, UpdateRollbackOptions } from './update-rollback';

/**
 * Goes on with a rollback that failed. What forbids it is thrown, before anything begins.
 *
 * @throws ServiceError `ValidationError`
 */
export function continueRollback(
  stack: Stack,
  options: UpdateRollbackOptions,
  engine: EngineContext,
): Promise<Stack> {
  const { skipped = [] } = options;
  const rollback = engine.unfinishedRollbacks.get(stack.id);
  if (!rollback || stack.status !== 'UPDATE_ROLLBACK_FAILED') throw wrongState(stack);
  const wrong = skipped.filter((id) => stack.resource(id)?.status !== 'UPDATE_FAILED');
  if (wrong.length > 0) {
    throw validationError(`Resources [${wrong.join(', ')}] are not in UPDATE_FAILED state.`);
  }
  stack.begin(options);
  return finish(stack, rollback.run('User Initiated', options), engine);
}

/**
 * Rolls back a creation or an update that failed and was told not to do so by itself. What forbids it is thrown,
 * before anything begins.
 *
 * @throws ServiceError `ValidationError`
 */
export function rollBackByCall(
  stack: Stack,
  options: RollbackOptions,
  engine: EngineContext,
): Promise<Stack> {
  const rollback = engine.unfinishedRollbacks.get(stack.id);
  if (stack.status === 'UPDATE_FAILED' && rollback) {
    stack.begin(options);
    return finish(stack, rollback.run('User Initiated', options), engine);
  }
  // An update of what has never been complete leaves nothing to go back to either.
  if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') throw wrongState(stack);
  stack.begin(options);
  return rollBackCreation(stack, 'User Initiated', engine, options);
}

async function finish(
  stack: Stack,
  isDone: Promise<boolean>,
  engine: EngineContext,
): Promise<Stack> {
  if (await isDone) engine.unfinishedRollbacks.delete(stack.id);
  return stack;
}

function wrongState({ id, status }: Stack) {
  return validationError(`Stack:${id} is in ${status} state and can not be rolled back.`);
}
