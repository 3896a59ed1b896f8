import { invalidParameterValue } from './errors';

/** An attribute of a message. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** Attributes of a message by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** An attribute as a call brings it. */
export interface GivenAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/**
 * Checks the attributes of a message: names of up to 256 characters; types String, String.Array, Number and
 * Binary, with optional labels; no empty values.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export function checkMessageAttributes(
  given: Readonly<Record<string, GivenAttribute>> | undefined,
): MessageAttributes | undefined {
  const entries = Object.entries(given ?? {});
  if (entries.length === 0) return undefined;
  const attributes: Record<string, MessageAttribute> = {};
  for (const [name, attribute] of entries) {
    checkName(name);
    attributes[name] = checkAttribute(name, attribute);
  }
  return attributes;
}

/** Bytes that attributes add to a message's size: names, types and values. */
export function attributesSize(attributes: MessageAttributes | undefined): number {
  let size = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes ?? {})) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    size += BinaryValue?.byteLength ?? Buffer.byteLength(StringValue ?? '');
  }
  return size;
}

/** The form that attributes have inside notifications; binary values in Base64. */
export function attributesInNotification(
  attributes: MessageAttributes,
): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        Type: DataType,
        Value: BinaryValue ? Buffer.from(BinaryValue).toString('base64') : (StringValue ?? ''),
      },
    ]),
  );
}

function checkName(name: string): void {
  if (name.length > 256)
    throw invalidParameterValue('Length of message attribute name must be less than 256 bytes.');
  const stray = /[^A-Za-z0-9_.-]/u.exec(name)?.[0];
  if (stray !== undefined) {
    const code = (stray.codePointAt(0) ?? 0).toString(16).toUpperCase();
    throw invalidParameterValue(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.startsWith('.'))
    throw invalidParameterValue(
      "Invalid message attribute name starting with character '.' was found.",
    );
  if (name.endsWith('.'))
    throw invalidParameterValue(
      "Invalid message attribute name ending with character '.' was found.",
    );
  if (name.includes('..'))
    throw invalidParameterValue("Message attribute name can not have successive '.' character.");
  if (/^(aws|amazon)\./i.test(name))
    throw invalidParameterValue(
      "Message attribute name starting with 'AWS.' or 'Amazon.' is reserved.",
    );
}

function checkAttribute(name: string, attribute: GivenAttribute): MessageAttribute {
  const { DataType, StringValue, BinaryValue } = attribute;
  const [, type] = /^(String|Number|Binary)(?:\..+)?$/.exec(DataType) ?? [];
  if (type === undefined) {
    throw invalidParameterValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const empty = invalidParameterValue(
    `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
  );
  if (StringValue === undefined && BinaryValue === undefined) throw empty;
  const field = type === 'Binary' ? 'Binary' : 'String';
  const value = type === 'Binary' ? BinaryValue : StringValue;
  if (value === undefined) {
    throw invalidParameterValue(
      `The message attribute '${name}' with type '${DataType}' must use field '${field}'.`,
    );
  }
  if (value.length === 0) throw empty;
  if (type === 'Number' && !isNumber(String(value))) {
    throw invalidParameterValue(`Could not cast message attribute '${name}' value to number.`);
  }
  return type === 'Binary' ? { DataType, BinaryValue } : { DataType, StringValue };
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
