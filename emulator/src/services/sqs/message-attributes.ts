import { createHash, type Hash } from 'node:crypto';
import { invalidParameterValue, unsupportedOperation } from './errors';
import type { MessageAttribute, MessageAttributes } from './message';
import { isText, validCharacters } from './message-text';

/** A message attribute as a call brings it. */
export interface GivenAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
  readonly StringListValues?: readonly string[];
  readonly BinaryListValues?: readonly Uint8Array[];
}

const maximumAttributes = 10;

/**
 * Checks the attributes of a message: at most 10, types String, Number and Binary with optional labels,
 * no empty values.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function checkMessageAttributes(
  given: Readonly<Record<string, GivenAttribute>> | undefined,
): MessageAttributes | undefined {
  if (given === undefined) return undefined;
  const names = Object.keys(given);
  if (names.length === 0) return undefined;
  if (names.length > maximumAttributes) {
    throw invalidParameterValue(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${maximumAttributes}].`,
    );
  }
  const attributes: Record<string, MessageAttribute> = {};
  for (const [name, attribute] of Object.entries(given)) {
    checkName(name);
    attributes[name] = checkAttribute('user', name, attribute);
  }
  return attributes;
}

/** Checks the system attributes of a message that is sent: only AWSTraceHeader, a string. */
export function checkSystemAttributes(
  given: Readonly<Record<string, GivenAttribute>> | undefined,
): MessageAttributes | undefined {
  if (given === undefined) return undefined;
  const entries = Object.entries(given);
  if (entries.length === 0) return undefined;
  const attributes: Record<string, MessageAttribute> = {};
  for (const [name, attribute] of entries) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameterValue(
        `Message system attribute name '${name}' is invalid. You must use only the following supported names: AWSTraceHeader.`,
      );
    }
    if (attribute.DataType !== 'String') {
      throw invalidParameterValue(
        `The type of message (system) attribute '${name}' is invalid. You must use only the following supported type prefixes: String.`,
      );
    }
    attributes[name] = checkAttribute('system', name, attribute);
  }
  return attributes;
}

/** Bytes that attributes add to a message's size: names, types and values. */
export function attributesSize(attributes: MessageAttributes | undefined): number {
  if (!attributes) return 0;
  let size = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    size += BinaryValue?.byteLength ?? Buffer.byteLength(StringValue ?? '');
  }
  return size;
}

/**
 * The MD5 digest of attributes, by which SDKs check what arrived.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes | undefined): string | undefined {
  if (!attributes) return undefined;
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    updateWithLength(hash, Buffer.from(name));
    updateWithLength(hash, Buffer.from(attribute.DataType));
    if (attribute.BinaryValue) {
      hash.update(Uint8Array.of(2));
      updateWithLength(hash, attribute.BinaryValue);
    } else {
      hash.update(Uint8Array.of(1));
      updateWithLength(hash, Buffer.from(attribute.StringValue ?? ''));
    }
  }
  return hash.digest('hex');
}

/** The attributes that a receive asks for by name, by `All` or `.*`, or by a prefix such as `order.*`. */
export function selectAttributes(
  attributes: MessageAttributes | undefined,
  wanted: readonly string[] | undefined,
): MessageAttributes | undefined {
  if (!attributes || !wanted || wanted.length === 0) return undefined;
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const selected = Object.entries(attributes).filter(([name]) =>
    wanted.some((pattern) =>
      pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern,
    ),
  );
  return selected.length === 0 ? undefined : Object.fromEntries(selected);
}

function checkName(name: string): void {
  const bad =
    name.length === 0 ||
    name.length > 256 ||
    !/^[A-Za-z0-9_.-]+$/.test(name) ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    name.includes('..') ||
    /^(aws|amazon)\./i.test(name);
  if (bad) {
    throw invalidParameterValue(
      `Message (user) attribute name '${name}' is invalid. It can contain a-z, A-Z, 0-9, underscore, hyphen and period, must not start or end with a period or have periods in succession, must not start with AWS. or Amazon., and can be up to 256 characters long.`,
    );
  }
}

function checkAttribute(
  kind: 'user' | 'system',
  name: string,
  attribute: GivenAttribute,
): MessageAttribute {
  const { DataType, StringValue, BinaryValue } = attribute;
  if (attribute.StringListValues?.length || attribute.BinaryListValues?.length) {
    throw unsupportedOperation(
      'Message attribute list values in SendMessage operation are not supported.',
    );
  }
  const [, type] = /^(String|Number|Binary)(?:\..+)?$/.exec(DataType) ?? [];
  if (!type || DataType.length > 256) {
    throw invalidParameterValue(
      `The type of message (${kind}) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const field = type === 'Binary' ? 'Binary' : 'String';
  const [value, other] =
    type === 'Binary' ? [BinaryValue, StringValue] : [StringValue, BinaryValue];
  if (other !== undefined && other.length > 0) {
    throw invalidParameterValue(
      `The message (${kind}) attribute '${name}' with type '${type}' must use field '${field}'.`,
    );
  }
  if (value === undefined || value.length === 0) {
    throw invalidParameterValue(
      `Message (${kind}) attribute '${name}' must contain a non-empty value of type '${field}'.`,
    );
  }
  if (typeof value === 'string' && !isText(value)) {
    throw invalidParameterValue(
      `Message (${kind}) attribute '${name}' has invalid characters. ${validCharacters}`,
    );
  }
  if (type === 'Number' && !isNumber(String(value))) {
    throw invalidParameterValue(
      `Can't cast the value of message (${kind}) attribute '${name}' to a number.`,
    );
  }
  return type === 'Binary' ? { DataType, BinaryValue } : { DataType, StringValue };
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim());
}

function updateWithLength(hash: Hash, bytes: Uint8Array): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  hash.update(length).update(bytes);
}
