import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import { among, reversed, visitInOrder } from './dependency-graph';
import type { ProviderRegistry } from './provider-registry';
import type { ResourceFailure } from './resource-creation';
import type { Stack, StackResource } from './stack';

/**
 * Deletes the resources of a stack, each after all that need it. What fails stays, with whatever it
 * needs; all else goes.
 *
 * @param rollback - whether this undoes a creation, for which `RetainExceptOnCreate` deletes, or even `Retain`.
 * @param caller - who deletes. @default - who created
 * @returns what failed.
 */
export async function deleteResources(
  stack: Stack,
  providers: ProviderRegistry,
  clock: Clock,
  rollback: boolean | 'retain nothing',
  caller?: Caller,
): Promise<ResourceFailure[]> {
  const failures: ResourceFailure[] = [];
  const existing = new Set(
    stack
      .resources()
      .filter(({ request, status }) => request !== undefined && !isGone(status))
      .map(({ logicalId }) => logicalId),
  );
  await visitInOrder(
    reversed(among(existing, stack.identity.dependencies)),
    async (logicalId) => {
      const resource = stack.resource(logicalId);
      if (!resource?.request) return true;
      const policy = stack.identity.template.resources.get(logicalId)?.deletionPolicy;
      const isKept = policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !rollback);
      if ((isKept && rollback !== 'retain nothing') || (resource.imported && rollback)) {
        stack.setResource({ ...resource, status: 'DELETE_SKIPPED', statusReason: undefined });
        return true;
      }
      stack.setResource({ ...resource, status: 'DELETE_IN_PROGRESS', statusReason: undefined });
      try {
        const request = { ...resource.request, caller: caller ?? resource.request.caller };
        await clock.work(`delete ${logicalId} (${resource.type})`, async () =>
          providers.of(resource)?.delete(request),
        );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failures.push({ logicalId, type: resource.type, reason });
        stack.setResource({ ...resource, status: 'DELETE_FAILED', statusReason: reason });
        return false;
      }
      stack.setResource({
        ...resource,
        status: 'DELETE_COMPLETE',
        statusReason:
          policy === 'Snapshot' && !rollback
            ? 'DeletionPolicy Snapshot: no snapshot is kept'
            : undefined,
      });
      return true;
    },
    { continueAfterFailure: true },
  );
  return failures;
}

function isGone(status: StackResource['status']): boolean {
  return status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';
}
