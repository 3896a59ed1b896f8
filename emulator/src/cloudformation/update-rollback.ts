import { among, visitInOrder } from './dependency-graph';
import type { ProviderRegistry } from './provider-registry';
import { type ResourceFailure, reasonOf } from './resource-creation';
import type { OperationContext } from './resource-request';
import {
  deleteLeftovers,
  type Leftover,
  type TouchedResource,
  type UpdateProgress,
} from './resource-update';
import type { Stack, StackResource } from './stack';
import type { StackPlan } from './stack-plan';

/**
 * Brings a stack back to what it was before an update that failed: what was updated is updated once
 * more, what was replaced is taken back, and in the end what the update has made is deleted.
 *
 * @param reason - why, as the stack's events tell it.
 */
export async function rollBackUpdate(
  stack: Stack,
  plan: StackPlan,
  progress: UpdateProgress,
  reason: string,
  providers: ProviderRegistry,
  context: OperationContext,
): Promise<void> {
  stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const leftovers: Leftover[] = [];
  const failures: ResourceFailure[] = [];
  const names = new Set(progress.touched.keys());
  await visitInOrder(
    among(names, stack.identity.dependencies),
    async (logicalId) => {
      const touched = progress.touched.get(logicalId);
      const now = stack.resource(logicalId);
      if (!touched || !now) return true;
      try {
        leftovers.push(...(await restore(stack, touched, now, providers, context)));
        return true;
      } catch (error) {
        const statusReason = reasonOf(error);
        failures.push({ logicalId, type: now.type, reason: statusReason });
        stack.setResource({ ...now, status: 'UPDATE_FAILED', statusReason });
        return false;
      }
    },
    { continueAfterFailure: true },
  );
  if (failures.length > 0) {
    const ids = failures.map(({ logicalId }) => logicalId).join(', ');
    stack.setStatus(
      'UPDATE_ROLLBACK_FAILED',
      `The following resource(s) failed to update: [${ids}].`,
    );
    return;
  }
  for (const logicalId of progress.created) {
    const resource = stack.resource(logicalId);
    const policy = plan.resources.get(logicalId)?.declaration.deletionPolicy;
    if (resource) leftovers.push({ resource, retained: policy === 'Retain' });
    stack.forgetResource(logicalId);
  }
  stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await deleteLeftovers(stack, leftovers, plan.dependencies, providers, context);
  stack.setStatus('UPDATE_ROLLBACK_COMPLETE');
}

/** @returns what is left over of the update's work on a resource. */
async function restore(
  stack: Stack,
  { asked, before, by }: TouchedResource,
  now: StackResource,
  providers: ProviderRegistry,
  { caller, clock }: OperationContext,
): Promise<Leftover[]> {
  const { logicalId, request, state, type } = before;
  const provider = providers.find(type);
  stack.setResource({ ...now, status: 'UPDATE_IN_PROGRESS', statusReason: undefined });
  if (by !== 'update' || !asked || !request || !state || !provider?.update) {
    stack.setResource({ ...before, status: 'UPDATE_COMPLETE', statusReason: undefined });
    return now.state?.physicalId === state?.physicalId ? [] : [{ resource: now, retained: false }];
  }
  const current = now.state ?? state;
  const { physicalId } = current;
  const restored = await clock.work(`restore ${logicalId} (${type})`, async () =>
    provider.update?.({
      ...request,
      caller,
      physicalId,
      previous: { ...asked, attributes: current.attributes },
    }),
  );
  stack.setResource({
    ...before,
    state: restored,
    request: { ...request, physicalId: restored?.physicalId ?? physicalId },
    status: 'UPDATE_COMPLETE',
    statusReason: undefined,
  });
  return restored?.physicalId === physicalId ? [] : [{ resource: now, retained: false }];
}
