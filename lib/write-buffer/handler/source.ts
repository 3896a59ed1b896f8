import type { SQSRecord } from 'aws-lambda';
import { jsonTextAt } from '../../json/json-text';
import type { ValueSource } from '../mapping/settings';
import type { Rejection } from './rejection';

/** What a message has where a value comes from. */
export type SourceValue =
  /** A JSON value, as it is written in the body. */
  | { readonly json: string }
  /** Text that is not JSON, or not to be read as such. */
  | { readonly text: string }
  /** Nothing, which is as well. */
  | { readonly absent: true }
  /** Nothing that could be written. */
  | { readonly rejection: Rejection };

/**
 * Why the body cannot be read, if one of the sources needs it as JSON.
 */
export function bodyMistake(
  record: SQSRecord,
  sources: readonly ValueSource[],
): Rejection | undefined {
  if (!sources.some(({ kind }) => kind === 'path' || kind === 'body')) {
    return undefined;
  }
  try {
    JSON.parse(record.body);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { reason: 'InvalidJson', message };
  }
}

/**
 * The value of a source; the body must be JSON where it is read.
 */
export function sourceValue(record: SQSRecord, source: ValueSource): SourceValue {
  switch (source.kind) {
    case 'path': {
      const json = jsonTextAt(record.body, source.path);
      if (json !== undefined) {
        return { json };
      }
      return source.optional === true
        ? { absent: true }
        : {
            rejection: {
              reason: 'MissingValue',
              message: `the body has no value at ${path(source)}`,
            },
          };
    }
    case 'body':
      return { text: record.body };
    case 'messageId':
      return { text: record.messageId };
    case 'sentTimestamp':
      return { text: new Date(Number(record.attributes.SentTimestamp)).toISOString() };
    case 'messageAttribute':
      return attributeValue(record, source.name);
  }
}

function attributeValue(record: SQSRecord, name: string): SourceValue {
  if (!Object.hasOwn(record.messageAttributes, name)) {
    return { absent: true };
  }
  const text = record.messageAttributes[name]?.stringValue;
  return text === undefined
    ? { rejection: { reason: 'InvalidValue', message: `the message attribute ${name} is binary` } }
    : { text };
}

function path(source: Extract<ValueSource, { kind: 'path' }>): string {
  return source.path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : `${text}${/^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step}']`}`,
    '$',
  );
}
