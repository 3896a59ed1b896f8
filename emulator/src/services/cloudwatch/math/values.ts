import { validationError } from '../errors';

/** A time series: its values by the number of their period; periods without data are left out. */
export interface TimeSeries {
  readonly kind: 'series';
  readonly values: ReadonlyMap<number, number>;
}

/** What an expression can come to. */
export type MathValue =
  | TimeSeries
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly TimeSeries[] };

/** A series of values. */
export function series(values: Iterable<readonly [number, number]>): TimeSeries {
  return { kind: 'series', values: new Map(values) };
}

export function number(value: number): MathValue {
  return { kind: 'number', value };
}

/**
 * Does something to each value, or pair of values: two series have a result where both have data, and what has
 * no finite result, such as a division by zero, is left out.
 */
export function combine(
  left: MathValue,
  right: MathValue,
  operate: (a: number, b: number) => number,
): MathValue {
  if (left.kind === 'list')
    return {
      kind: 'list',
      items: left.items.map((item) => asSeries(combine(item, right, operate))),
    };
  if (right.kind === 'list')
    return {
      kind: 'list',
      items: right.items.map((item) => asSeries(combine(left, item, operate))),
    };
  if (left.kind === 'text' || right.kind === 'text')
    throw validationError('An expression cannot reckon with text.');
  if (left.kind === 'number' && right.kind === 'number')
    return number(operate(left.value, right.value));
  const result: [number, number][] = [];
  const keys = left.kind === 'series' ? left.values : right.kind === 'series' ? right.values : [];
  for (const [key] of keys) {
    const a = left.kind === 'series' ? left.values.get(key) : left.value;
    const b = right.kind === 'series' ? right.values.get(key) : right.value;
    if (a === undefined || b === undefined) continue;
    const value = operate(a, b);
    if (Number.isFinite(value)) result.push([key, value]);
  }
  return series(result);
}

/** @throws ServiceError for anything else */
export function asSeries(value: MathValue): TimeSeries {
  if (value.kind !== 'series')
    throw validationError('The expression must return a time series, or be given one.');
  return value;
}

/** The series of a list, or the one that there is. */
export function asList(value: MathValue): readonly TimeSeries[] {
  return value.kind === 'list' ? value.items : [asSeries(value)];
}
