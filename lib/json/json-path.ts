/** Steps into a JSON value: names of members, positions in arrays. */
export type JsonPath = ReadonlyArray<string | number>;

const STEP = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/y;

/**
 * Reads a path such as `$.customer.id`, `$.lines[0].sku` or `$['unit price']`.
 *
 * Wildcards, slices and filters of JSONPath are not paths to one value and are refused.
 *
 * @returns undefined if it is not such a path
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) {
    return undefined;
  }
  const steps: Array<string | number> = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (match === null) {
      return undefined;
    }
    const [, name, position, quoted] = match;
    if (position !== undefined) {
      steps.push(Number(position));
    } else {
      steps.push(name ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
    }
  }
  return steps;
}

/** The path of a member of the body, whatever characters are in its name. */
export function memberPath(name: string): string {
  return `$['${name.replace(/['\\]/g, '\\$&')}']`;
}
