import type { Clock } from '../../clock/clock';
import type { MetricStore } from '../../metrics/metric-store';
import { standardUnit } from '../../metrics/units';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import { type Api, dimensionList, dimensionsOf, type MetricQuery } from './api';
import { invalidCombination, invalidToken, invalidValue, validationError } from './errors';
import { putMetricData } from './metric-data';
import { checkPeriod, MetricQueries } from './metric-queries';
import { statisticReader } from './statistics';

const hour = 3_600_000;
const day = 24 * hour;
const mostQueries = 500;
const mostDatapoints = 100_800;
const mostStatistics = 1_440;
/** ListMetrics forgets what has had no data for two weeks. */
const listedFor = 14 * day;
const listPage = 500;

/** Metrics: put, listed, read. */
export function metricOperations(store: MetricStore, clock: Clock) {
  return {
    PutMetricData(input, context) {
      acceptOnly('PutMetricData', input, ['Namespace', 'MetricData']);
      context.authorize('cloudwatch:PutMetricData', '*', {
        'cloudwatch:namespace': input.Namespace,
      });
      putMetricData(store, context, input, clock.now());
      return {};
    },

    GetMetricData(input, context) {
      context.authorize('cloudwatch:GetMetricData', '*');
      acceptOnly('GetMetricData', input, [
        'EndTime',
        'MaxDatapoints',
        'MetricDataQueries',
        'NextToken',
        'ScanBy',
        'StartTime',
      ]);
      const { EndTime: end, MetricDataQueries: given, StartTime: start } = input;
      if (start >= end)
        throw validationError('The parameter StartTime must be less than the parameter EndTime.');
      if (given.length > mostQueries)
        throw validationError(`A call can have up to ${mostQueries} queries.`);
      const queries = new MetricQueries(given);
      store.collect();
      const windowOf = (period: number) => ({
        from: alignedStart(start.getTime(), period, clock.now()),
        to: end.getTime(),
      });
      const run = queries.on(store, context, windowOf);
      const ascending = input.ScanBy === 'TimestampAscending';
      const results = given
        .filter(({ ReturnData = true }) => ReturnData)
        .map((query) => {
          const { from } = windowOf(queries.period(query.Id));
          const step = queries.period(query.Id) * 1000;
          const points = [...run.series(query.Id).values]
            .map(([key, value]) => [from + key * step, value] as const)
            .sort(([a], [b]) => (ascending ? a - b : b - a));
          return { query, points };
        });
      return pageOfResults(results, input.MaxDatapoints ?? mostDatapoints, input.NextToken);
    },

    GetMetricStatistics(input, context) {
      context.authorize('cloudwatch:GetMetricStatistics', '*');
      const {
        ExtendedStatistics = [],
        Namespace,
        MetricName,
        Period,
        Statistics = [],
        Unit,
      } = input;
      checkPeriod(Period);
      if (Statistics.length + ExtendedStatistics.length === 0)
        throw invalidCombination(
          'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
        );
      if (Statistics.length > 0 && ExtendedStatistics.length > 0)
        throw invalidCombination(
          'Only one of the parameters Statistics and ExtendedStatistics may be specified.',
        );
      const [start, end] = [input.StartTime.getTime(), input.EndTime.getTime()];
      if (start >= end)
        throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
      const from = alignedStart(start, Period, clock.now());
      if ((end - from) / (Period * 1000) > mostStatistics)
        throw invalidCombination(
          `You have requested up to ${Math.ceil((end - from) / (Period * 1000))} datapoints, which exceeds the limit of ${mostStatistics}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
        );
      const simple = Statistics.map((name) => [name, statisticReader(name)] as const);
      const extended = ExtendedStatistics.map((name) => [name, statisticReader(name)] as const);
      store.collect();
      const metric = store.find(context, {
        namespace: Namespace,
        name: MetricName,
        dimensions: dimensionsOf(input.Dimensions),
      });
      const units = [...(metric?.units ?? [])].filter(([name]) => name === (Unit ?? name));
      return {
        Label: MetricName,
        Datapoints: units.flatMap(([unit, series]) =>
          [...series.periods(from, end, Period * 1000)].map(([key, statistic]) => ({
            Timestamp: new Date(from + key * Period * 1000),
            Unit: standardUnit(unit),
            ...Object.fromEntries(simple.map(([name, read]) => [name, read(statistic)])),
            ...(extended.length > 0 && {
              ExtendedStatistics: Object.fromEntries(
                extended.flatMap(([name, read]) => {
                  const value = read(statistic);
                  return value === undefined ? [] : [[name, value]];
                }),
              ),
            }),
          })),
        ),
      };
    },

    ListMetrics(input, context) {
      context.authorize('cloudwatch:ListMetrics', '*');
      acceptOnly('ListMetrics', input, [
        'Dimensions',
        'MetricName',
        'Namespace',
        'NextToken',
        'RecentlyActive',
      ]);
      const { Dimensions: filters = [], MetricName, Namespace } = input;
      store.collect();
      const since = clock.now() - (input.RecentlyActive === 'PT3H' ? 3 * hour : listedFor);
      const keyed = store
        .list(context)
        .filter(
          ({ identity, latest }) =>
            latest >= since &&
            (Namespace ?? identity.namespace) === identity.namespace &&
            (MetricName ?? identity.name) === identity.name &&
            filters.every(
              ({ Name, Value }) =>
                Name in identity.dimensions &&
                (Value ?? identity.dimensions[Name]) === identity.dimensions[Name],
            ),
        )
        .map(({ identity }) => ({ identity, key: JSON.stringify(identity) }));
      const page = pageOf(
        sortedBy(keyed, ({ key }) => key),
        ({ key }) => key,
        listPage,
        input.NextToken,
        invalidToken,
      );
      return {
        Metrics: page.items.map(({ identity }) => ({
          Namespace: identity.namespace,
          MetricName: identity.name,
          Dimensions: dimensionList(identity.dimensions),
        })),
        NextToken: page.nextToken,
      };
    },
  } satisfies Handlers<Api>;
}

/**
 * Where the periods of an answer begin: old data are rounded to the minute, to five minutes or to the hour; recent
 * data to the period.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
function alignedStart(start: number, period: number, now: number): number {
  const age = now - start;
  const grain = age < 15 * day ? 60_000 : age < 63 * day ? 5 * 60_000 : hour;
  const step = Math.max(period * 1000, age < 3 * hour ? 1000 : grain);
  return Math.floor(start / step) * step;
}

interface QueryResult {
  readonly query: MetricQuery;
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** Cuts the datapoints of all results into pages. */
function pageOfResults(results: readonly QueryResult[], size: number, token: string | undefined) {
  const all = results.flatMap(({ points }, result) => points.map((point) => ({ result, point })));
  const keyed = all.map((one, i) => ({ ...one, key: String(i).padStart(9, '0') }));
  const page = pageOf(keyed, ({ key }) => key, size, token, invalidToken);
  const last = page.items.at(-1)?.result ?? results.length;
  return {
    MetricDataResults: results.map(({ query }, i) => {
      const points = page.items.filter(({ result }) => result === i).map(({ point }) => point);
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: points.map(([time]) => new Date(time)),
        Values: points.map(([, value]) => value),
        StatusCode:
          page.nextToken !== undefined && i >= last
            ? ('PartialData' as const)
            : ('Complete' as const),
      };
    }),
    NextToken: page.nextToken,
    Messages: [],
  };
}
