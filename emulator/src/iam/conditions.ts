import type { ConditionContext } from './condition-context';
import { type OperatorUse, operatorUse } from './condition-operators';
import type { ContextMatcher } from './policy-text';

/** Whether a request fulfils a statement's Condition. */
export type Condition = (context: ConditionContext) => boolean;

/**
 * Compiles a Condition: every operator and every key has to hold, of a key's values one.
 *
 * A condition with an operator that IAM does not have never holds; policies that have one are refused when they are put.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function compileCondition(condition: object, variables: boolean): Condition {
  const tests = Object.entries(condition).flatMap(([name, keys]: [string, unknown]) => {
    const use = operatorUse(name);
    return Object.entries(Object(keys)).map(([key, values]): Condition => {
      if (!use) return () => false;
      const wanted = [values].flat().map(String);
      return compileKey(use, key.toLowerCase(), wanted, variables);
    });
  });
  return (context) => tests.every((test) => test(context));
}

function compileKey(
  use: OperatorUse,
  key: string,
  wanted: readonly string[],
  variables: boolean,
): Condition {
  if (use.null) {
    const absent = wanted.some((value) => value.toLowerCase() === 'true');
    return (context) => (context.values(key) === undefined) === absent;
  }
  const matchers = wanted.map((value) => use.compile(value, variables));
  const { ifExists, negated, set } = use;
  return (context) => {
    const values = context.values(key);
    if (values === undefined || values.length === 0)
      return ifExists || set === 'ForAllValues' || (negated && set === undefined);
    const holds = (value: string) => anyMatches(matchers, value, context) !== negated;
    // Without a set operator a list of values counts as one that matches or does not.
    return set === 'ForAllValues' || (set === undefined && negated)
      ? values.every(holds)
      : values.some(holds);
  };
}

function anyMatches(
  matchers: readonly ContextMatcher[],
  value: string,
  context: ConditionContext,
): boolean {
  return matchers.some((matcher) => matcher(value, context));
}
