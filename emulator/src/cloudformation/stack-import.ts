import { among, visitInOrder } from './dependency-graph';
import { createResource, type ResourceFailure } from './resource-creation';
import { existingResources } from './resource-request';
import { type Stack, StackFailedError } from './stack';
import type { PreparedStack } from './stack-preparation';
import {
  definitionOf,
  type EngineContext,
  operationContext,
  type StackRequest,
  stacksForCaller,
} from './stack-requests';
import { StackScope } from './stack-scope';

/**
 * Makes existing resources part of a stack; they stay as they are, whatever the template says.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
 *
 * @throws StackFailedError if one cannot be found any more: the stack is as it was then.
 */
export async function importIntoStack(
  stack: Stack,
  prepared: PreparedStack,
  request: Pick<StackRequest, 'caller' | 'capabilities' | 'express' | 'imports' | 'origin'>,
  tags: Readonly<Record<string, string>>,
  engine: EngineContext,
): Promise<Stack> {
  const { imports = new Map() } = request;
  const scope = new StackScope(prepared.scopeOptions, {
    ...existingResources(stack),
    ...stacksForCaller(stack, request.caller, engine),
  });
  const context = operationContext(engine, request, tags);
  const failures: ResourceFailure[] = [];
  const names = new Set(imports.keys());
  await visitInOrder(among(names, prepared.plan.dependencies), async (logicalId) => {
    const planned = prepared.plan.resources.get(logicalId);
    return planned ? createResource(stack, planned, scope, context, failures) : true;
  });
  if (failures.length > 0) {
    const failed = failures.map(({ logicalId }) => logicalId).join(', ');
    const reason = `The following resource(s) failed to import: [${failed}].`;
    stack.setStatus('IMPORT_ROLLBACK_IN_PROGRESS', reason);
    for (const logicalId of names) stack.forgetResource(logicalId);
    stack.setStatus('IMPORT_ROLLBACK_COMPLETE');
    throw new StackFailedError(stack, 'import', failures);
  }
  stack.adopt(definitionOf(prepared, tags, request, stack.identity.disableRollback));
  stack.setStatus('IMPORT_COMPLETE');
  return stack;
}
