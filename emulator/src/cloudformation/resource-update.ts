import { among, reversed, visitInOrder } from './dependency-graph';
import { type PropertyDifference, propertyDifferences, sameValue } from './property-changes';
import type { ExistingResourceRequest } from './provider';
import type { ProviderRegistry } from './provider-registry';
import { createResource, type ResourceFailure, reasonOf } from './resource-creation';
import {
  type EvaluatedProperties,
  evaluateProperties,
  type OperationContext,
  resourceRequest,
} from './resource-request';
import { resourceSchema } from './resource-schemas';
import type { Stack, StackResource } from './stack';
import { changedAttributes, existingResource } from './stack-changes';
import type { PlannedResource, StackPlan } from './stack-plan';
import type { StackScope } from './stack-scope';
import type { TemplateObject } from './values';

/** What an update has done so far, for undoing it and for clearing up after it. */
export class UpdateProgress {
  /** What failed of itself. */
  readonly failures: ResourceFailure[] = [];
  /** What has been done to resources that were there, by logical id. */
  readonly touched = new Map<string, TouchedResource>();
  /** Logical ids of resources that are new to the stack. */
  readonly created: string[] = [];
  /** Resources that have been replaced: they are still there. */
  readonly replaced: StackResource[] = [];

  /** This together with an update before it that failed and was not rolled back. */
  after(earlier: UpdateProgress | undefined): UpdateProgress {
    if (!earlier) return this;
    const both = new UpdateProgress();
    both.failures.push(...this.failures);
    both.created.push(...new Set([...earlier.created, ...this.created]));
    both.replaced.push(...earlier.replaced, ...this.replaced);
    for (const [logicalId, first] of earlier.touched) {
      const { before } = first;
      both.touched.set(logicalId, { ...first, ...this.touched.get(logicalId), before });
    }
    for (const [logicalId, touched] of this.touched) {
      const known = both.touched.has(logicalId) || both.created.includes(logicalId);
      if (!known) both.touched.set(logicalId, touched);
    }
    return both;
  }
}

/** A resource that an update has changed, or tried to. */
export interface TouchedResource {
  /** As it was. */
  readonly before: StackResource;
  readonly by: 'attributes' | 'replacement' | 'update';
  /** What its provider was asked for. */
  readonly asked?: ExistingResourceRequest;
}

/** A resource in the middle of its update. */
interface Step {
  readonly stack: Stack;
  readonly planned: PlannedResource;
  readonly existing: StackResource;
  readonly scope: StackScope;
  readonly context: OperationContext;
  readonly progress: UpdateProgress;
}

/**
 * Brings the resources of a stack to what a plan says, as many at a time as their dependencies
 * allow: what is new is created, what differs is updated in place or replaced, and nothing is deleted
 * yet. After the first failure nothing more is started, and what is under way counts as cancelled.
 */
export async function updateResources(
  stack: Stack,
  plan: StackPlan,
  scope: StackScope,
  context: OperationContext,
): Promise<UpdateProgress> {
  const progress = new UpdateProgress();
  await visitInOrder(plan.dependencies, async (logicalId) => {
    const planned = plan.resources.get(logicalId);
    if (!planned) return true;
    const existing = existingResource(stack, logicalId);
    if (existing?.state)
      return updateResource({ stack, planned, existing, scope, context, progress });
    progress.created.push(logicalId);
    return createResource(stack, planned, scope, context, progress.failures);
  });
  return progress;
}

/** Deletes what an update has replaced or no longer has, each after all that needed it. */
export async function deleteLeftovers(
  stack: Stack,
  leftovers: readonly Leftover[],
  dependencies: ReadonlyMap<string, ReadonlySet<string>>,
  providers: ProviderRegistry,
  context: OperationContext,
): Promise<ResourceFailure[]> {
  const failures: ResourceFailure[] = [];
  const names = new Set(leftovers.map(({ resource }) => resource.logicalId));
  await visitInOrder(
    reversed(among(names, dependencies)),
    async (logicalId) => {
      const mine = leftovers.filter(({ resource }) => resource.logicalId === logicalId);
      for (const leftover of mine) {
        const failure = await deleteLeftover(stack, leftover, providers, context);
        if (failure) failures.push(failure);
      }
      return true;
    },
    { continueAfterFailure: true },
  );
  return failures;
}

/** A resource that is no longer part of its stack. */
export interface Leftover {
  readonly resource: StackResource;
  /** Whether its policy keeps it. */
  readonly retained: boolean;
}

async function deleteLeftover(
  stack: Stack,
  { resource, retained }: Leftover,
  providers: ProviderRegistry,
  { caller, clock }: OperationContext,
): Promise<ResourceFailure | undefined> {
  const { logicalId, request, type } = resource;
  if (!request) return undefined;
  if (retained) {
    stack.recordResource({ ...resource, status: 'DELETE_SKIPPED', statusReason: undefined });
    return undefined;
  }
  stack.recordResource({ ...resource, status: 'DELETE_IN_PROGRESS', statusReason: undefined });
  try {
    await clock.work(`delete ${logicalId} (${type})`, async () =>
      providers.of(resource)?.delete({ ...request, caller }),
    );
  } catch (error) {
    const reason = reasonOf(error);
    stack.recordResource({ ...resource, status: 'DELETE_FAILED', statusReason: reason });
    return { logicalId, type, reason };
  }
  stack.recordResource({ ...resource, status: 'DELETE_COMPLETE', statusReason: undefined });
  return undefined;
}

async function updateResource(step: Step): Promise<boolean> {
  const { stack, planned, existing, scope, context, progress } = step;
  const { logicalId, type } = planned.declaration;
  try {
    const given = evaluateProperties(planned, stack, scope);
    const { declared, shown: shownProperties } = given;
    const differences = propertyDifferences(
      resourceSchema(type),
      existing.declared ?? {},
      declared,
    );
    const attributes = changedAttributes(
      type,
      stack.identity.template.resources.get(logicalId),
      planned.declaration,
      !sameValue(existing.request?.stackTags, context.stackTags),
    );
    if (differences.length + attributes.length === 0) {
      if (/_FAILED$/.test(existing.status)) settle(stack, existing);
      return true;
    }
    if (differences.some(({ replacement }) => replacement === 'Always')) {
      progress.touched.set(logicalId, { before: existing, by: 'replacement' });
      return await replace(step, given);
    }
    const changed = { ...existing, shownProperties };
    stack.setResource({ ...changed, status: 'UPDATE_IN_PROGRESS', statusReason: undefined });
    if (differences.length > 0 || attributes.includes('Tags')) {
      return await updateInPlace(step, given, differences);
    }
    progress.touched.set(logicalId, { before: existing, by: 'attributes' });
    stack.setResource({ ...existing, status: 'UPDATE_COMPLETE', statusReason: undefined });
    return true;
  } catch (error) {
    const reason = reasonOf(error);
    progress.failures.push({ logicalId, type, reason });
    if (!progress.touched.has(logicalId)) {
      progress.touched.set(logicalId, { before: existing, by: 'attributes' });
    }
    stack.setResource({ ...existing, status: 'UPDATE_FAILED', statusReason: reason });
    return false;
  }
}

/** A resource that an earlier failure has left as failed, and that is as it should be. */
function settle(stack: Stack, existing: StackResource): void {
  const status = existing.status === 'CREATE_FAILED' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
  stack.setResource({ ...existing, status, statusReason: undefined });
}

async function replace(step: Step, given: EvaluatedProperties): Promise<boolean> {
  const { stack, planned, existing, context, progress } = step;
  const { declared, shown: shownProperties } = given;
  const { logicalId, type } = planned.declaration;
  const changed = { ...existing, shownProperties };
  const because =
    'Requested update requires the creation of a new physical resource; hence creating one.';
  stack.setResource({ ...changed, status: 'UPDATE_IN_PROGRESS', statusReason: because });
  refuseSameName(type, existing.declared, declared);
  const { request, state } = await context.clock.work(
    `replace ${logicalId} (${type})`,
    async () => {
      const request = await resourceRequest(stack, planned, given, context);
      return { request, state: await planned.provider.create(request) };
    },
  );
  progress.replaced.push(existing);
  const made = {
    ...changed,
    level: planned.provider.level,
    state,
    declared,
    request: { ...request, physicalId: state.physicalId },
  };
  const statusReason = 'Resource creation Initiated';
  stack.setResource({ ...made, status: 'UPDATE_IN_PROGRESS', statusReason });
  return finish(stack, made, progress);
}

/**
 * The new resource cannot have the name of the old one, which is still there.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function refuseSameName(
  type: string,
  before: TemplateObject | undefined,
  after: TemplateObject,
): void {
  const [identifier, ...others] = resourceSchema(type)?.ref ?? [];
  if (identifier === undefined || others.length > 0) return;
  const name = after[identifier];
  if (name === undefined || !sameValue(before?.[identifier], name)) return;
  throw new Error(
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(name)} and update the stack again.`,
  );
}

async function updateInPlace(
  step: Step,
  given: EvaluatedProperties,
  differences: readonly PropertyDifference[],
): Promise<boolean> {
  const { stack, planned, existing, context, progress } = step;
  const { declared, shown: shownProperties } = given;
  const { provider, declaration } = planned;
  const { logicalId, type } = declaration;
  const { request: previous, state: before } = existing;
  if (!previous || !before) throw new Error(`${logicalId} has never been created`);
  const { request, state } = await context.clock.work(`update ${logicalId} (${type})`, async () => {
    const request = {
      ...(await resourceRequest(stack, planned, given, context)),
      physicalId: before.physicalId,
      previous: { ...previous, attributes: before.attributes },
    };
    const reasons = provider.unsupportedUpdate?.(previous.properties, request.properties) ?? [];
    if (reasons.length > 0) throw new Error(reasons.join('; '));
    if (provider.update) {
      progress.touched.set(logicalId, { before: existing, by: 'update', asked: request });
      return { request, state: await provider.update(request) };
    }
    progress.touched.set(logicalId, { before: existing, by: 'attributes' });
    if (provider.level === 'recorded') return { request, state: before };
    const names = differences.map(({ name }) => name).join(', ');
    throw new Error(`cdk-decouple-emulator cannot change ${names} of an existing ${type}`);
  });
  if (state.physicalId !== before.physicalId) progress.replaced.push(existing);
  const { previous: _before, ...current } = request;
  const made = {
    ...existing,
    shownProperties,
    level: provider.level,
    state,
    declared,
    request: { ...current, physicalId: state.physicalId },
  };
  return finish(stack, made, progress);
}

function finish(
  stack: Stack,
  made: Omit<StackResource, 'lastUpdated' | 'status'>,
  { failures }: UpdateProgress,
): boolean {
  if (failures.length === 0) {
    stack.setResource({ ...made, status: 'UPDATE_COMPLETE', statusReason: undefined });
    return true;
  }
  const statusReason = 'Resource update cancelled';
  stack.setResource({ ...made, status: 'UPDATE_FAILED', statusReason });
  return false;
}
