import { createResources, type ResourceFailure, reasonOf } from './resource-creation';
import { deleteResources } from './resource-deletion';
import { existingResources } from './resource-request';
import { type Stack, StackFailedError } from './stack';
import { stackOutputs } from './stack-outputs';
import type { PreparedStack } from './stack-preparation';
import {
  type CreateStackRequest,
  type EngineContext,
  operationContext,
  stacksForCaller,
} from './stack-requests';
import { StackScope } from './stack-scope';
import type { RollbackOptions } from './update-rollback';

/**
 * Creates the resources of a stack whose definition is set, and its outputs.
 *
 * @throws StackFailedError if one fails, once the stack is as the request wants it after a failure.
 */
export async function buildStack(
  stack: Stack,
  prepared: PreparedStack,
  request: Pick<CreateStackRequest, 'caller' | 'imports' | 'onFailure' | 'origin'>,
  engine: EngineContext,
): Promise<Stack> {
  const scope = new StackScope(prepared.scopeOptions, {
    ...existingResources(stack),
    ...stacksForCaller(stack, request.caller, engine),
  });
  const context = operationContext(engine, request, stack.identity.tags);
  const failures: ResourceFailure[] = await createResources(stack, prepared.plan, scope, context);
  if (failures.length > 0) {
    const failed = stack.resources().filter(({ status }) => status === 'CREATE_FAILED');
    const names = failed.map(({ logicalId }) => logicalId).join(', ');
    const reason = `The following resource(s) failed to create: [${names}].`;
    await abandon(stack, request, reason, engine);
    throw new StackFailedError(stack, 'create', failures);
  }
  try {
    stack.setOutputs(stackOutputs(stack, prepared.template, scope, engine.stacks));
  } catch (error) {
    const reason = reasonOf(error);
    await abandon(stack, request, reason, engine);
    const type = 'AWS::CloudFormation::Stack';
    throw new StackFailedError(stack, 'create', [{ logicalId: stack.name, type, reason }]);
  }
  stack.setStatus('CREATE_COMPLETE');
  return stack;
}

/** Leaves a stack whose creation failed as the request says. */
async function abandon(
  stack: Stack,
  { onFailure = 'ROLLBACK' }: Pick<CreateStackRequest, 'onFailure'>,
  reason: string,
  engine: EngineContext,
): Promise<void> {
  if (onFailure === 'DO_NOTHING') {
    stack.setStatus('CREATE_FAILED', reason);
    return;
  }
  if (onFailure === 'ROLLBACK') {
    await rollBackCreation(stack, `${reason} Rollback requested by user.`, engine);
    return;
  }
  stack.setStatus('DELETE_IN_PROGRESS', `${reason} Delete requested by user.`);
  const failures = await deleteResources(stack, engine.providers, engine.clock, true);
  conclude(stack, failures, 'DELETE_COMPLETE', 'DELETE_FAILED');
}

/**
 * Deletes what a creation that failed has made.
 *
 * @param reason - why, as the stack's events tell it
 */
export async function rollBackCreation(
  stack: Stack,
  reason: string,
  { clock, providers }: EngineContext,
  { caller, retainsCreated = true }: RollbackOptions = {},
): Promise<Stack> {
  stack.setStatus('ROLLBACK_IN_PROGRESS', reason);
  const rollback = retainsCreated ? true : 'retain nothing';
  const failures = await deleteResources(stack, providers, clock, rollback, caller);
  conclude(stack, failures, 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED');
  return stack;
}

function conclude(
  stack: Stack,
  failures: readonly ResourceFailure[],
  done: 'DELETE_COMPLETE' | 'ROLLBACK_COMPLETE',
  failed: 'DELETE_FAILED' | 'ROLLBACK_FAILED',
): void {
  const names = failures.map(({ logicalId }) => logicalId).join(', ');
  if (failures.length === 0) stack.setStatus(done);
  else stack.setStatus(failed, `The following resource(s) failed to delete: [${names}].`);
}
