import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SQSRecord } from 'aws-lambda';
import type { AttributePlan, ItemPlan } from '../../mapping/settings';
import type { Rejection } from '../rejection';
import type { Reading } from '../sink-writer';
import { bodyMistake, type SourceValue, sourceValue } from '../source';
import { attributeValueOf } from './attribute-value';

/** An item as PutItem takes it. */
export type ItemValues = Readonly<Record<string, AttributeValue>>;

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The item of one message, or why it has none.
 */
export function itemOf(record: SQSRecord, plan: ItemPlan): Reading<ItemValues> {
  const mistake = bodyMistake(
    record,
    plan.attributes.map(({ source }) => source),
  );
  if (mistake !== undefined) {
    return { rejection: mistake };
  }
  const values: Record<string, AttributeValue> = {};
  for (const attribute of plan.attributes) {
    const value = sourceValue(record, attribute.source);
    if ('rejection' in value) {
      return value;
    }
    const typed = typedValue(value, attribute);
    if (typed === undefined) {
      return { rejection: { reason: 'InvalidValue', message: wrongType(attribute) } };
    }
    if (typed !== 'absent') {
      values[attribute.name] = typed;
    }
  }
  const rejection = requiredRejection(plan, values);
  return rejection === undefined ? { values } : { rejection };
}

/** What tells two messages apart, and which one is newer, has to be in each of them. */
function requiredRejection({ key, version }: ItemPlan, values: ItemValues): Rejection | undefined {
  const missing = (names: readonly string[]): string[] =>
    names.filter((name) => values[name] === undefined || values[name].NULL === true);
  const keys = missing(key);
  if (keys.length > 0) {
    return { reason: 'MissingValue', message: `the key has no value: ${keys.join(', ')}` };
  }
  return missing(version === undefined ? [] : [version]).length === 0
    ? undefined
    : { reason: 'MissingValue', message: `the version has no value: ${version}` };
}

/** @returns undefined if the value is not of the attribute's type */
function typedValue(
  value: Exclude<SourceValue, { readonly rejection: Rejection }>,
  { plusSeconds, type }: AttributePlan,
): AttributeValue | 'absent' | undefined {
  if ('absent' in value) {
    return 'absent';
  }
  if (plusSeconds !== undefined && 'text' in value) {
    return { N: String(Math.floor(Date.parse(value.text) / 1_000) + plusSeconds) };
  }
  const given: AttributeValue = 'text' in value ? { S: value.text } : attributeValueOf(value.json);
  if (type === undefined || given.NULL === true) {
    return given;
  }
  switch (type) {
    case 'S':
      return given.S === undefined ? undefined : given;
    case 'BOOL':
      return given.BOOL === undefined ? undefined : given;
    case 'N': {
      const text = given.N ?? given.S ?? '';
      return NUMBER.test(text) ? { N: text } : undefined;
    }
    case 'B': {
      const text = given.S;
      return text !== undefined && BASE64.test(text)
        ? { B: Buffer.from(text, 'base64') }
        : undefined;
    }
  }
}

const NAMES = {
  S: 'a string',
  N: 'a number',
  BOOL: 'true or false',
  B: 'base64 text',
} as const;

function wrongType({ name, type }: AttributePlan): string {
  return `the value of ${name} is not ${type === undefined ? 'valid' : NAMES[type]}`;
}
