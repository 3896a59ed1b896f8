import { visitInOrder } from './dependency-graph';
import { findImported } from './imports';
import { CreationFailedError, type ResourceRequest } from './provider';
import {
  type EvaluatedProperties,
  evaluateProperties,
  type OperationContext,
  resourceRequest,
} from './resource-request';
import type { Stack } from './stack';
import type { PlannedResource, StackPlan } from './stack-plan';
import type { StackScope } from './stack-scope';

/** A resource that failed of itself. */
export interface ResourceFailure {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

/**
 * Creates all resources of a plan, as many at a time as their dependencies allow. After the first
 * failure nothing more is started, and what is under way counts as cancelled.
 *
 * @returns what failed of itself, empty if nothing did.
 */
export async function createResources(
  stack: Stack,
  plan: StackPlan,
  scope: StackScope,
  context: OperationContext,
): Promise<ResourceFailure[]> {
  const failures: ResourceFailure[] = [];
  await visitInOrder(plan.dependencies, async (logicalId) => {
    const planned = plan.resources.get(logicalId);
    return planned ? createResource(stack, planned, scope, context, failures) : true;
  });
  return failures;
}

/**
 * Creates one resource, or imports it if that is what the operation is to do. If another has failed by the time it is there, it counts as cancelled.
 *
 * @param failures - those of the operation so far; its own is added.
 * @returns whether it is there.
 */
export async function createResource(
  stack: Stack,
  planned: PlannedResource,
  scope: StackScope,
  context: OperationContext,
  failures: ResourceFailure[],
): Promise<boolean> {
  const { logicalId, type } = planned.declaration;
  const { allowedOnly, level } = planned.provider;
  const identifier = context.imports.get(logicalId);
  const imported = identifier !== undefined;
  let given: EvaluatedProperties | undefined;
  let problem: unknown;
  try {
    given = evaluateProperties(planned, stack, scope);
  } catch (error) {
    problem = error;
  }
  const shownProperties = given?.shown;
  const common = { logicalId, type, level, allowedOnly, imported, shownProperties };
  stack.setResource({ ...common, status: imported ? 'IMPORT_IN_PROGRESS' : 'CREATE_IN_PROGRESS' });
  let asked: ResourceRequest | undefined;
  try {
    const { request, state, declared } = await context.clock.work(
      `create ${logicalId} (${type})`,
      async () => {
        if (!given) throw problem;
        const { declared } = given;
        const request = await resourceRequest(stack, planned, given, context);
        asked = request;
        const state = identifier
          ? await findImported(planned, identifier, request)
          : await planned.provider.create(request);
        return { request, declared, state };
      },
    );
    const made = {
      ...common,
      state,
      declared,
      request: { ...request, physicalId: state.physicalId },
    };
    if (failures.length > 0) {
      const statusReason = 'Resource creation cancelled';
      stack.setResource({ ...made, status: 'CREATE_FAILED', statusReason });
      return false;
    }
    if (imported) {
      const statusReason = 'Resource import completed.';
      stack.setResource({ ...made, status: 'IMPORT_COMPLETE', statusReason });
      return true;
    }
    const statusReason = 'Resource creation Initiated';
    stack.setResource({ ...made, status: 'CREATE_IN_PROGRESS', statusReason });
    stack.setResource({ ...made, status: 'CREATE_COMPLETE' });
    return true;
  } catch (error) {
    const statusReason = reasonOf(error);
    failures.push({ logicalId, type, reason: statusReason });
    const status = imported ? 'IMPORT_FAILED' : 'CREATE_FAILED';
    const remains =
      asked && error instanceof CreationFailedError
        ? { request: { ...asked, physicalId: error.physicalId } }
        : {};
    stack.setResource({ ...common, ...remains, status, statusReason });
    return false;
  }
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(Object(error).message ?? error);
}
