import type { SQSRecord } from 'aws-lambda';
import type { ValueSource, WritePlan } from '../../mapping/settings';
import type { Rejection } from '../rejection';
import type { Reading } from '../sink-writer';
import { bodyMistake, sourceValue } from '../source';

/** Values in the order of their sources, as PostgreSQL's text format; null for NULL. */
export type RowValues = ReadonlyArray<string | null>;

/**
 * The values of one message, or why it has none.
 */
export function rowOf(record: SQSRecord, sources: readonly ValueSource[]): Reading<RowValues> {
  const mistake = bodyMistake(record, sources);
  if (mistake !== undefined) {
    return { rejection: mistake };
  }
  const values: Array<string | null> = [];
  for (const source of sources) {
    const value = sourceValue(record, source);
    if ('rejection' in value) {
      return value;
    }
    values.push('absent' in value ? null : 'text' in value ? value.text : columnText(value.json));
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

/** Strings without their quotes, null as NULL; numbers, booleans, objects and arrays as they are written. */
function columnText(json: string): string | null {
  if (json === 'null') {
    return null;
  }
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
