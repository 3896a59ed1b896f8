import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs, type MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Emulator, type ManualClock } from '../../../src';

const minute = 60_000;
const stream = { logGroupName: 'shop', logStreamName: 's1' };

let aws: Emulator<ManualClock>;
let logs: CloudWatchLogs;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  logs = aws.client(CloudWatchLogs);
});
afterEach(() => aws.stop());

async function group(): Promise<void> {
  await logs.createLogGroup(stream);
  await logs.createLogStream(stream);
}

async function write(...messages: string[]): Promise<void> {
  const timestamp = aws.clock.now();
  await logs.putLogEvents({
    ...stream,
    logEvents: messages.map((message) => ({ message, timestamp })),
  });
}

/** @param transformation - what differs from counting in `Shop/Found` */
async function filter(
  filterPattern: string,
  transformation: Partial<MetricTransformation> = {},
  filterName = 'found',
): Promise<void> {
  await logs.putMetricFilter({
    logGroupName: 'shop',
    filterName,
    filterPattern,
    metricTransformations: [
      { metricName: 'Found', metricNamespace: 'Shop', metricValue: '1', ...transformation },
    ],
  });
}

/** Sum and number of the samples of `Shop/Found` in each minute from the start of the test on. */
async function samples(
  began: number,
  Dimensions: { Name: string; Value: string }[] = [],
): Promise<[at: number, sum: number, count: number, unit: string][]> {
  const { Datapoints = [] } = await aws.client(CloudWatch).getMetricStatistics({
    Namespace: 'Shop',
    MetricName: 'Found',
    Dimensions,
    StartTime: new Date(began),
    EndTime: new Date(aws.clock.now() + 10 * minute),
    Period: 60,
    Statistics: ['Sum', 'SampleCount'],
  });
  return Datapoints.map(
    ({ SampleCount = 0, Sum = 0, Timestamp, Unit = '' }) =>
      [(Number(Timestamp) - began) / minute, Sum, SampleCount, Unit] as [
        number,
        number,
        number,
        string,
      ],
  ).sort(([a], [b]) => a - b);
}

test('matching events are counted from when the filter is made on, each in the minute of its timestamp', async () => {
  await group();
  const began = aws.clock.now();
  await write('ERROR before');
  await filter('ERROR', { unit: 'Count' });
  await write('ERROR one', 'fine', 'ERROR two');
  await logs.putLogEvents({
    ...stream,
    logEvents: [{ message: 'ERROR later', timestamp: began + 5 * minute }],
  });
  expect(await samples(began)).toEqual([
    [0, 2, 2, 'Count'],
    [5, 1, 1, 'Count'],
  ]);
});

test('minutes with events of which none matches have the default value, others nothing', async () => {
  await group();
  const began = aws.clock.now();
  await filter('ERROR', { defaultValue: 0 });
  await write('fine', 'fine too');
  expect(await samples(began)).toEqual([]);
  await aws.clock.advance(2 * minute);
  await write('fine', 'ERROR');
  await aws.clock.advance(minute);
  expect(await samples(began)).toEqual([
    [0, 0, 1, 'None'],
    [2, 1, 1, 'None'],
  ]);
});

test.each<[string, string, string[], number]>([
  ['JSON', '{ $.ms > 10 }', ['{"ms":20}', '{"ms":12.5}', '{"ms":5}', '{"us":20}'], 32.5],
  ['fields', '[..., ms]', ['GET / 20', 'GET / 12.5', 'GET / soon'], 32.5],
])('the value of a metric is taken out of %s', async (_what, pattern, messages, sum) => {
  await group();
  const began = aws.clock.now();
  await filter(pattern, { metricValue: pattern.startsWith('{') ? '$.ms' : '$ms' });
  await write(...messages);
  expect(await samples(began)).toEqual([[0, sum, 2, 'None']]);
});

test('fields are dimensions, and an event without one of them is not counted', async () => {
  await group();
  const began = aws.clock.now();
  const dimensions = { Status: '$.status', Path: '$.path' };
  await filter('{ $.status = * }', { dimensions });
  await write('{"status":404,"path":"/"}', '{"status":404,"path":"/"}', '{"status":404}');
  const of = (Status: string) => [
    { Name: 'Status', Value: Status },
    { Name: 'Path', Value: '/' },
  ];
  expect(await samples(began, of('404'))).toEqual([[0, 2, 2, 'None']]);
  expect(await samples(began)).toEqual([]);
});

test('filters are described, replaced by those of the same name, and deleted', async () => {
  await group();
  const { logGroups: [before] = [] } = await logs.describeLogGroups({});
  expect(before?.metricFilterCount).toBe(0);
  await filter('ERROR', {}, 'errors');
  await filter('WARN', { metricName: 'Warnings' }, 'warnings');
  await filter('FATAL', { unit: 'Count' }, 'errors');
  const names = async (input: object) => {
    const { metricFilters = [] } = await logs.describeMetricFilters(input);
    return metricFilters.map(({ filterName }) => filterName);
  };
  const { metricFilters: [first] = [] } = await logs.describeMetricFilters({});
  expect(first).toMatchObject({
    filterName: 'errors',
    filterPattern: 'FATAL',
    logGroupName: 'shop',
    metricTransformations: [{ metricName: 'Found', metricValue: '1', unit: 'Count' }],
    creationTime: aws.clock.now(),
  });
  expect(await names({ logGroupName: 'shop', limit: 1 })).toEqual(['errors']);
  expect(await names({ logGroupName: 'shop', filterNamePrefix: 'w' })).toEqual(['warnings']);
  expect(await names({ metricName: 'Warnings', metricNamespace: 'Shop' })).toEqual(['warnings']);
  const { logGroups: [after] = [] } = await logs.describeLogGroups({});
  expect(after?.metricFilterCount).toBe(2);
  await logs.deleteMetricFilter({ logGroupName: 'shop', filterName: 'errors' });
  expect(await names({})).toEqual(['warnings']);
  await expect(
    logs.deleteMetricFilter({ logGroupName: 'shop', filterName: 'errors' }),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified metric filter does not exist.',
  });
});

test('a pattern is tested on messages', async () => {
  const tested = await logs.testMetricFilter({
    filterPattern: '[level = ERROR, text]',
    logEventMessages: ['ERROR disk full', 'INFO fine', 'ERROR gone'],
  });
  expect(tested.matches).toEqual([
    {
      eventNumber: 1,
      eventMessage: 'ERROR disk full',
      extractedValues: { $level: 'ERROR', $text: 'disk full' },
    },
    {
      eventNumber: 3,
      eventMessage: 'ERROR gone',
      extractedValues: { $level: 'ERROR', $text: 'gone' },
    },
  ]);
});

test.each<[string, string, Partial<MetricTransformation>, string]>([
  ['a pattern that is none', '{ $.a', {}, 'Invalid filter pattern'],
  ['a name of a metric with a star', 'a', { metricName: 'a*' }, 'regular expression pattern'],
  ['a unit that is none', 'a', { unit: JSON.parse('"Lines"') }, 'enum value set'],
  ['a value that is no number', 'a', { metricValue: 'one' }, 'is not a number'],
  ['a field of a pattern of terms', 'a', { metricValue: '$size' }, 'has no field $size'],
  ['a dimension that is no field', '[a]', { dimensions: { A: 'a' } }, 'has no field a'],
  [
    'a default value beside dimensions',
    '[a]',
    { dimensions: { A: '$a' }, defaultValue: 0 },
    'dimensions and default value are mutually exclusive properties.',
  ],
  [
    'four dimensions',
    '[a, ...]',
    { dimensions: { A: '$a', B: '$2', C: '$3', D: '$4' } },
    'at most 3 dimensions',
  ],
])('fails for %s', async (_what, pattern, transformation, message) => {
  await group();
  await expect(filter(pattern, transformation)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(message),
  });
});

test('a group has five filters with regular expressions at most', async () => {
  await group();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await filter(`%${name}%`, {}, name);
  await filter('%aa%', {}, 'a');
  await filter('f', {}, 'f');
  await expect(filter('%g%', {}, 'g')).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test.each([
  ['applyOnTransformedLogs', { applyOnTransformedLogs: true }],
  ['fieldSelectionCriteria', { fieldSelectionCriteria: '@aws.region = "us-east-1"' }],
  ['emitSystemFieldDimensions', { emitSystemFieldDimensions: ['@aws.region'] }],
])('refuses %s by its name', async (name, input) => {
  await group();
  const metricTransformations = [
    { metricName: 'Found', metricNamespace: 'Shop', metricValue: '1' },
  ];
  await expect(
    logs.putMetricFilter({
      logGroupName: 'shop',
      filterName: 'found',
      filterPattern: 'a',
      metricTransformations,
      ...input,
    }),
  ).rejects.toThrow(name);
});

test('an alarm on the filter of a stack goes off by a logged error, and is over when logs are fine', async () => {
  const stackFor = (level: string) => {
    const stack = new Stack(new App(), 'Shop');
    const logGroup = new LogGroup(stack, 'Logs', {
      logGroupName: 'shop',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new MetricFilter(stack, 'Errors', {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.level', '=', level),
      metricNamespace: 'Shop',
      metricName: 'Found',
      defaultValue: 0,
    })
      .metric({ statistic: 'Sum', period: Duration.minutes(1) })
      .createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
    return stack;
  };
  await aws.deploy(stackFor('error'));
  await logs.createLogStream(stream);
  const state = async () => {
    const { MetricAlarms: [alarm] = [] } = await aws.client(CloudWatch).describeAlarms({});
    return alarm?.StateValue;
  };
  const after = async (level: string) => {
    await write(JSON.stringify({ level }));
    await aws.clock.advance(minute);
    return state();
  };
  expect(await after('info')).toBe('OK');
  expect(await after('error')).toBe('ALARM');
  expect(await after('info')).toBe('OK');
  await aws.deploy(stackFor('fatal'));
  expect(await after('error')).toBe('OK');
  expect(await after('fatal')).toBe('ALARM');
  await aws.destroy(stackFor('fatal'));
  expect(aws.leaks()).toEqual([]);
});
