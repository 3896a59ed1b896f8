import { Duration } from 'aws-cdk-lib';
import { createTable, orders, surroundings } from './support';

const here = surroundings();
const TableName = 'plain';
const seconds = (from: Duration) =>
  String(Math.floor(here.aws.clock.now() / 1000) + from.toSeconds());
const put = (id: string, expires: string | undefined) =>
  here.dynamodb.putItem({
    TableName,
    Item: { id: { S: id }, ...(expires !== undefined && { expires: { N: expires } }) },
  });
const ids = async () =>
  (await here.dynamodb.scan({ TableName })).Items?.map(({ id }) => id?.S).sort();
const enable = (Enabled = true, AttributeName = 'expires') =>
  here.dynamodb.updateTimeToLive({
    TableName,
    TimeToLiveSpecification: { AttributeName, Enabled },
  });
const status = async () =>
  (await here.dynamodb.describeTimeToLive({ TableName })).TimeToLiveDescription;

beforeEach(() => createTable(here));

test('an item goes within ten minutes after its time is up', async () => {
  await enable();
  await put('soon', seconds(Duration.hours(1)));
  await put('later', seconds(Duration.hours(2)));
  await put('never', undefined);
  await here.aws.clock.advance(Duration.minutes(59));
  expect(await ids()).toEqual(['later', 'never', 'soon']);
  await here.aws.clock.advance(Duration.minutes(11));
  expect(await ids()).toEqual(['later', 'never']);
  await here.aws.clock.advance(Duration.hours(1));
  expect(await ids()).toEqual(['never']);
});

test('an item whose time is put off stays', async () => {
  await enable();
  await put('a', seconds(Duration.hours(1)));
  await here.dynamodb.updateItem({
    TableName,
    Key: { id: { S: 'a' } },
    UpdateExpression: 'SET expires = :later',
    ExpressionAttributeValues: { ':later': { N: seconds(Duration.hours(5)) } },
  });
  await here.aws.clock.advance(Duration.hours(4));
  expect(await ids()).toEqual(['a']);
});

test('items that were there before go as well; those from more than five years ago stay', async () => {
  await put('there', seconds(Duration.hours(1)));
  await put(
    'ancient',
    String(here.aws.clock.now() / 1000 - Duration.days(5 * 365 + 1).toSeconds()),
  );
  await put('milliseconds', String(here.aws.clock.now()));
  await enable();
  await here.aws.clock.advance(Duration.hours(2));
  expect(await ids()).toEqual(['ancient', 'milliseconds']);
});

test('an item that goes leaves its indexes', async () => {
  await createTable(here, orders);
  await here.dynamodb.updateTimeToLive({
    TableName: 'orders',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  });
  await here.dynamodb.putItem({
    TableName: 'orders',
    Item: {
      customer: { S: 'ann' },
      number: { N: '1' },
      state: { S: 'open' },
      expires: { N: seconds(Duration.minutes(1)) },
    },
  });
  await here.aws.clock.advance(Duration.minutes(20));
  expect(await here.dynamodb.scan({ TableName: 'orders', IndexName: 'by-state' })).toMatchObject({
    Count: 0,
  });
});

test('it takes an hour to be turned on, in which it is not turned off', async () => {
  expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await enable();
  expect(await status()).toEqual({ TimeToLiveStatus: 'ENABLING', AttributeName: 'expires' });
  await expect(enable(false)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Time to live has been modified multiple times within a fixed interval',
  });
  await here.aws.clock.advance(Duration.hours(1));
  expect(await status()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  await expect(enable()).rejects.toMatchObject({ message: 'TimeToLive is already enabled' });
  await expect(enable(true, 'other')).rejects.toMatchObject({
    message: 'TimeToLive is active on a different AttributeName: current AttributeName is expires',
  });
  await enable(false);
  await put('a', seconds(Duration.minutes(1)));
  await here.aws.clock.advance(Duration.hours(1));
  expect(await ids()).toEqual(['a']);
  expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLED' });
});
