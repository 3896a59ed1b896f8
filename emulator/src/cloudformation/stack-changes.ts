import { inOrder } from './dependency-graph';
import { evaluateSome } from './intrinsics';
import type { OtherStacks } from './other-stacks';
import { type PropertyDifference, propertyDifferences, sameValue } from './property-changes';
import type { SupportLevel } from './provider';
import { isCustomResource } from './provider-registry';
import { resourceSchema } from './resource-schemas';
import type { Stack, StackResource } from './stack';
import { withoutEcho } from './stack-outputs';
import type { PlannedResource } from './stack-plan';
import type { PreparedStack } from './stack-preparation';
import { StackScope } from './stack-scope';
import type { ResourceDeclaration } from './template';
import {
  isObject,
  isPartialObject,
  type PartialObject,
  type PartialValue,
  unresolved,
  withoutUnresolved,
} from './values';

/** What besides properties can differ between two versions of a resource. */
export type ChangedAttribute = 'DeletionPolicy' | 'Metadata' | 'Tags' | 'UpdateReplacePolicy';

/** What an update will do with a resource, as far as it is known before. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly level: SupportLevel;
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly physicalId?: string;
  /** Whether a modification makes a new resource; `Conditional` if that hangs on values not known yet. */
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly properties: readonly PropertyDifference[];
  readonly attributes: readonly ChangedAttribute[];
  readonly before?: PartialObject;
  readonly after?: PartialObject;
}

/** What an update will do with a stack. */
export interface StackChanges {
  readonly resources: readonly ResourceChange[];
  /** Whether outputs, the stack's own tags or the topics of its events change. */
  readonly others: boolean;
  /** Changes that the emulator cannot make in place. */
  readonly unsupported: readonly string[];
}

/** Finds out, without doing anything, what updating a stack to a prepared template will do. */
export function stackChanges(
  stack: Stack,
  prepared: PreparedStack,
  tags: Readonly<Record<string, string>>,
  others: OtherStacks,
): StackChanges {
  const changes = new Map<string, ResourceChange>();
  const unsupported: string[] = [];
  const scope = new StackScope(prepared.scopeOptions, {
    reference: (logicalId) => {
      const existing = existingResource(stack, logicalId);
      const isNew = (changes.get(logicalId)?.replacement ?? 'False') !== 'False';
      return existing?.state && !isNew ? existing.state.physicalId : unresolved;
    },
    attribute: (logicalId, name) => knownAttribute(stack, changes.get(logicalId), logicalId, name),
    ...others,
  });
  const tagsChanged = !sameValue(stack.identity.tags, tags);
  for (const logicalId of inOrder(prepared.plan.dependencies)) {
    const planned = prepared.plan.resources.get(logicalId);
    if (!planned) continue;
    const change = resourceChange(stack, planned, scope, tagsChanged);
    if (!change) continue;
    changes.set(logicalId, change);
    unsupported.push(...refusals(planned, change));
  }
  for (const { logicalId, type, level, state } of stack.resources()) {
    if (prepared.plan.resources.has(logicalId) || !existingResource(stack, logicalId)) continue;
    const physicalId = state?.physicalId;
    const common = { logicalId, type, level, physicalId, properties: [], attributes: [] };
    changes.set(logicalId, { ...common, action: 'Remove' });
  }
  return {
    resources: [...changes.values()],
    others:
      tagsChanged ||
      !sameValue(stack.notificationArns, prepared.scopeOptions.notificationArns) ||
      outputsChange(stack, prepared, scope),
    unsupported,
  };
}

/** Whether there is nothing to do. */
export function isEmpty({ others, resources }: StackChanges): boolean {
  return !others && resources.length === 0;
}

/** What differs between two versions of a resource besides its properties. */
export function changedAttributes(
  type: string,
  before: ResourceDeclaration | undefined,
  after: ResourceDeclaration,
  tagsChanged: boolean,
): ChangedAttribute[] {
  const changed: ChangedAttribute[] = [];
  if (before && before.deletionPolicy !== after.deletionPolicy) changed.push('DeletionPolicy');
  if (before && !sameValue(before.metadata, after.metadata)) changed.push('Metadata');
  // CloudFormation hands the stack's tags on to all resources that can have tags.
  if (tagsChanged && 'Tags' in (resourceSchema(type)?.properties ?? {})) changed.push('Tags');
  if (before && before.updateReplacePolicy !== after.updateReplacePolicy) {
    changed.push('UpdateReplacePolicy');
  }
  return changed;
}

/** The resource of that id, unless it never came to be or has gone. */
export function existingResource(stack: Stack, logicalId: string): StackResource | undefined {
  const resource = stack.resource(logicalId);
  if (!resource?.request || /^DELETE_(COMPLETE|SKIPPED)$/.test(resource.status)) return undefined;
  return resource;
}

function resourceChange(
  stack: Stack,
  { declaration, provider }: PlannedResource,
  scope: StackScope,
  tagsChanged: boolean,
): ResourceChange | undefined {
  const { logicalId, type } = declaration;
  const evaluated = evaluateSome(declaration.properties, scope);
  const after = isPartialObject(evaluated) ? evaluated : {};
  const common = { logicalId, type, level: provider.level, after };
  const existing = existingResource(stack, logicalId);
  if (!existing?.state) return { ...common, action: 'Add', properties: [], attributes: [] };
  const before = existing.declared ?? {};
  const properties = propertyDifferences(resourceSchema(type), before, after);
  const attributes = changedAttributes(
    type,
    stack.identity.template.resources.get(logicalId),
    declaration,
    tagsChanged,
  );
  if (properties.length + attributes.length === 0) return undefined;
  return {
    ...common,
    action: 'Modify',
    physicalId: existing.state.physicalId,
    replacement: replacement(properties),
    properties,
    attributes,
    before,
  };
}

function replacement(properties: readonly PropertyDifference[]): ResourceChange['replacement'] {
  const replacing = properties.filter((one) => one.replacement === 'Always');
  if (replacing.length === 0) return 'False';
  return replacing.some(({ certain }) => certain) ? 'True' : 'Conditional';
}

function knownAttribute(
  stack: Stack,
  change: ResourceChange | undefined,
  logicalId: string,
  name: string,
): PartialValue {
  const existing = existingResource(stack, logicalId);
  if (!existing?.state) return unresolved;
  const known = existing.state.attributes[name] ?? unresolved;
  if (!change) return known;
  const own = existing.type === 'AWS::CloudFormation::Stack' || isCustomResource(existing.type);
  const changes =
    own || change.replacement !== 'False' || change.properties.some((one) => one.name === name);
  return changes ? unresolved : known;
}

/** Why an existing resource cannot take its new properties, empty if it can or is replaced anyway. */
function refusals({ declaration, provider }: PlannedResource, change: ResourceChange): string[] {
  if (change.action !== 'Modify' || change.replacement === 'True') return [];
  const tags = change.attributes.includes('Tags') ? ['Tags'] : [];
  const inPlace = change.properties.filter((one) => one.replacement !== 'Always');
  const names = [...inPlace.map(({ name }) => name), ...tags];
  if (names.length === 0) return [];
  const where = `${declaration.logicalId} (${declaration.type})`;
  if (!provider.update) {
    return provider.level === 'recorded'
      ? []
      : [`${where}: changing ${names.join(', ')} of an existing resource`];
  }
  const known = (properties: PartialObject | undefined) => {
    const rest = withoutUnresolved(properties ?? {});
    return isObject(rest) ? rest : {};
  };
  const reasons = provider.unsupportedUpdate?.(known(change.before), known(change.after)) ?? [];
  return reasons.map((reason) => `${where}: ${reason}`);
}

/** Whether any output will be another than now. */
function outputsChange(stack: Stack, { template }: PreparedStack, scope: StackScope): boolean {
  const wanted = template.outputs.filter(
    ({ condition }) => condition === undefined || scope.condition(condition) !== false,
  );
  const shown = withoutEcho(stack, scope);
  if (stack.outputs.length !== wanted.length) return true;
  return wanted.some(({ key, description, exportName, value }) => {
    const now = stack.outputs.find((one) => one.key === key);
    const name = exportName === undefined ? undefined : evaluateSome(exportName, shown);
    const text = evaluateSome(value, shown);
    // What only the update will tell changes together with the resource that it is about.
    const differs = text !== unresolved && !sameValue(now?.value, text);
    return differs || now?.description !== description || !sameValue(now?.exportName, name);
  });
}
