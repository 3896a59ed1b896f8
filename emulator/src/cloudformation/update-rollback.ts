import { among, visitInOrder } from './dependency-graph';
import type { ProviderRegistry } from './provider-registry';
import { reasonOf } from './resource-creation';
import type { OperationContext } from './resource-request';
import {
  deleteLeftovers,
  type Leftover,
  type TouchedResource,
  type UpdateProgress,
} from './resource-update';
import type { Stack, StackOperator, StackResource } from './stack';
import type { StackPlan } from './stack-plan';

/** How a rollback goes that somebody has called for. */
export interface RollbackOptions extends StackOperator {
  /** Whether what has been made and is to be retained stays. @default true */
  readonly retainsCreated?: boolean;
}

/** How the rollback of an update goes. */
export interface UpdateRollbackOptions extends RollbackOptions {
  /** Logical ids of resources that stay as they are, whatever that is. @default - none */
  readonly skipped?: readonly string[];
}

/**
 * Brings a stack back to what it was before an update that failed: what was updated is updated once
 * more, what was replaced is taken back, and in the end what the update has made is deleted.
 */
export class UpdateRollback {
  private readonly leftovers: Leftover[] = [];
  private readonly remaining: Map<string, TouchedResource>;

  constructor(
    private readonly stack: Stack,
    private readonly plan: StackPlan,
    /** What is rolled back. */
    readonly progress: UpdateProgress,
    private readonly providers: ProviderRegistry,
    private readonly context: OperationContext,
  ) {
    this.remaining = new Map(progress.touched);
  }

  /**
   * Rolls back what has not been rolled back yet.
   *
   * @param reason - why, as the stack's events tell it
   * @returns whether all is done; else the stack is `UPDATE_ROLLBACK_FAILED`, and this can be called again.
   */
  async run(
    reason: string,
    { caller, retainsCreated = true, skipped = [] }: UpdateRollbackOptions = {},
  ): Promise<boolean> {
    const { plan, progress, providers, stack } = this;
    const context = caller ? { ...this.context, caller } : this.context;
    stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
    for (const logicalId of skipped) this.skip(logicalId);
    const failures = await this.restoreAll(context);
    if (failures.length > 0) {
      const ids = failures.join(', ');
      const failed = `The following resource(s) failed to update: [${ids}].`;
      stack.setStatus('UPDATE_ROLLBACK_FAILED', failed);
      return false;
    }
    for (const logicalId of progress.created) {
      const resource = stack.resource(logicalId);
      const policy = plan.resources.get(logicalId)?.declaration.deletionPolicy;
      const retained = (retainsCreated && policy === 'Retain') || resource?.imported === true;
      if (resource) this.leftovers.push({ resource, retained });
      stack.forgetResource(logicalId);
    }
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await deleteLeftovers(stack, this.leftovers, plan.dependencies, providers, context);
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE');
    return true;
  }

  private skip(logicalId: string): void {
    const resource = this.stack.resource(logicalId);
    if (!resource || !this.remaining.delete(logicalId)) return;
    const skipped = { ...resource, status: 'UPDATE_COMPLETE', statusReason: undefined } as const;
    this.stack.setResource(skipped);
  }

  private async restoreAll(context: OperationContext): Promise<string[]> {
    const { providers, remaining, stack } = this;
    const failures: string[] = [];
    await visitInOrder(
      among(new Set(remaining.keys()), stack.identity.dependencies),
      async (logicalId) => {
        const touched = remaining.get(logicalId);
        const now = stack.resource(logicalId);
        if (!touched || !now) return true;
        try {
          this.leftovers.push(...(await restore(stack, touched, now, providers, context)));
          remaining.delete(logicalId);
          return true;
        } catch (error) {
          failures.push(logicalId);
          stack.setResource({ ...now, status: 'UPDATE_FAILED', statusReason: reasonOf(error) });
          return false;
        }
      },
      { continueAfterFailure: true },
    );
    return failures;
  }
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
  const provider = providers.of(before);
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
