import { deleteResources } from './resource-deletion';
import { type Stack, StackFailedError, type StackOperator } from './stack';
import type { EngineContext } from './stack-requests';
import { validationError } from './template-errors';

/**
 * Deletes a stack, its resources in reverse order of their creation.
 *
 * What forbids it is told before anything begins: this function throws rather than rejects then.
 *
 * @throws ServiceError `ValidationError` if the stack is busy or protected, or if others import its exports.
 */
export function deleteWholeStack(
  stack: Stack,
  engine: EngineContext,
  operator: StackOperator,
): Promise<Stack> {
  if (stack.status === 'DELETE_COMPLETE') return Promise.resolve(stack);
  if (stack.busy) {
    throw validationError(
      `Stack [${stack.name}] cannot be deleted while in status ${stack.status}`,
    );
  }
  if (stack.terminationProtection) {
    throw validationError(
      `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
    );
  }
  const { account, region } = stack.identity;
  for (const { exportName } of stack.outputs) {
    const importers =
      exportName === undefined ? [] : engine.stacks.importers(exportName, account, region);
    if (importers.length === 0) continue;
    const reason = `Delete canceled. Cannot delete export ${exportName} as it is in use by ${importers.join(', ')}.`;
    if (stack.status !== 'REVIEW_IN_PROGRESS') stack.setStatus(stack.status, reason);
    throw validationError(reason);
  }
  stack.begin(operator);
  stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
  return deleteAll(stack, engine, operator);
}

async function deleteAll(
  stack: Stack,
  { clock, providers }: EngineContext,
  { caller }: StackOperator,
): Promise<Stack> {
  const failures = await deleteResources(stack, providers, clock, false, caller);
  if (failures.length === 0) {
    stack.setStatus('DELETE_COMPLETE');
    return stack;
  }
  const names = failures.map(({ logicalId }) => logicalId).join(', ');
  stack.setStatus('DELETE_FAILED', `The following resource(s) failed to delete: [${names}].`);
  throw new StackFailedError(stack, 'delete', failures);
}
