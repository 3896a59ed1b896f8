import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** One mistake that a set of props can contain, as data: when it is one, and what to say then. */
export interface ValidationRule<T> {
  /** True if the props are wrong. Must not be true because of a value that is only known at deployment. */
  readonly fails: (props: T) => boolean;
  /** Names the wrong value, the limit and what to change; lower case, without a full stop. */
  readonly message: (props: T) => string;
}

/**
 * Thrown when a construct's props are wrong: one error for all of its mistakes.
 *
 * Nothing has been added to the scope by then.
 */
export class PropsValidationError extends Error {
  /** The mistakes, in the order of the props they are about. */
  public readonly failures: readonly string[];

  constructor(scope: IConstruct, id: string, construct: string, failures: readonly string[]) {
    const path = [scope.node.path, id].filter((part) => part !== '').join('/');
    super(`${construct} '${path}' cannot be made:\n${failures.map((f) => `  - ${f}`).join('\n')}`);
    this.name = 'PropsValidationError';
    this.failures = failures;
  }
}

/**
 * The messages of all rules that `props` break.
 */
export function failuresOf<T>(props: T, rules: ReadonlyArray<ValidationRule<T>>): string[] {
  return rules.filter((rule) => rule.fails(props)).map((rule) => rule.message(props));
}

/**
 * Throws one {@link PropsValidationError} if there are failures.
 */
export function throwIfAny(
  scope: IConstruct,
  id: string,
  construct: string,
  failures: readonly string[],
): void {
  if (failures.length > 0) {
    throw new PropsValidationError(scope, id, construct, failures);
  }
}

/** True if the value is given and known at synthesis: rules look at no others. */
export function isKnown<V>(value: V | undefined): value is V {
  return value !== undefined && !Token.isUnresolved(value);
}
