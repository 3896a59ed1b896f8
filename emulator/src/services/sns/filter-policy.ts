import {
  type EventFields,
  type FieldValue,
  fieldsOf,
  isScalar,
  type Pattern,
  type PatternDialect,
  PatternError,
  parsePattern,
} from '../../filters';
import { invalidParameter } from './errors';
import type { MessageContent } from './message';

/** What a filter policy looks at. */
export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** Why a message was filtered out, as the metrics tell it apart. */
export type FilteredOut =
  | 'InvalidAttributes'
  | 'InvalidMessageBody'
  | 'MessageAttributes'
  | 'MessageBody'
  | 'NoMessageAttributes';

const maximumKeys = 5;
const maximumBytes = 262_144;

const dialect: PatternDialect = {
  matchTypes: new Set([
    'anything-but',
    'cidr',
    'equals-ignore-case',
    'exists',
    'numeric',
    'prefix',
    'suffix',
    'wildcard',
  ]),
  maximumCombinations: 150,
};

/** Reads a FilterPolicyScope. @throws InvalidParameter */
export function parseScope(text: string): FilterPolicyScope {
  if (text === 'MessageAttributes' || text === 'MessageBody') return text;
  throw invalidParameter(
    `FilterPolicyScope: Invalid value [${text}]. Please use either MessageBody or MessageAttributes`,
  );
}

/**
 * Compiles a filter policy: at most 5 keys, 150 combinations of values and 256 KB; objects inside objects
 * for the body only.
 *
 * @returns undefined for a policy without keys, which takes every message
 * @throws InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function compileFilterPolicy(text: string, scope: FilterPolicyScope): Pattern | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalidParameter('FilterPolicy: failed to parse JSON.');
  }
  if (Buffer.byteLength(text) > maximumBytes)
    throw invalidParameter('FilterPolicy: Filter policy is too long');
  if (isEmptyObject(document)) return undefined;
  try {
    const { pattern, keys, nested } = parsePattern(text, dialect);
    if (keys > maximumKeys)
      throw invalidParameter(
        `FilterPolicy: Filter policy can not have more than ${maximumKeys} keys`,
      );
    if (nested && scope === 'MessageAttributes')
      throw invalidParameter(
        'Filter policy scope MessageAttributes does not support nested filter policy',
      );
    return pattern;
  } catch (error) {
    if (error instanceof PatternError) throw invalidParameter(`FilterPolicy: ${error.message}`);
    throw error;
  }
}

/** A message as filter policies see it, taken apart once for all of its topic's subscriptions. */
export class FilterableMessage {
  private attributes: EventFields | 'invalid' | undefined;
  private body: EventFields | 'invalid' | undefined;

  constructor(private readonly message: MessageContent) {}

  /** Why the policy does not take the message; undefined if it does. */
  filteredOut(pattern: Pattern, scope: FilterPolicyScope): FilteredOut | undefined {
    if (scope === 'MessageBody') {
      this.body ??= bodyFields(this.message.text);
      if (this.body === 'invalid') return 'InvalidMessageBody';
      return pattern.matches(this.body) ? undefined : 'MessageBody';
    }
    this.attributes ??= attributeFields(this.message);
    if (this.attributes === 'invalid') return 'InvalidAttributes';
    if (pattern.matches(this.attributes)) return undefined;
    return this.message.attributes ? 'MessageAttributes' : 'NoMessageAttributes';
  }
}

function bodyFields(text: string): EventFields | 'invalid' {
  try {
    const document: unknown = JSON.parse(text);
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    return isObject ? fieldsOf(document) : 'invalid';
  } catch {
    return 'invalid';
  }
}

/** Strings, numbers, and lists in attributes of type `String.Array`; binary ones are ignored. */
function attributeFields({ attributes }: MessageContent): EventFields | 'invalid' {
  const fields = new Map<string, FieldValue[]>();
  for (const [name, { DataType, StringValue }] of Object.entries(attributes ?? {})) {
    if (StringValue === undefined) continue;
    if (DataType === 'String.Array') {
      const values = listOf(StringValue);
      if (!values) return 'invalid';
      if (values.length > 0) fields.set(name, values);
    } else {
      const value = DataType.startsWith('Number') ? Number(StringValue) : StringValue;
      fields.set(name, [{ value }]);
    }
  }
  return fields;
}

function listOf(text: string): FieldValue[] | undefined {
  try {
    const values: unknown = JSON.parse(text);
    if (!Array.isArray(values) || !values.every(isScalar)) return undefined;
    return values.map((value) => ({ value }));
  } catch {
    return undefined;
  }
}

function isEmptyObject(document: unknown): boolean {
  return (
    typeof document === 'object' &&
    document !== null &&
    !Array.isArray(document) &&
    Object.keys(document).length === 0
  );
}
