import { validationError } from '../errors';
import type { Expression, FunctionName } from './expression';
import {
  asList,
  asSeries,
  combine,
  type MathValue,
  number,
  series,
  type TimeSeries,
} from './values';

/** What an expression may refer to. */
export interface MathScope {
  /** The result of the query of that id. @throws ServiceError if there is none */
  value(id: string): MathValue;
  /** The metrics among the queries, by id; not the results of expressions. */
  metrics(): ReadonlyMap<string, TimeSeries>;
  /** Seconds: length of the periods. */
  readonly period: number;
  /** How many periods are looked at. */
  readonly periods: number;
}

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

/**
 * Reckons an expression.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluate(expression: Expression, scope: MathScope): MathValue {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return expression;
    case 'reference':
      return scope.value(expression.id);
    case 'list':
      return {
        kind: 'list',
        items: expression.items.flatMap((item) => asList(evaluate(item, scope))),
      };
    case 'negation':
      return combine(number(0), evaluate(expression.operand, scope), (a, b) => a - b);
    case 'binary': {
      const operate = operators[expression.operator];
      if (!operate) throw validationError(`Unsupported operator ${expression.operator}`);
      return combine(evaluate(expression.left, scope), evaluate(expression.right, scope), operate);
    }
    case 'call':
      return call(expression.name, expression.args, scope);
  }
}

function call(name: FunctionName, args: readonly Expression[], scope: MathScope): MathValue {
  const [first, second, third] = args.map((arg, i) =>
    // REPEAT and LINEAR are words, not ids.
    name === 'FILL' && i === 1 && arg.kind === 'reference' && /^(?:REPEAT|LINEAR)$/.test(arg.id)
      ? ({ kind: 'text', value: arg.id } as const)
      : evaluate(arg, scope),
  );
  if (name === 'METRICS') return metrics(first, scope);
  if (!first) throw validationError(`The function ${name} needs an argument.`);
  switch (name) {
    case 'SUM':
      return aggregate(first, (values) => values.reduce((sum, value) => sum + value, 0));
    case 'AVG':
      return aggregate(
        first,
        (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
      );
    case 'MIN':
      return aggregate(first, (values) => Math.min(...values));
    case 'MAX':
      return aggregate(first, (values) => Math.max(...values));
    case 'PERIOD':
      asList(first);
      return number(scope.period);
    case 'RATE':
      return each(first, (one) => rate(one, scope.period));
    case 'FILL':
      return each(first, (one) => fill(one, second, scope.periods));
    case 'IF':
      return choose(first, second, third);
  }
}

/** Of one series a number, of several a series. */
function aggregate(value: MathValue, reckon: (values: number[]) => number): MathValue {
  if (value.kind === 'series') {
    const values = [...value.values.values()];
    return values.length === 0 ? value : number(reckon(values));
  }
  const all = asList(value);
  const keys = new Set(all.flatMap(({ values }) => [...values.keys()]));
  return series(
    [...keys].map((key) => [key, reckon(all.flatMap(({ values }) => values.get(key) ?? []))]),
  );
}

function metrics(filter: MathValue | undefined, scope: MathScope): MathValue {
  if (filter && filter.kind !== 'text')
    throw validationError('The argument of METRICS must be a string.');
  const wanted = [...scope.metrics()].filter(([id]) => id.includes(filter?.value ?? ''));
  return { kind: 'list', items: wanted.map(([, one]) => one) };
}

function rate({ values }: TimeSeries, period: number): TimeSeries {
  const sorted = [...values].sort(([a], [b]) => a - b);
  return series(
    sorted.slice(1).map(([key, value], i) => {
      const [before, last] = sorted[i] ?? [key, value];
      return [key, (value - last) / ((key - before) * period)];
    }),
  );
}

function fill(one: TimeSeries, filler: MathValue | undefined, periods: number): TimeSeries {
  const { values } = one;
  const filled: [number, number][] = [];
  let last: number | undefined;
  for (let key = 0; key < periods; key += 1) {
    const there = values.get(key);
    const value = there ?? fillerAt(key, filler, one, last, periods);
    if (there !== undefined) last = key;
    if (value !== undefined) filled.push([key, value]);
  }
  return series(filled);
}

function fillerAt(
  key: number,
  filler: MathValue | undefined,
  { values }: TimeSeries,
  last: number | undefined,
  periods: number,
): number | undefined {
  if (filler?.kind === 'number') return filler.value;
  if (filler?.kind === 'series') return filler.values.get(key);
  if (filler?.kind !== 'text')
    throw validationError('FILL needs a number, a series, REPEAT or LINEAR.');
  const before = last === undefined ? undefined : values.get(last);
  if (filler.value === 'REPEAT' || last === undefined || before === undefined) return before;
  for (let next = key + 1; next < periods; next += 1) {
    const after = values.get(next);
    if (after !== undefined) return before + ((after - before) * (key - last)) / (next - last);
  }
  return before;
}

function choose(
  condition: MathValue,
  yes: MathValue | undefined,
  no: MathValue | undefined,
): MathValue {
  if (condition.kind === 'number') {
    const chosen = condition.value === 0 ? no : yes;
    return chosen ?? series([]);
  }
  const result: [number, number][] = [];
  for (const [key, holds] of asSeries(condition).values) {
    const chosen = holds === 0 ? no : yes;
    const value =
      chosen?.kind === 'number' ? chosen.value : chosen && asSeries(chosen).values.get(key);
    if (value !== undefined) result.push([key, value]);
  }
  return series(result);
}

function each(value: MathValue, run: (one: TimeSeries) => TimeSeries): MathValue {
  return value.kind === 'list'
    ? { kind: 'list', items: value.items.map(run) }
    : run(asSeries(value));
}
