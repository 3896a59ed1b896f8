import { NotImplementedError } from '../protocol/errors';
import { type EvaluationScope, evaluateSome } from './intrinsics';
import type { TemplateValue } from './provider';
import { templateError, validationError } from './template-errors';
import {
  isList,
  isObject,
  isScalar,
  type PartialValue,
  type TemplateObject,
  unresolved,
} from './values';

type Truth = boolean | typeof unresolved;

/** A template's `Conditions`, each evaluated when first asked for. */
export class Conditions {
  private readonly known = new Map<string, Truth>();
  private readonly open = new Set<string>();

  constructor(private readonly declarations: TemplateObject) {}

  /** Whether a condition holds; unresolved if a parameter that it asks about still is. */
  evaluate(name: string, scope: EvaluationScope): Truth {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const declaration = this.declarations[name];
    if (declaration === undefined) {
      throw validationError(`Template format error: Unresolved condition dependency ${name}`);
    }
    if (this.open.has(name)) {
      throw validationError(
        `Template format error: Circular dependency between conditions: [${[...this.open].join(', ')}]`,
      );
    }
    this.open.add(name);
    const truth = evaluateTest(declaration, scope);
    this.open.delete(name);
    this.known.set(name, truth);
    return truth;
  }
}

/**
 * Evaluates the functions that yield true or false, in `Conditions` and in `Rules`.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html
 */
export function evaluateTest(test: TemplateValue, scope: EvaluationScope): Truth {
  if (typeof test === 'boolean') return test;
  if (!isObject(test))
    throw templateError('every condition must be a function that yields a boolean');
  const [name = '', ...others] = Object.keys(test);
  if (others.length > 0) throw templateError(`every ${name} object must have exactly one member`);
  const argument = test[name] ?? null;
  switch (name) {
    case 'Condition':
      return scope.condition(String(argument));
    case 'Fn::And':
      return combine(operands(name, argument, scope), false);
    case 'Fn::Or':
      return combine(operands(name, argument, scope), true);
    case 'Fn::Not': {
      const [operand = unresolved] = operands(name, argument, scope);
      return operand === unresolved ? unresolved : !operand;
    }
    case 'Fn::Equals': {
      const [left, right] = two(name, argument, scope);
      return left === unresolved || right === unresolved ? unresolved : equal(left, right);
    }
    case 'Fn::Contains': {
      const [list, value] = two(name, argument, scope);
      if (list === unresolved || value === unresolved) return unresolved;
      return members(list).some((member) => equal(member, value));
    }
    case 'Fn::EachMemberEquals': {
      const [list, value] = two(name, argument, scope);
      if (list === unresolved || value === unresolved) return unresolved;
      return members(list).every((member) => equal(member, value));
    }
    case 'Fn::EachMemberIn': {
      const [list, allowed] = two(name, argument, scope);
      if (list === unresolved || allowed === unresolved) return unresolved;
      return members(list).every((member) => members(allowed).some((one) => equal(member, one)));
    }
    case 'Fn::RefAll':
    case 'Fn::ValueOf':
    case 'Fn::ValueOfAll':
      throw new NotImplementedError(`the rule function ${name}`);
    default:
      throw templateError(`unrecognized condition function ${name}`);
  }
}

/** Checks a template's `Rules`. @throws ServiceError with the description of the first assertion that fails. */
export function checkRules(rules: TemplateObject, scope: EvaluationScope): void {
  for (const [name, rule] of Object.entries(rules)) {
    if (!isObject(rule) || !isList<TemplateValue>(rule.Assertions)) {
      throw templateError(`Rule ${name} requires a list of Assertions`);
    }
    if (rule.RuleCondition !== undefined && evaluateTest(rule.RuleCondition, scope) === false) {
      continue;
    }
    for (const assertion of rule.Assertions) {
      if (!isObject(assertion) || assertion.Assert === undefined) {
        throw templateError(`every assertion of rule ${name} requires an Assert`);
      }
      if (evaluateTest(assertion.Assert, scope) === false) {
        const description = assertion.AssertDescription;
        throw validationError(
          `Template error: Rule ${name} failed: ${typeof description === 'string' ? description : 'assertion is false'}`,
        );
      }
    }
  }
}

function operands(name: string, argument: TemplateValue, scope: EvaluationScope): Truth[] {
  const list = isList<TemplateValue>(argument) ? argument : [];
  const [least, most] = name === 'Fn::Not' ? [1, 1] : [2, 10];
  // aws-cdk-lib splits longer lists into nested ones of up to ten.
  if (list.length < Math.min(least, 1) || list.length > most) {
    throw templateError(
      `every ${name} object requires a list of ${least} to ${most} boolean parameters`,
    );
  }
  return list.map((operand) => evaluateTest(operand, scope));
}

/** `decisive` is the value that settles it whatever the others are: false for And, true for Or. */
function combine(truths: readonly Truth[], decisive: boolean): Truth {
  if (truths.includes(decisive)) return decisive;
  return truths.includes(unresolved) ? unresolved : !decisive;
}

function two(
  name: string,
  argument: TemplateValue,
  scope: EvaluationScope,
): [PartialValue, PartialValue] {
  const [left, right, ...rest] = isList<TemplateValue>(argument) ? argument : [];
  if (left === undefined || right === undefined || rest.length > 0) {
    throw templateError(`every ${name} object requires a list of 2 parameters`);
  }
  return [evaluateSome(left, scope), evaluateSome(right, scope)];
}

function members(value: PartialValue): readonly PartialValue[] {
  return isList<PartialValue>(value) ? value : [value];
}

/** CloudFormation compares as text: true and "true" are equal. */
function equal(left: PartialValue, right: PartialValue): boolean {
  if (isScalar(left) && isScalar(right)) return String(left) === String(right);
  return JSON.stringify(left) === JSON.stringify(right);
}
