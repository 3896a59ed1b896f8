import { BlockList, isIP } from 'node:net';
import { arnMatcher, patternMatcher } from './patterns';
import { type ContextMatcher, type TextReading, textMatcher } from './policy-text';

/** An operator without the words around it, such as `StringEquals`. */
interface Operator {
  /** `StringNotEquals` is the negation of `StringEquals`: no value of the policy may match. */
  readonly negated: boolean;
  /** Compiles a value of the policy. */
  compile(value: string, variables: boolean): ContextMatcher;
}

/** An operator as a policy writes it, such as `ForAllValues:StringLikeIfExists`. */
export interface OperatorUse extends Operator {
  /** `Null` asks for the key alone. */
  readonly null: boolean;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators = new Map<string, Operator>([
  ...both('StringEquals', 'StringNotEquals', text(false)),
  ...both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', ignoringCase),
  ...both('StringLike', 'StringNotLike', text(true)),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN:
  // both take wildcards.
  ...both('ArnEquals', 'ArnNotEquals', arn),
  ...both('ArnLike', 'ArnNotLike', arn),
  ...both(
    'NumericEquals',
    'NumericNotEquals',
    compared(Number, (a, b) => a === b),
  ),
  ...one(
    'NumericLessThan',
    compared(Number, (a, b) => a < b),
  ),
  ...one(
    'NumericLessThanEquals',
    compared(Number, (a, b) => a <= b),
  ),
  ...one(
    'NumericGreaterThan',
    compared(Number, (a, b) => a > b),
  ),
  ...one(
    'NumericGreaterThanEquals',
    compared(Number, (a, b) => a >= b),
  ),
  ...both(
    'DateEquals',
    'DateNotEquals',
    compared(date, (a, b) => a === b),
  ),
  ...one(
    'DateLessThan',
    compared(date, (a, b) => a < b),
  ),
  ...one(
    'DateLessThanEquals',
    compared(date, (a, b) => a <= b),
  ),
  ...one(
    'DateGreaterThan',
    compared(date, (a, b) => a > b),
  ),
  ...one(
    'DateGreaterThanEquals',
    compared(date, (a, b) => a >= b),
  ),
  ...one('Bool', ignoringCase),
  ...one('BinaryEquals', text(false)),
  ...both('IpAddress', 'NotIpAddress', address),
  ...one('Null', ignoringCase),
]);

/** The operator of that name; undefined if IAM has none. */
export function operatorUse(name: string): OperatorUse | undefined {
  const [, set, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = operators.get(base);
  const isNull = base === 'Null';
  if (!operator || (isNull && ifExists !== undefined)) return undefined;
  return {
    negated: operator.negated,
    compile: operator.compile,
    null: isNull,
    set: set === 'ForAllValues' || set === 'ForAnyValue' ? set : undefined,
    ifExists: ifExists !== undefined,
  };
}

type Compile = Operator['compile'];

function one(name: string, compile: Compile): [string, Operator][] {
  return [[name, { negated: false, compile }]];
}

function both(name: string, negation: string, compile: Compile): [string, Operator][] {
  return [...one(name, compile), [negation, { negated: true, compile }]];
}

function text(wildcards: boolean): Compile {
  return (value, variables) =>
    textMatcher(value, { variables, wildcards, matcher: patternMatcher });
}

function arn(value: string, variables: boolean): ContextMatcher {
  return textMatcher(value, { variables, wildcards: true, matcher: arnMatcher });
}

function ignoringCase(value: string, variables: boolean): ContextMatcher {
  const matcher: TextReading['matcher'] = (pattern) => {
    const lower = pattern.toLowerCase();
    return (given) => given.toLowerCase() === lower;
  };
  return textMatcher(value, { variables, wildcards: false, matcher });
}

function compared(
  read: (text: string) => number,
  compare: (given: number, wanted: number) => boolean,
): Compile {
  return (value) => {
    const wanted = read(value);
    return (given) => compare(read(given), wanted);
  };
}

/** ISO 8601, or seconds since the epoch. */
function date(value: string): number {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

function address(value: string): ContextMatcher {
  const [network = '', length] = value.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  if (isIP(network) === 0) return () => false;
  list.addSubnet(
    network,
    length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length),
    family,
  );
  return (given) => isIP(given) !== 0 && list.check(given, isIP(given) === 6 ? 'ipv6' : 'ipv4');
}
