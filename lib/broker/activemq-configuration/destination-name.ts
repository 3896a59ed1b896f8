import type { ValidationRule } from '../../validation';

/** A queue, or a topic, or several by a pattern, as attributes name them. */
export interface NamedDestination {
  /** Whether it is a queue. */
  readonly kind: 'queue' | 'topic';
  /**
   * Its name. In patterns `.` separates the parts, `*` is any one part and `>` all parts from there on: `orders.>`, `>`.
   *
   * @see https://activemq.apache.org/components/classic/documentation/wildcards
   */
  readonly name: string;
}

/** A name has no room for white space, or for the signs of lists, options and patterns but as whole parts. */
export function isDestinationPattern(name: string): boolean {
  const parts = name.split('.');
  return parts.every(
    (part, index) =>
      part === '*' || (part === '>' && index === parts.length - 1) || /^[^\s,?*>]+$/.test(part),
  );
}

/** Whether it is the name of one destination. */
export function isDestinationName(name: string): boolean {
  return isDestinationPattern(name) && !/[*>]/.test(name);
}

/** What is wrong with a pattern. */
export function patternRule<T>(what: string, get: (options: T) => string): ValidationRule<T> {
  return {
    fails: (options) => !isDestinationPattern(get(options)),
    message: (options) =>
      `${what} must be a name or a pattern such as orders.>, with * and > as whole parts, got '${get(options)}'`,
  };
}
