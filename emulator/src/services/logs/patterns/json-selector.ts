import { invalidPattern } from './pattern-errors';

type Step = string | { readonly any: true };

const any: Step = { any: true };

/** A way into JSON documents, such as `$.users[0].name`, `$.items[*]`, `$.*` or `$.['a.b']`. */
export class JsonSelector {
  private readonly steps: readonly Step[];

  /** @throws ServiceError InvalidParameterException for what is no selector, or has more than one wildcard */
  constructor(text: string) {
    if (!/^\$(?:\.?\['[^']*'\]|\.[A-Za-z0-9_-]+|\.\*|\[(?:\d+|\*)\])+$/.test(text))
      throw invalidPattern();
    const found = text.matchAll(/\['([^']*)'\]|\[(\d+)\]|\.([A-Za-z0-9_-]+)|\.\*|\[\*\]/g);
    this.steps = [...found].map(([, quoted, index, name]) => quoted ?? index ?? name ?? any);
    if (this.wildcards > 1) throw invalidPattern();
  }

  get wildcards(): number {
    return this.steps.filter((step) => step === any).length;
  }

  /** What it leads to; nothing if there is no such member. */
  select(document: unknown): unknown[] {
    let values: unknown[] = [document];
    for (const step of this.steps) values = values.flatMap((value) => into(value, step));
    return values;
  }
}

function into(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof step !== 'string') return Object.values(value);
  return Object.hasOwn(value, step) ? [Reflect.get(value, step)] : [];
}
