import type { ResourceProperties } from '../provider';

/** Properties that a native handler does not know, one reason each: another version's, or another handler's. */
export function unknownProperties(
  what: string,
  properties: ResourceProperties,
  known: readonly string[],
): string[] {
  return Object.keys(properties)
    .filter((name) => ![...known, 'ServiceToken', 'ServiceTimeout'].includes(name))
    .map((name) => `${what} does not support ${name} (${JSON.stringify(properties[name])})`);
}
