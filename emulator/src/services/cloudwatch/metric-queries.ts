import type { MetricPlace } from '../../metrics/metric-sink';
import type { MetricStore, StoredMetric } from '../../metrics/metric-store';
import type { Statistic } from '../../metrics/statistic';
import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { dimensionsOf, type MetricQuery } from './api';
import { validationError } from './errors';
import { evaluate, type MathScope } from './math/evaluate';
import { type Expression, parseExpression } from './math/expression';
import { asSeries, type MathValue, series, type TimeSeries } from './math/values';
import { type StatisticReader, statisticReader } from './statistics';

/** The time that queries are about. */
export interface QueryWindow {
  /** Where period 0 begins, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

interface CheckedQuery {
  readonly query: MetricQuery;
  /** Seconds; of an expression, that of what it is reckoned from. */
  readonly period: number;
  readonly read?: StatisticReader;
  readonly expression?: Expression;
}

/** Queries that belong together, parsed and checked: metrics, and expressions that refer to them and to each other. */
export class MetricQueries {
  private readonly checked = new Map<string, CheckedQuery>();

  /** @throws ServiceError for what is wrong; NotImplementedError for what there is not */
  constructor(queries: readonly MetricQuery[]) {
    for (const query of queries) {
      acceptOnly('MetricDataQuery', query, [
        'Id',
        'MetricStat',
        'Expression',
        'Label',
        'ReturnData',
        'Period',
      ]);
      if (!/^[a-z][A-Za-z0-9_]*$/.test(query.Id))
        throw validationError(
          `The value '${query.Id}' for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
        );
      if (this.checked.has(query.Id))
        throw validationError(
          `The values for parameter id in MetricDataQueries are not unique: ${query.Id}.`,
        );
      this.checked.set(query.Id, check(query));
    }
    for (const [id, { expression }] of this.checked)
      if (expression) this.checked.set(id, this.withPeriod(id));
  }

  /** Seconds. */
  period(id: string): number {
    return this.get(id).period;
  }

  get(id: string): CheckedQuery {
    const found = this.checked.get(id);
    if (!found) throw validationError(`Unknown identifier in expression: ${id}`);
    return found;
  }

  ids(): string[] {
    return [...this.checked.keys()];
  }

  /** How many metrics the queries read. */
  get metricCount(): number {
    return [...this.checked.values()].filter(({ read }) => read).length;
  }

  /** The metrics that the queries read, without those that have no datapoint yet. */
  metrics(store: MetricStore, place: MetricPlace): StoredMetric[] {
    return [...this.checked.values()].flatMap(({ query }) => metricOf(query, store, place) ?? []);
  }

  /** Opens the queries on what is there, for a time. */
  on(store: MetricStore, place: MetricPlace, windowOf: (period: number) => QueryWindow): QueryRun {
    return new QueryRun(this, store, place, windowOf);
  }

  /** An expression has the period of the metrics that it comes from. */
  private withPeriod(id: string, seen: readonly string[] = []): CheckedQuery {
    if (seen.includes(id)) throw validationError(`Circular reference in expression: ${id}`);
    const found = this.get(id);
    if (!found.expression) return found;
    const names = [...referencesOf(found.expression)];
    const everything = names.includes('METRICS()');
    const used = everything
      ? [...this.checked.values()].filter(({ read }) => read).map(({ query }) => query.Id)
      : names;
    const periods = new Set(used.map((name) => this.withPeriod(name, [...seen, id]).period));
    if (periods.size > 1)
      throw new NotImplementedError(
        `the expression ${found.query.Expression}: its metrics have different periods`,
      );
    const [period = found.query.Period ?? 60] = periods;
    return { ...found, period };
  }
}

/** The results of queries for a time, reckoned as they are asked for. */
export class QueryRun {
  private readonly results = new Map<string, MathValue>();
  private readonly statistics = new Map<string, ReadonlyMap<number, Statistic>>();

  constructor(
    private readonly queries: MetricQueries,
    private readonly store: MetricStore,
    private readonly place: MetricPlace,
    private readonly windowOf: (period: number) => QueryWindow,
  ) {}

  /** @throws ServiceError if the query does not come to a time series */
  series(id: string): TimeSeries {
    return asSeries(this.value(id));
  }

  /** What the datapoints of a metric were put together from, by the number of their period. */
  samples(id: string): ReadonlyMap<number, Statistic> {
    let samples = this.statistics.get(id);
    if (!samples) {
      const { period, query } = this.queries.get(id);
      const { from, to } = this.windowOf(period);
      samples =
        metricOf(query, this.store, this.place)?.periods(
          from,
          to,
          period * 1000,
          query.MetricStat?.Unit,
        ) ?? new Map();
      this.statistics.set(id, samples);
    }
    return samples;
  }

  private value(id: string): MathValue {
    let value = this.results.get(id);
    if (!value) {
      value = this.reckon(id);
      this.results.set(id, value);
    }
    return value;
  }

  private reckon(id: string): MathValue {
    const { expression, period, read } = this.queries.get(id);
    if (read) {
      const values: [number, number][] = [];
      for (const [key, statistic] of this.samples(id)) {
        const value = read(statistic);
        if (value !== undefined) values.push([key, value]);
      }
      return series(values);
    }
    if (!expression) return series([]);
    const { from, to } = this.windowOf(period);
    const scope: MathScope = {
      period,
      periods: Math.ceil((to - from) / (period * 1000)),
      value: (other) => this.value(other),
      metrics: () =>
        new Map(
          this.queries
            .ids()
            .filter((other) => this.queries.get(other).read)
            .map((other) => [other, this.series(other)]),
        ),
    };
    return evaluate(expression, scope);
  }
}

function metricOf(
  { MetricStat: stat }: MetricQuery,
  store: MetricStore,
  place: MetricPlace,
): StoredMetric | undefined {
  if (!stat) return undefined;
  const { Dimensions, MetricName: name = '', Namespace: namespace = '' } = stat.Metric;
  return store.find(place, { namespace, name, dimensions: dimensionsOf(Dimensions) });
}

function check(query: MetricQuery): CheckedQuery {
  const { Expression: text, MetricStat: stat, Period: period } = query;
  if ((text === undefined) === (stat === undefined))
    throw validationError(
      'Exactly one of the parameters MetricStat and Expression must be provided.',
    );
  if (stat) {
    if (period !== undefined)
      throw validationError('Period must not be provided together with MetricStat.');
    checkPeriod(stat.Period);
    return { query, period: stat.Period, read: statisticReader(stat.Stat) };
  }
  if (/^\s*SELECT\b/i.test(text ?? ''))
    throw new NotImplementedError('Metrics Insights queries (SELECT …)');
  if (period !== undefined) checkPeriod(period);
  return { query, period: 0, expression: parseExpression(text ?? '') };
}

/** @throws ServiceError */
export function checkPeriod(period: number): void {
  if (![1, 5, 10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw validationError(
      `The value ${period} for parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.`,
    );
}

/** Ids that an expression names; `METRICS()` for all metrics. */
function* referencesOf(expression: Expression): Generator<string> {
  switch (expression.kind) {
    case 'reference':
      if (!/^(?:REPEAT|LINEAR)$/.test(expression.id)) yield expression.id;
      return;
    case 'binary':
      yield* referencesOf(expression.left);
      yield* referencesOf(expression.right);
      return;
    case 'negation':
      yield* referencesOf(expression.operand);
      return;
    case 'list':
      for (const item of expression.items) yield* referencesOf(item);
      return;
    case 'call':
      if (expression.name === 'METRICS') yield 'METRICS()';
      for (const arg of expression.args) yield* referencesOf(arg);
      return;
    default:
  }
}
