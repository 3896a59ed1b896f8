import type { Caller } from '../iam/caller';
import { propertyDrifts } from './drift-comparison';
import type {
  LiveProperties,
  ResourceProperties,
  ResourceProvider,
  TemplateValue,
} from './provider';
import { reasonOf } from './resource-creation';
import { type ResourceSchema, resourceSchema } from './resource-schemas';
import type { Stack, StackResource } from './stack';
import type { ResourceDrift } from './stack-drift';
import { isObject } from './values';

/** A provider of a type that has drift detection. */
export type ReadableProvider = ResourceProvider & Required<Pick<ResourceProvider, 'read'>>;

/** Whether the type has drift detection. */
export function isReadable(provider: ResourceProvider | undefined): provider is ReadableProvider {
  return provider?.read !== undefined;
}

/** Who asks, and when. */
export interface DriftQuestion {
  readonly caller: Caller;
  /** Where the caller reaches the emulator. */
  readonly origin: string;
  /** Emulated milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Compares a resource with what its template sets.
 *
 * @returns undefined for a resource that was never made.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 */
export async function detectResourceDrift(
  stack: Stack,
  resource: StackResource,
  provider: ReadableProvider,
  { caller, origin, now }: DriftQuestion,
): Promise<ResourceDrift | undefined> {
  const { logicalId, request, type } = resource;
  if (!request) return undefined;
  const { physicalId } = request;
  const common = { logicalId, physicalId, type, checkedAt: now, differences: [] };
  try {
    const siblings = siblingsOf(stack, logicalId);
    const live = await provider.read({ ...request, caller, origin, siblings });
    if (!live) return { ...common, status: 'DELETED' };
    const schema = resourceSchema(type) ?? { ref: [], attributes: [], properties: {} };
    const { tagsProperty = 'Tags', unorderedProperties = [] } = provider;
    const expected = expectedProperties(live, schema, request, tagsProperty);
    const actual = Object.fromEntries(
      Object.keys(expected).flatMap((name) => {
        const value = live[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const unordered = [...unorderedProperties, tagsProperty];
    const differences = propertyDrifts(schema, expected, actual, unordered);
    const status = differences.length > 0 ? 'MODIFIED' : 'IN_SYNC';
    return { ...common, status, expected, actual, differences };
  } catch (error) {
    return { ...common, status: 'UNKNOWN', reason: reasonOf(error) };
  }
}

function siblingsOf(stack: Stack, logicalId: string) {
  return stack
    .resources()
    .flatMap(({ logicalId: other, request, type }) =>
      other === logicalId || !request
        ? []
        : [{ type, physicalId: request.physicalId, properties: request.properties }],
    );
}

/** What the template sets, as far as a service can tell it, with the stack's tags among the resource's own. */
function expectedProperties(
  live: LiveProperties,
  schema: ResourceSchema,
  { properties, stackTags }: { properties: ResourceProperties; stackTags: ResourceProperties },
  tagsProperty: string,
): ResourceProperties {
  const expected: Record<string, TemplateValue> = {};
  for (const [name, value] of Object.entries(properties)) {
    // A key has many names, so CloudFormation compares none: "considerations" on the page above.
    if (name in live && !/^KmsKeyId$/i.test(name)) expected[name] = value;
  }
  const type = schema.properties[tagsProperty];
  if (type === undefined || !(tagsProperty in live) || Object.keys(stackTags).length === 0) {
    return expected;
  }
  // One type has either of two lists.
  const listed = /^\(?\[/.test(type);
  const tags = withStackTags(listed, expected[tagsProperty], stackTags);
  return { ...expected, [tagsProperty]: tags };
}

function withStackTags(
  listed: boolean,
  own: TemplateValue | undefined,
  stackTags: ResourceProperties,
): TemplateValue {
  if (!listed) return { ...stackTags, ...(isObject(own) ? own : {}) };
  const tags: readonly TemplateValue[] = Array.isArray(own) ? own : [];
  const keys = tags.map((tag) => (isObject(tag) ? tag.Key : undefined));
  const inherited = Object.entries(stackTags).filter(([key]) => !keys.includes(key));
  return [...tags, ...inherited.map(([Key, Value]) => ({ Key, Value }))];
}
