import type { ResourceProperties } from '../cloudformation/provider';
import { NotImplementedError } from '../protocol/errors';

/**
 * Refuses every member of an operation's input that the operation does not honour, so that nothing
 * is ignored silently: also what a later version of the SDK adds.
 *
 * @throws NotImplementedError naming the first member that is given and not accepted.
 */
export function acceptOnly<T extends object>(
  operation: string,
  input: T,
  accepted: ReadonlyArray<keyof T & string>,
): void {
  const names: readonly string[] = accepted;
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !names.includes(name))
      throw new NotImplementedError(`parameter ${name} of ${operation}`);
  }
}

/** What a provider's `unsupported` answers for properties that it does not honour, one reason each. */
export function unsupportedProperties(
  type: string,
  properties: ResourceProperties,
  supported: readonly string[],
): string[] {
  return Object.entries(properties)
    .filter(([name, value]) => value !== null && !supported.includes(name))
    .map(([name, value]) => `${type} does not support ${name} (${JSON.stringify(value)})`);
}
