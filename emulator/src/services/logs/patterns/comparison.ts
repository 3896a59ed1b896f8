import { invalidPattern } from './pattern-errors';
import { compileRegex, isRegex, type Regexes } from './regular-expression';

/** A condition on one value of a message. */
export type ValueTest = (value: unknown) => boolean;

/** The number that a value is, if it is one to patterns of its kind. */
export type NumberOf = (value: unknown) => number | undefined;

/**
 * Compiles a comparison of values with an operand: a word or quoted text, at whose ends `*` stands for anything, a number, or a
 * regular expression. What is neither text, number nor flag satisfies none, also not `!=`.
 *
 * @throws ServiceError InvalidParameterException
 */
export function comparison(
  operator: string,
  operand: string,
  numberOf: NumberOf,
  regexes: Regexes,
): ValueTest {
  if (operator === '=' || operator === '!=') {
    const equals = isRegex(operand) ? regexEquality(operand, regexes) : equality(operand, numberOf);
    return (value) => isScalar(value) && equals(value) === (operator === '=');
  }
  return order(operator, operand, numberOf);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function regexEquality(operand: string, regexes: Regexes): ValueTest {
  const regex = compileRegex(operand, regexes);
  return (value) => regex.test(String(value));
}

function equality(operand: string, numberOf: NumberOf): ValueTest {
  const text = operand.startsWith('"') ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  const matches = wildcardTest(text);
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return (value) => matches(String(value)) || numberOf(value) === number;
}

/** A star stands for anything at the ends of a text, and for itself within. */
function wildcardTest(text: string): (value: string) => boolean {
  const fromStart = text.startsWith('*');
  const toEnd = text.length > 1 && text.endsWith('*');
  const core = text.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  if (fromStart && toEnd) return (value) => value.includes(core);
  if (fromStart) return (value) => value.endsWith(core);
  if (toEnd) return (value) => value.startsWith(core);
  return (value) => value === core;
}

function order(operator: string, operand: string, numberOf: NumberOf): ValueTest {
  const bound = Number(operand);
  if (operand.trim() === '' || Number.isNaN(bound)) throw invalidPattern();
  const compare = {
    '<': (value: number) => value < bound,
    '<=': (value: number) => value <= bound,
    '>': (value: number) => value > bound,
    '>=': (value: number) => value >= bound,
  }[operator];
  if (!compare) throw invalidPattern();
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && compare(number);
  };
}
