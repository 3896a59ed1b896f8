import { invalid } from './errors';

type Step = string | number | '*';

/**
 * A path into an event, of the part of JSONPath that EventBridge has: names behind dots, indices of arrays, and `*`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export class JsonPath {
  private readonly steps: readonly Step[];
  private readonly several: boolean;

  /**
   * @param text - such as `$.detail.items[0].name`
   * @param where - what errors call it
   * @throws ValidationException
   */
  constructor(text: string, where: string) {
    const steps = stepsOf(text);
    if (!steps) throw invalid(`Invalid JSON path in ${where}: ${text}`);
    this.steps = steps;
    this.several = steps.includes('*');
  }

  /** What the path leads to; undefined if there is nothing, a list for a path with `*`. */
  find(document: unknown): unknown {
    let found: unknown[] = [document];
    for (const step of this.steps) found = found.flatMap((value) => childrenOf(value, step));
    if (this.several) return found.length > 0 ? found : undefined;
    return found[0];
  }
}

function stepsOf(text: string): Step[] | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const pattern = /\.([\w\-/@:]+|\*)|\[(\d+|\*)\]|\['([^']+)'\]/y;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const [, name, index, quoted] = match;
    if (index !== undefined && index !== '*') steps.push(Number(index));
    else steps.push(name ?? quoted ?? '*');
  }
  return steps;
}

function childrenOf(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value);
  if (typeof step === 'number') return Array.isArray(value) && step in value ? [value[step]] : [];
  const own = Object.getOwnPropertyDescriptor(value, step);
  return own ? [own.value] : [];
}
