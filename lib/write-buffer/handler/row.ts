import type { SQSRecord } from 'aws-lambda';
import type { ValueSource, WritePlan } from '../mapping/settings';
import { jsonTextAt } from './json-text';
import type { Rejection } from './rejection';

/** Values in the order of their sources, as PostgreSQL's text format; null for NULL. */
export type RowValues = ReadonlyArray<string | null>;

/**
 * The values of one message, or why it has none.
 */
export function rowOf(
  record: SQSRecord,
  sources: readonly ValueSource[],
): { readonly values: RowValues } | { readonly rejection: Rejection } {
  if (sources.some(({ kind }) => kind === 'path' || kind === 'body')) {
    const mistake = jsonMistake(record.body);
    if (mistake !== undefined) {
      return { rejection: { reason: 'InvalidJson', message: mistake } };
    }
  }
  const values: Array<string | null> = [];
  for (const source of sources) {
    const value = sourceValue(record, source);
    if (value === undefined && source.kind === 'messageAttribute') {
      const message = `the message attribute ${source.name} is binary`;
      return { rejection: { reason: 'InvalidValue', message } };
    }
    if (value === undefined) {
      const message = `the body has no value at ${describePath(source)}`;
      return { rejection: { reason: 'MissingValue', message } };
    }
    values.push(value);
  }
  return { values };
}

/**
 * Why the values cannot be told from those of another delivery: the conflict key is NULL, which PostgreSQL takes for
 * unequal to any other, so that the row would be written twice.
 */
export function keyRejection(plan: WritePlan, values: RowValues): Rejection | undefined {
  if (plan.kind !== 'table') {
    return undefined;
  }
  const missing = plan.columns.flatMap(({ name }, index) =>
    plan.conflictKey.includes(name) && values[index] === null ? [name] : [],
  );
  return missing.length === 0
    ? undefined
    : { reason: 'MissingValue', message: `the conflict key has no value: ${missing.join(', ')}` };
}

function sourceValue(record: SQSRecord, source: ValueSource): string | null | undefined {
  switch (source.kind) {
    case 'path': {
      const text = jsonTextAt(record.body, source.path);
      return text === undefined && source.optional === true ? null : columnText(text);
    }
    case 'body':
      return record.body;
    case 'messageId':
      return record.messageId;
    case 'sentTimestamp':
      return new Date(Number(record.attributes.SentTimestamp)).toISOString();
    case 'messageAttribute':
      return Object.hasOwn(record.messageAttributes, source.name)
        ? record.messageAttributes[source.name]?.stringValue
        : null;
  }
}

/** Strings without their quotes, null as NULL; numbers, booleans, objects and arrays as they are written. */
function columnText(json: string | undefined): string | null | undefined {
  if (json === undefined || json === 'null') {
    return json === undefined ? undefined : null;
  }
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function jsonMistake(body: string): string | undefined {
  try {
    JSON.parse(body);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function describePath(source: ValueSource): string {
  return source.kind === 'path'
    ? source.path.reduce<string>(
        (path, step) =>
          typeof step === 'number'
            ? `${path}[${step}]`
            : `${path}${/^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step}']`}`,
        '$',
      )
    : source.kind;
}
