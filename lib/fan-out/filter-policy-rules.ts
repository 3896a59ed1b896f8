import { Token } from 'aws-cdk-lib';
import type { AttributeFilterPolicy, BodyFilterPolicy } from './filter-policy';

const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;
const MAX_BYTES = 256 * 1024;
const LARGEST_NUMBER = 1e9;

/**
 * What SNS would refuse in a filter policy when the subscription is made.
 *
 * @param name of the prop, for the messages
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function filterPolicyFailures(
  name: 'filterPolicy' | 'filterPolicyWithMessageBody',
  policy: AttributeFilterPolicy | BodyFilterPolicy,
): string[] {
  if (Token.isUnresolved(policy)) return [];
  const failures: string[] = [];
  const shape = measure(policy, 1, { name, failures, nested: name !== 'filterPolicy', path: [] });
  if (shape.keys.size === 0) failures.push(`${name} must name at least one key`);
  if (shape.keys.size > MAX_KEYS) {
    failures.push(
      `${name} can have at most ${MAX_KEYS} keys, got ${shape.keys.size} (${[...shape.keys].join(', ')}): filter the rest in the consumer`,
    );
  }
  if (shape.combinations > MAX_COMBINATIONS) {
    failures.push(
      `${name} can have at most ${MAX_COMBINATIONS} combinations of values (the numbers of rules of all keys multiplied${name === 'filterPolicy' ? '' : ', each by its level of nesting'}), got ${shape.combinations}`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  if (bytes > MAX_BYTES) failures.push(`${name} can have at most 262,144 bytes, got ${bytes}`);
  return failures;
}

interface Shape {
  readonly keys: ReadonlySet<string>;
  readonly combinations: number;
}

interface Measuring {
  readonly name: string;
  readonly failures: string[];
  readonly nested: boolean;
  readonly path: readonly string[];
}

type Policy = AttributeFilterPolicy | BodyFilterPolicy;

/** @param depth - 1 at the top */
function measure(policy: Policy, depth: number, measuring: Measuring): Shape {
  const keys = new Set<string>();
  let combinations = 1;
  for (const [key, value] of Object.entries(policy)) {
    if (value === undefined) continue;
    const path = [...measuring.path, key];
    const at = `${measuring.name}: '${path.join('.')}'`;
    if (key === '$or') {
      const alternatives = Array.isArray(value) ? value.filter(isPolicy) : [];
      if (alternatives.length < 2 || !Array.isArray(value) || alternatives.length < value.length) {
        measuring.failures.push(`${at} must be a list of at least two policies`);
        continue;
      }
      const shapes = alternatives.map((one) => measure(one, depth, { ...measuring, path }));
      for (const shape of shapes) for (const one of shape.keys) keys.add(one);
      combinations *= shapes.reduce((sum, shape) => sum + shape.combinations, 0);
      continue;
    }
    // Only the outermost keys count.
    keys.add(key);
    if (Array.isArray(value)) {
      if (value.length === 0) measuring.failures.push(`${at} must have at least one rule`);
      for (const rule of value) {
        const failure = ruleFailure(rule);
        if (failure !== undefined) measuring.failures.push(`${at} ${failure}`);
      }
      combinations *= Math.max(1, value.length) * depth;
    } else if (measuring.nested && isPolicy(value)) {
      if (Object.keys(value).length === 0) measuring.failures.push(`${at} must not be empty`);
      combinations *= measure(value, depth + 1, { ...measuring, path }).combinations;
    } else {
      measuring.failures.push(
        `${at} must be a list of rules${measuring.nested ? ' or nested keys' : ': keys are nested in filterPolicyWithMessageBody only'}`,
      );
    }
  }
  return { keys, combinations };
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong with a rule, also one that only a caller without types can write. */
function ruleFailure(rule: unknown): string | undefined {
  if (typeof rule === 'number') return numberFailure(rule);
  if (['string', 'boolean'].includes(typeof rule) || rule === null || Token.isUnresolved(rule)) {
    return undefined;
  }
  if (!isPolicy(rule)) return `has a rule that is none: ${JSON.stringify(rule)}`;
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(rule);
  if (more.length > 0) {
    return `has a rule of several operators (${Object.keys(rule).join(', ')}): make each a rule of its own`;
  }
  if (operator === 'numeric') return comparisonFailure(operand);
  if (operator === 'exists') {
    return typeof operand === 'boolean' ? undefined : 'has exists, which must be true or false';
  }
  return operatorNames.includes(operator)
    ? undefined
    : `has the operator '${operator}', which SNS does not know: it knows ${operatorNames.join(', ')}`;
}

const operatorNames = [
  'prefix',
  'suffix',
  'wildcard',
  'equals-ignore-case',
  'cidr',
  'numeric',
  'anything-but',
  'exists',
];

function comparisonFailure(operand: unknown): string | undefined {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const numbers = parts.filter((part): part is number => typeof part === 'number');
  for (const one of numbers) {
    const failure = numberFailure(one);
    if (failure !== undefined) return failure;
  }
  const [low, high] = numbers;
  if (numbers.length === 2 && low !== undefined && high !== undefined && low >= high) {
    return `has a numeric range without numbers in it: ${JSON.stringify(operand)}`;
  }
  return parts.length === numbers.length * 2 && numbers.length > 0
    ? undefined
    : `has a numeric rule that is none: ${JSON.stringify(operand)}`;
}

function numberFailure(value: number): string | undefined {
  return Math.abs(value) <= LARGEST_NUMBER
    ? undefined
    : `has the number ${value}: SNS compares numbers from -1,000,000,000 to 1,000,000,000`;
}
