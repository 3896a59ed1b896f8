import { belongTogether, type EventFields, type FieldValue, type Scalar } from './event-fields';
import type { ValueTest } from './value-tests';

/** What a pattern's list asks of the values at a path: any of it is enough. */
export interface Rules {
  /** Whether it is enough that there is no value. */
  readonly absent: boolean;
  readonly exact: ReadonlySet<Scalar>;
  readonly tests: readonly ValueTest[];
}

/** The rules for one path. */
export interface FieldRules {
  readonly path: string;
  readonly rules: Rules;
}

/**
 * A compiled pattern: alternatives of which one must hold with all its fields.
 *
 * Fields that are reached through arrays must be met in the same elements, so that
 * `{"item": {"type": ["a"], "count": [1]}}` does not take the type of one element and the count of another.
 */
export class Pattern {
  constructor(private readonly alternatives: readonly (readonly FieldRules[])[]) {}

  /** Whether an event is what the pattern asks for. */
  matches(fields: EventFields): boolean {
    return this.alternatives.some((alternative) => holds(alternative, fields));
  }
}

function holds(alternative: readonly FieldRules[], fields: EventFields): boolean {
  const candidates: (readonly FieldValue[])[] = [];
  for (const { path, rules } of alternative) {
    const values = fields.get(path);
    if (!values) {
      if (!rules.absent) return false;
      continue;
    }
    const passing = values.filter(({ value }) => passes(rules, value));
    if (passing.length === 0) return false;
    // A value outside arrays goes with everything.
    if (passing.every(({ place }) => place !== undefined)) candidates.push(passing);
  }
  return candidates.length < 2 || fitTogether(candidates, 0, []);
}

function passes({ exact, tests }: Rules, value: Scalar): boolean {
  return exact.has(value) || tests.some((test) => test(value));
}

/** Looks for one value of each list so that all of them belong together. */
function fitTogether(
  candidates: readonly (readonly FieldValue[])[],
  position: number,
  chosen: FieldValue[],
): boolean {
  const values = candidates[position];
  if (!values) return true;
  return values.some((value) => {
    if (!chosen.every((other) => belongTogether(other.place, value.place))) return false;
    chosen.push(value);
    const fits = fitTogether(candidates, position + 1, chosen);
    chosen.pop();
    return fits;
  });
}
