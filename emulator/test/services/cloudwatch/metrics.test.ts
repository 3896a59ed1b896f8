import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { createCloudWatch } from '../../../src/services/cloudwatch';
import { clientOf, environment } from '../../support/service-harness';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function start() {
  const { env, clock, metrics } = environment();
  const targets = {
    topics: { publish: () => 'id' },
    functions: { invoke: () => 'id' },
    scaling: { run: () => undefined },
  };
  const service = createCloudWatch(env, { metrics, ...targets });
  const configuration = clientOf(env, [service]);
  const cloudWatch = new CloudWatch(configuration);
  const begin = clock.now();
  const put = (MetricName: string, Value: number, at = 0, more: object = {}) =>
    cloudWatch.putMetricData({
      Namespace: 'Shop',
      MetricData: [{ MetricName, Value, Timestamp: new Date(begin + at), ...more }],
    });
  const metric = (name: string, Stat = 'Sum', Period = 60) => ({
    Id: name.toLowerCase(),
    MetricStat: { Metric: { Namespace: 'Shop', MetricName: name }, Period, Stat },
    ReturnData: false,
  });
  /** The values of an expression, minute by minute from the beginning. */
  const reckon = async (Expression: string, minutes: number, ...names: string[]) => {
    const { MetricDataResults = [] } = await cloudWatch.getMetricData({
      StartTime: new Date(begin),
      EndTime: new Date(begin + minutes * minute),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [...names.map((name) => metric(name)), { Id: 'e', Expression }],
    });
    const [{ Timestamps = [], Values = [] } = {}] = MetricDataResults;
    return Timestamps.map((time, i) => [(time.getTime() - begin) / minute, Values[i]]);
  };
  const statistics = async (Period: number, from = begin, to = clock.now() + minute) => {
    const { Datapoints = [] } = await cloudWatch.getMetricStatistics({
      Namespace: 'Shop',
      MetricName: 'Orders',
      StartTime: new Date(from),
      EndTime: new Date(to),
      Period,
      Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
    });
    return Datapoints;
  };
  return { begin, clock, cloudWatch, configuration, put, reckon, statistics };
}

test('values, value lists and statistic sets of a minute become one datapoint', async () => {
  const { begin, put, statistics } = start();
  await put('Orders', 4);
  await put('Orders', 0, 59_999, { Value: undefined, Values: [1, 2], Counts: [2, 1] });
  const StatisticValues = { Sum: 10, SampleCount: 4, Minimum: 1, Maximum: 5 };
  await put('Orders', 0, 30_000, { Value: undefined, StatisticValues });
  expect(await statistics(60)).toEqual([
    {
      Timestamp: new Date(begin),
      Unit: 'None',
      Sum: 18,
      SampleCount: 8,
      Average: 2.25,
      Minimum: 1,
      Maximum: 5,
    },
  ]);
});

test('percentiles are those of the values; trimmed statistics are refused by name', async () => {
  const { begin, cloudWatch, put } = start();
  for (let value = 1; value <= 100; value += 1) await put('Orders', value);
  const query = {
    Namespace: 'Shop',
    MetricName: 'Orders',
    StartTime: new Date(begin),
    EndTime: new Date(begin + minute),
    Period: 60,
  };
  const { Datapoints } = await cloudWatch.getMetricStatistics({
    ...query,
    ExtendedStatistics: ['p50', 'p99'],
  });
  expect(Datapoints?.[0]?.ExtendedStatistics).toEqual({ p50: 50, p99: 99 });
  await expect(
    cloudWatch.getMetricStatistics({ ...query, ExtendedStatistics: ['tm99'] }),
  ).rejects.toThrow('does not implement the statistic tm99');
});

test('datapoints grow coarser with age, and are gone after 455 days', async () => {
  const { begin, clock, put, statistics } = start();
  await put('Orders', 1, 0, { StorageResolution: 1 });
  await put('Orders', 2, 1000, { StorageResolution: 1 });
  const sums = async (period: number, from = begin) =>
    (await statistics(period, from, begin + 2 * hour)).map(({ Sum }) => Sum);
  expect(await statistics(1, begin, begin + minute)).toHaveLength(2);
  await clock.advance(4 * hour);
  expect(await statistics(1, begin, begin + minute)).toHaveLength(0);
  expect(await sums(60)).toEqual([3]);
  await clock.advance(16 * day);
  expect(await sums(60)).toEqual([]);
  expect(await sums(300)).toEqual([3]);
  await clock.advance(60 * day);
  expect(await sums(300)).toEqual([]);
  expect(await sums(3600)).toEqual([3]);
  await clock.advance(400 * day);
  expect(await sums(3600)).toEqual([]);
});

test.each<[string, number, (number | undefined)[][]]>([
  ['orders + errors', 3, [[0, 5]]],
  [
    'orders * 2 - -1',
    3,
    [
      [0, 9],
      [2, 17],
    ],
  ],
  [
    'FILL(errors, 0) / orders',
    3,
    [
      [0, 0.25],
      [2, 0],
    ],
  ],
  [
    'FILL(orders, REPEAT)',
    4,
    [
      [0, 4],
      [1, 4],
      [2, 8],
      [3, 8],
    ],
  ],
  [
    'FILL(orders, LINEAR)',
    3,
    [
      [0, 4],
      [1, 6],
      [2, 8],
    ],
  ],
  [
    'IF(orders > 5, orders, 0)',
    3,
    [
      [0, 0],
      [2, 8],
    ],
  ],
  ['IF(orders > 5 AND orders < 9, 1)', 3, [[2, 1]]],
  [
    'SUM(METRICS())',
    3,
    [
      [0, 5],
      [2, 8],
    ],
  ],
  [
    'MAX([orders, errors])',
    3,
    [
      [0, 4],
      [2, 8],
    ],
  ],
  ['AVG(METRICS("err"))', 3, [[0, 1]]],
  ['RATE(orders) * PERIOD(orders)', 3, [[2, 2]]],
  [
    'orders - AVG(orders)',
    3,
    [
      [0, -2],
      [2, 2],
    ],
  ],
  ['orders / 0', 3, []],
])('%s is reckoned as CloudWatch does', async (expression, minutes, expected) => {
  const { put, reckon } = start();
  await put('Orders', 4);
  await put('Orders', 8, 2 * minute);
  await put('Errors', 1);
  expect(await reckon(expression, minutes, 'Orders', 'Errors')).toEqual(expected);
});

test.each([
  ['SEARCH("x", "Sum")', /does not implement the function SEARCH/],
  ['ANOMALY_DETECTION_BAND(orders)', /does not implement the function ANOMALY_DETECTION_BAND/],
  ['SELECT SUM(Orders) FROM Shop', /does not implement Metrics Insights/],
  ['orders +', /unexpected end/],
  ['unknown * 2', /unknown/],
])('%s is refused', async (expression, reason) => {
  const { reckon } = start();
  await expect(reckon(expression, 1, 'Orders')).rejects.toThrow(reason);
});

test.each<[string, object, RegExp]>([
  ['a time two weeks ago', { Value: 1, Timestamp: new Date('2034-12-17') }, /two weeks/],
  ['a time in three hours', { Value: 1, Timestamp: new Date('2035-01-01T03:00Z') }, /two hours/],
  ['no value', {}, /At least one/],
  ['two kinds of values', { Value: 1, Values: [1] }, /mutually exclusive/],
  ['an unknown unit', { Value: 1, Unit: 'Furlongs' }, /enum value set/],
])('PutMetricData refuses %s', async (_what, datum, reason) => {
  const { cloudWatch } = start();
  await expect(
    cloudWatch.putMetricData({
      Namespace: 'Shop',
      MetricData: [{ MetricName: 'Orders', ...datum }],
    }),
  ).rejects.toThrow(reason);
});

test('metrics are listed by namespace and dimension for two weeks', async () => {
  const { clock, cloudWatch, put } = start();
  const Dimensions = [{ Name: 'Shop', Value: 'north' }];
  await put('Orders', 1, 0, { Dimensions });
  await put('Orders', 1);
  const list = async (more: object) => (await cloudWatch.listMetrics(more)).Metrics;
  expect(await list({ Namespace: 'Shop' })).toHaveLength(2);
  expect(await list({ Dimensions: [{ Name: 'Shop' }] })).toEqual([
    { Namespace: 'Shop', MetricName: 'Orders', Dimensions },
  ]);
  await clock.advance(15 * day);
  expect(await list({})).toEqual([]);
});

test.each([
  ['the query protocol', AwsQueryProtocol],
  ['CBOR', SmithyRpcV2CborProtocol],
] as const)('alarms and metrics go over %s', async (_name, protocol) => {
  const { begin, configuration } = start();
  const client = new CloudWatch({ ...configuration, protocol });
  await client.putMetricData({
    Namespace: 'Shop',
    MetricData: [{ MetricName: 'Orders', Value: 1.5, Timestamp: new Date(begin) }],
  });
  await client.putMetricAlarm({
    AlarmName: 'few',
    Namespace: 'Shop',
    MetricName: 'Orders',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0.5,
    ComparisonOperator: 'LessThanThreshold',
  });
  const { MetricAlarms } = await client.describeAlarms({});
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'few', Threshold: 0.5 }]);
  const { Datapoints } = await client.getMetricStatistics({
    Namespace: 'Shop',
    MetricName: 'Orders',
    StartTime: new Date(begin),
    EndTime: new Date(begin + minute),
    Period: 60,
    Statistics: ['Sum'],
  });
  expect(Datapoints).toMatchObject([{ Sum: 1.5, Timestamp: new Date(begin) }]);
});
