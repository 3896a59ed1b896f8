import { invalid } from '../errors';

/** A compiled filter pattern: whether an event matches. */
export type Matches = (event: unknown) => boolean;

/** One rule of a list: whether a value matches; it is undefined where the event has none. */
type Rule = (value: unknown) => boolean;

/** What is left of a pattern after `JSON.parse`. */
type PatternObject = Readonly<Record<string, unknown>>;

/**
 * Compiles a pattern of Lambda's event filters: exact values, prefix, suffix, anything-but, numeric,
 * exists, equals-ignore-case and `$or`.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 *
 * @throws ServiceError InvalidParameterValueException for anything else
 */
export function compilePattern(pattern: unknown): Matches {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) throw invalidPattern();
  const parts = Object.entries(pattern).map(([key, value]) =>
    key === '$or' ? alternatives(value) : field(key, value),
  );
  return (event) => parts.every((part) => part(event));
}

/** @throws ServiceError if a list of rules, such as `["a", {"prefix": "b"}]`, is none. */
export function compileRules(rules: unknown): Rule {
  if (!Array.isArray(rules) || rules.length === 0) throw invalidPattern();
  const compiled = rules.map(compileRule);
  return (value) =>
    // A list matches if any of its elements does.
    Array.isArray(value) && value.length > 0
      ? value.some((element: unknown) => compiled.some((rule) => rule(element)))
      : compiled.some((rule) => rule(value));
}

/** The answer to a pattern that Lambda does not understand. */
export function invalidPattern() {
  return invalid('Invalid filter pattern definition.');
}

function alternatives(patterns: unknown): Matches {
  if (!Array.isArray(patterns) || patterns.length < 2) throw invalidPattern();
  const compiled = patterns.map(compilePattern);
  return (event) => compiled.some((matches) => matches(event));
}

function field(key: string, value: unknown): Matches {
  if (Array.isArray(value)) {
    const rules = compileRules(value);
    return (event) => rules(isObject(event) ? event[key] : undefined);
  }
  const nested = compilePattern(value);
  return (event) => {
    const inner = isObject(event) ? event[key] : undefined;
    return Array.isArray(inner) ? inner.some(nested) : nested(inner);
  };
}

function compileRule(rule: unknown): Rule {
  if (isScalar(rule)) return (value) => value === rule;
  if (!isObject(rule)) throw invalidPattern();
  const [[name, operand] = [], ...more] = Object.entries(rule);
  if (more.length > 0) throw invalidPattern();
  switch (name) {
    case 'prefix':
      return textRule(operand, (value, prefix) => value.startsWith(prefix));
    case 'suffix':
      return textRule(operand, (value, suffix) => value.endsWith(suffix));
    case 'equals-ignore-case':
      return textRule(operand, (value, text) => value.toLowerCase() === text.toLowerCase());
    case 'exists':
      if (typeof operand !== 'boolean') throw invalidPattern();
      return (value) => (value !== undefined) === operand;
    case 'numeric':
      return numericRule(operand);
    case 'anything-but':
      return exclusion(operand);
    default:
      throw invalidPattern();
  }
}

function textRule(operand: unknown, matches: (value: string, operand: string) => boolean): Rule {
  if (typeof operand !== 'string') throw invalidPattern();
  return (value) => typeof value === 'string' && matches(value, operand);
}

/** `anything-but`: there is a value, and it is none of these. */
function exclusion(operand: unknown): Rule {
  const excluded = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0) throw invalidPattern();
  const rules = excluded.map((item: unknown) => {
    if (isObject(item) && !('prefix' in item || 'suffix' in item || 'equals-ignore-case' in item))
      throw invalidPattern();
    return compileRule(item);
  });
  return (value) => value !== undefined && !rules.some((rule) => rule(value));
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `["=", 5]`, or one or two bounds such as `[">", 0, "<=", 5]`. */
function numericRule(operand: unknown): Rule {
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) throw invalidPattern();
  const tests: ((value: number) => boolean)[] = [];
  for (let i = 0; i < operand.length; i += 2) {
    const [operator, bound]: unknown[] = operand.slice(i, i + 2);
    const compare = comparisons[String(operator)];
    if (!compare || typeof bound !== 'number') throw invalidPattern();
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function isObject(value: unknown): value is PatternObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
