import { type ResourceFailure, reasonOf } from './resource-creation';
import { existingResources } from './resource-request';
import {
  deleteLeftovers,
  type Leftover,
  type UpdateProgress,
  updateResources,
} from './resource-update';
import { type Stack, StackFailedError } from './stack';
import { existingResource } from './stack-changes';
import { stackOutputs } from './stack-outputs';
import type { PreparedStack } from './stack-preparation';
import {
  definitionOf,
  type EngineContext,
  operationContext,
  stacksForCaller,
  type UpdateStackRequest,
} from './stack-requests';
import { StackScope } from './stack-scope';
import { UpdateRollback } from './update-rollback';

/**
 * Brings a stack to another template, whose changes have been found to be possible.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 *
 * @throws StackFailedError if a resource or an output fails, once all is what it was before, or at once if that is not wanted.
 */
export async function updateStackResources(
  stack: Stack,
  prepared: PreparedStack,
  request: Pick<
    UpdateStackRequest,
    'caller' | 'capabilities' | 'disableRollback' | 'express' | 'imports' | 'origin'
  >,
  tags: Readonly<Record<string, string>>,
  engine: EngineContext,
): Promise<Stack> {
  const { plan, template } = prepared;
  const scope = new StackScope(prepared.scopeOptions, {
    ...existingResources(stack),
    ...stacksForCaller(stack, request.caller, engine),
  });
  const context = operationContext(engine, request, tags);
  const progress = await updateResources(stack, plan, scope, context);
  const fail = async (failures: readonly ResourceFailure[], reason: string): Promise<never> => {
    const all = progress.after(engine.unfinishedRollbacks.get(stack.id)?.progress);
    const rollback = new UpdateRollback(stack, plan, all, engine.providers, context);
    if (request.disableRollback) stack.setStatus('UPDATE_FAILED', reason);
    if (request.disableRollback || !(await rollback.run(reason))) {
      if (stack.hasBeenComplete) engine.unfinishedRollbacks.set(stack.id, rollback);
    }
    throw new StackFailedError(stack, 'update', failures);
  };
  if (progress.failures.length > 0) return fail(progress.failures, failedResources(stack));
  try {
    stack.setOutputs(stackOutputs(stack, template, scope, engine.stacks));
  } catch (error) {
    const reason = reasonOf(error);
    const type = 'AWS::CloudFormation::Stack';
    return fail([{ logicalId: stack.name, type, reason }], reason);
  }
  engine.unfinishedRollbacks.delete(stack.id);
  const leftovers = leftoversOf(stack, prepared, progress);
  const { dependencies } = stack.identity;
  stack.adopt(definitionOf(prepared, tags, request, request.disableRollback ?? false));
  for (const { resource } of leftovers) {
    if (!plan.resources.has(resource.logicalId)) stack.forgetResource(resource.logicalId);
  }
  stack.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const undeleted = await deleteLeftovers(
    stack,
    leftovers,
    dependencies,
    engine.providers,
    context,
  );
  const reason = 'Update successful. One or more resources could not be deleted.';
  stack.setStatus('UPDATE_COMPLETE', undeleted.length > 0 ? reason : undefined);
  return stack;
}

/** What has been replaced, and what the template no longer has. */
function leftoversOf(stack: Stack, { plan }: PreparedStack, progress: UpdateProgress): Leftover[] {
  const replaced = progress.replaced.map((resource) => {
    const policy = plan.resources.get(resource.logicalId)?.declaration.updateReplacePolicy;
    return { resource, retained: policy === 'Retain' };
  });
  const removed = stack
    .resources()
    .filter(({ logicalId }) => !plan.resources.has(logicalId) && existingResource(stack, logicalId))
    .map((resource) => {
      const before = stack.identity.template.resources.get(resource.logicalId);
      const policy = before?.deletionPolicy ?? 'Delete';
      return { resource, retained: policy.startsWith('Retain') };
    });
  return [...removed.reverse(), ...replaced];
}

function failedResources(stack: Stack): string {
  const resources = stack.resources();
  const named = (status: string) =>
    resources.filter((one) => one.status === status).map(({ logicalId }) => logicalId);
  const [created, updated] = [named('CREATE_FAILED'), named('UPDATE_FAILED')];
  return [
    ...(created.length > 0
      ? [`The following resource(s) failed to create: [${created.join(', ')}].`]
      : []),
    ...(updated.length > 0
      ? [`The following resource(s) failed to update: [${updated.join(', ')}].`]
      : []),
  ].join(' ');
}
