import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { SteppedClock } from '../../../src/clock/manual-clock';
import { createKms } from '../../../src/services/kms';
import { createLogs, type LogsService } from '../../../src/services/logs';
import { account, clientOf, environment, region, resources } from '../../support/service-harness';

const day = 24 * 60 * 60 * 1000;
let service: LogsService;
let clock: SteppedClock;
let logs: CloudWatchLogs;

beforeEach(async () => {
  const surroundings = environment();
  clock = surroundings.clock;
  service = createLogs(surroundings.env, createKms(surroundings.env));
  logs = new CloudWatchLogs(clientOf(surroundings.env, [service]));
  await logs.createLogGroup({ logGroupName: 'shop', tags: { team: 'orders' } });
  await logs.createLogStream({ logGroupName: 'shop', logStreamName: 's1' });
});

async function put(...messages: string[]): Promise<void> {
  await logs.putLogEvents({
    logGroupName: 'shop',
    logStreamName: 's1',
    logEvents: messages.map((message, i) => ({ message, timestamp: clock.now() + i })),
  });
}

test('reads back what was written, forwards from a token to the end', async () => {
  await put('a', 'b', 'c');
  const first = await logs.getLogEvents({
    logGroupName: 'shop',
    logStreamName: 's1',
    startFromHead: true,
    limit: 2,
  });
  expect(first.events?.map((event) => event.message)).toEqual(['a', 'b']);
  const second = await logs.getLogEvents({
    logGroupName: 'shop',
    logStreamName: 's1',
    nextToken: first.nextForwardToken,
  });
  expect(second.events?.map((event) => event.message)).toEqual(['c']);
  const third = await logs.getLogEvents({
    logGroupName: 'shop',
    logStreamName: 's1',
    nextToken: second.nextForwardToken,
  });
  expect(third).toMatchObject({ events: [], nextForwardToken: second.nextForwardToken });
});

test('reads the latest events first without startFromHead', async () => {
  await put('a', 'b', 'c');
  const { events } = await logs.getLogEvents({
    logGroupName: 'shop',
    logStreamName: 's1',
    limit: 2,
  });
  expect(events?.map((event) => event.message)).toEqual(['b', 'c']);
});

test('finds events of all streams in order of time, page by page', async () => {
  await logs.createLogStream({ logGroupName: 'shop', logStreamName: 's2' });
  await put('ERROR one', 'fine');
  await logs.putLogEvents({
    logGroupName: 'shop',
    logStreamName: 's2',
    logEvents: [{ message: 'ERROR two', timestamp: clock.now() + 1 }],
  });
  const query = { logGroupName: 'shop', filterPattern: 'ERROR', limit: 1 };
  const first = await logs.filterLogEvents(query);
  const second = await logs.filterLogEvents({ ...query, nextToken: first.nextToken });
  expect([...(first.events ?? []), ...(second.events ?? [])]).toMatchObject([
    { logStreamName: 's1', message: 'ERROR one' },
    { logStreamName: 's2', message: 'ERROR two' },
  ]);
  expect(second.nextToken).toBeUndefined();
});

test('lets events go when their retention is over', async () => {
  await logs.putRetentionPolicy({ logGroupName: 'shop', retentionInDays: 1 });
  await put('old');
  await clock.advance(day + 1000);
  await put('new');
  const { events } = await logs.filterLogEvents({ logGroupName: 'shop' });
  expect(events?.map((event) => event.message)).toEqual(['new']);
  const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: 'sh' });
  expect(logGroups).toMatchObject([{ logGroupName: 'shop', retentionInDays: 1 }]);
});

test('takes neither events of the far future nor of long ago, and says which', async () => {
  const { rejectedLogEventsInfo } = await logs.putLogEvents({
    logGroupName: 'shop',
    logStreamName: 's1',
    logEvents: [
      { message: 'now', timestamp: clock.now() },
      { message: 'later', timestamp: clock.now() + 3 * 60 * 60 * 1000 },
    ],
  });
  expect(rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
});

test.each([
  [
    'a group that is there already',
    () => logs.createLogGroup({ logGroupName: 'shop' }),
    'ResourceAlreadyExistsException',
  ],
  [
    'a stream that is there already',
    () => logs.createLogStream({ logGroupName: 'shop', logStreamName: 's1' }),
    'ResourceAlreadyExistsException',
  ],
  [
    'a group that is not there',
    () => logs.deleteLogGroup({ logGroupName: 'none' }),
    'ResourceNotFoundException',
  ],
  [
    'a retention that is not offered',
    () => logs.putRetentionPolicy({ logGroupName: 'shop', retentionInDays: 2 }),
    'InvalidParameterException',
  ],
  [
    'a name with a space',
    () => logs.createLogGroup({ logGroupName: 'a b' }),
    'InvalidParameterException',
  ],
])('fails for %s', async (_, call, code) => {
  await expect(call()).rejects.toMatchObject({ name: code });
});

test('keeps tags by ARN', async () => {
  const resourceArn = `arn:aws:logs:${region}:${account}:log-group:shop`;
  await logs.tagResource({ resourceArn, tags: { stage: 'test' } });
  await logs.untagResource({ resourceArn, tagKeys: ['team'] });
  expect((await logs.listTagsForResource({ resourceArn })).tags).toEqual({ stage: 'test' });
});

test('creates and deletes groups and streams of a template, and leaves nothing', async () => {
  await logs.deleteLogGroup({ logGroupName: 'shop' });
  const stack = resources(service);
  const group = await stack.create('AWS::Logs::LogGroup', {
    LogGroupName: 'orders',
    RetentionInDays: 7,
  });
  expect(group).toEqual({
    physicalId: 'orders',
    attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:orders:*` },
  });
  await stack.create('AWS::Logs::LogStream', { LogGroupName: 'orders', LogStreamName: 'a' });
  await stack.delete('AWS::Logs::LogStream', 'a', { LogGroupName: 'orders' });
  expect(service.leaks()).toHaveLength(1);
  await stack.delete('AWS::Logs::LogGroup', 'orders', {});
  expect(service.leaks()).toEqual([]);
  expect(stack.unsupported('AWS::Logs::LogGroup', { DataProtectionPolicy: {} })).toEqual([
    'AWS::Logs::LogGroup does not support DataProtectionPolicy ({})',
  ]);
});
