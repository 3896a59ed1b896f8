import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import { LambdaHarness } from '../harness';

const second = 1000;
const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
let aws: LambdaHarness;

beforeEach(() => {
  aws = LambdaHarness.manual();
});
afterEach(() => aws.stop());

/** Logs the texts of each batch. Fails where one begins with `throw`; reports those that begin with `bad`. */
const handler = `exports.handler = async ({ Records }) => {
  const text = ({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString();
  console.log('batch ' + JSON.stringify(Records.map(text)));
  if (Records.some((record) => text(record).startsWith('throw'))) throw new Error('no');
  return { batchItemFailures: Records.filter((record) => text(record).startsWith('bad')).map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
};`;

let start = 0;

async function setUp(
  mapping: Partial<CreateEventSourceMappingCommandInput> = {},
  code = handler,
  ShardCount = 1,
): Promise<string> {
  await aws.kinesis.createStream({ StreamName: 'clicks', ShardCount });
  await aws.clock.advance(5000);
  await aws.createFunction('consumer', code);
  start = aws.clock.now();
  return map(mapping);
}

async function map(mapping: Partial<CreateEventSourceMappingCommandInput>): Promise<string> {
  const { UUID = '' } = await aws.lambda.createEventSourceMapping({
    EventSourceArn: streamArn,
    FunctionName: 'consumer',
    StartingPosition: 'TRIM_HORIZON',
    ...mapping,
  });
  return UUID;
}

async function put(...texts: string[]): Promise<void> {
  for (const text of texts)
    await aws.kinesis.putRecord({
      StreamName: 'clicks',
      PartitionKey: text.replace(/\d+$/, ''),
      Data: Buffer.from(text),
    });
}

/** The batches that the function has logged, each with the second at which it did. */
function batches(): [number, string[]][] {
  return aws.logs
    .filter((entry) => entry.message.includes('\tbatch '))
    .map((entry) => [
      (entry.timestamp - start) / second,
      JSON.parse(entry.message.split('\tbatch ')[1] ?? ''),
    ]);
}

const texts = () => batches().map(([, batch]) => batch);

test('gives the function the event that AWS gives', async () => {
  await setUp(
    {},
    'exports.handler = async (event) => { console.log("event " + JSON.stringify(event)); };',
  );
  const { SequenceNumber } = await aws.kinesis.putRecord({
    StreamName: 'clicks',
    PartitionKey: 'user',
    Data: Buffer.from('hello'),
  });
  await aws.clock.settle();
  const line = aws.logs.find(({ message }) => message.includes('\tevent '))?.message ?? '';
  expect(JSON.parse(line.split('\tevent ')[1] ?? '')).toEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'user',
          sequenceNumber: SequenceNumber,
          data: Buffer.from('hello').toString('base64'),
          approximateArrivalTimestamp: start / 1000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `shardId-000000000000:${SequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::000000000000:role/worker',
        awsRegion: 'us-east-1',
        eventSourceARN: streamArn,
      },
    ],
  });
});

test('begins with the oldest record, with the next, or with those of a time', async () => {
  await setUp({ Enabled: false });
  await put('a1');
  await aws.clock.advance(10 * second);
  await put('a2');
  for (const [name, position] of [
    ['oldest', { StartingPosition: 'TRIM_HORIZON' }],
    ['latest', { StartingPosition: 'LATEST' }],
    [
      'timed',
      { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(aws.clock.now()) },
    ],
  ] as const) {
    await aws.createFunction(name, handler);
    await map({ FunctionName: name, ...position });
  }
  await aws.clock.settle();
  await put('a3');
  await aws.clock.settle();
  const of = (name: string) =>
    aws.logs
      .filter(({ group, message }) => group.endsWith(`/${name}`) && message.includes('\tbatch '))
      .flatMap(({ message }) => JSON.parse(message.split('\tbatch ')[1] ?? ''));
  expect([of('oldest'), of('latest'), of('timed')]).toEqual([
    ['a1', 'a2', 'a3'],
    ['a3'],
    ['a2', 'a3'],
  ]);
});

test('waits for a full batch, at most as long as the batching window', async () => {
  await setUp({ BatchSize: 3, MaximumBatchingWindowInSeconds: 30 });
  await put('a1', 'a2', 'a3', 'a4');
  await aws.clock.advance(60 * second);
  expect(batches()).toEqual([
    [0, ['a1', 'a2', 'a3']],
    [30, ['a4']],
  ]);
});

test('a batch that fails is tried again before anything that follows', async () => {
  await setUp({ BatchSize: 2, MaximumRetryAttempts: 2 });
  await put('throw1', 'a2', 'a3');
  await aws.clock.advance(60 * second);
  expect(batches()).toEqual([
    [0, ['throw1', 'a2']],
    [1, ['throw1', 'a2']],
    [3, ['throw1', 'a2']],
    [3, ['a3']],
  ]);
});

test('what is reported as failed is tried again from there on, and then told to the destination', async () => {
  const { QueueUrl = '' } = await aws.sqs.createQueue({ QueueName: 'failures' });
  await setUp({
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 1,
    DestinationConfig: {
      OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failures' },
    },
  });
  await put('a1', 'bad2', 'a3');
  await aws.clock.advance(60 * second);
  expect(texts()).toEqual([
    ['a1', 'bad2', 'a3'],
    ['bad2', 'a3'],
  ]);
  const { Messages } = await aws.sqs.receiveMessage({ QueueUrl });
  const message = JSON.parse(Messages?.[0]?.Body ?? '');
  expect(message).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
    KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 2, streamArn },
  });
  expect(BigInt(message.KinesisBatchInfo.startSequenceNumber)).toBeLessThan(
    BigInt(message.KinesisBatchInfo.endSequenceNumber),
  );
});

test('a bucket gets the records themselves that were given up', async () => {
  const UUID = await setUp({
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
  });
  await put('throw1', 'a2');
  await aws.clock.advance(60 * second);
  const [[objectArn, text] = ['', '']] = [...aws.stored];
  expect(aws.stored.size).toBe(1);
  expect(objectArn).toMatch(
    new RegExp(
      `^arn:aws:s3:::failures/aws/lambda/${UUID}/shardId-000000000000/2035/01/01/2035-01-01T00\\.00\\.\\d\\d-[\\da-f-]{36}$`,
    ),
  );
  const { payload, ...metadata } = JSON.parse(text);
  expect(metadata).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
    KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 2, streamArn },
  });
  const records: { kinesis: { data: string } }[] = JSON.parse(payload).Records;
  expect(records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())).toEqual([
    'throw1',
    'a2',
  ]);
});

test('a batch is cut in two until the record is alone that fails it', async () => {
  await setUp({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 });
  await put('a1', 'a2', 'throw3', 'a4');
  await aws.clock.advance(60 * second);
  expect(texts()).toEqual([
    ['a1', 'a2', 'throw3', 'a4'],
    ['a1', 'a2'],
    ['throw3', 'a4'],
    ['throw3'],
    ['a4'],
  ]);
});

test('records that are too old are given up', async () => {
  const { QueueUrl = '' } = await aws.sqs.createQueue({ QueueName: 'failures' });
  await setUp({
    MaximumRecordAgeInSeconds: 60,
    DestinationConfig: {
      OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failures' },
    },
  });
  await put('throw1');
  await aws.clock.advance(300 * second);
  const { Messages } = await aws.sqs.receiveMessage({ QueueUrl });
  expect(JSON.parse(Messages?.[0]?.Body ?? '').requestContext.condition).toBe('RecordAgeExceeded');
  await put('a2');
  await aws.clock.settle();
  expect(texts().at(-1)).toEqual(['a2']);
});

test('records that no filter wants are passed over', async () => {
  await setUp({
    FilterCriteria: {
      Filters: [
        { Pattern: JSON.stringify({ data: { kind: ['order'] } }) },
        { Pattern: JSON.stringify({ partitionKey: ['wanted'] }) },
      ],
    },
  });
  await put('wanted1', 'other1', '{"kind":"order"}', '{"kind":"visit"}');
  await aws.clock.settle();
  expect(texts().flat()).toEqual(['wanted1', '{"kind":"order"}']);
});

test('with parallel batches of a shard each key keeps its order, whatever fails', async () => {
  await setUp({ ParallelizationFactor: 4, BatchSize: 2, MaximumRetryAttempts: 1 });
  const sent = Array.from({ length: 60 }, (_, index) => `key-${index % 6}-${index}`);
  sent.splice(20, 0, 'throw-0');
  await put(...sent);
  await aws.clock.advance(120 * second);
  const seen = [...new Set(texts().flat())];
  expect(new Set(seen)).toEqual(new Set(sent));
  for (let key = 0; key < 6; key += 1) {
    const ofKey = (all: string[]) => all.filter((text) => text.startsWith(`key-${key}-`));
    expect(ofKey(seen)).toEqual(ofKey(sent));
  }
});

test('the children of a shard are read when all of it has been done with', async () => {
  await setUp({ BatchSize: 1, MaximumRetryAttempts: 3 });
  await put('throw1', 'a2');
  await aws.kinesis.updateShardCount({
    StreamName: 'clicks',
    TargetShardCount: 2,
    ScalingType: 'UNIFORM_SCALING',
  });
  await aws.clock.advance(5 * second);
  await put('a3', 'b4');
  await aws.clock.advance(60 * second);
  const seen = texts().flat();
  expect(seen.filter((text) => text === 'throw1')).toHaveLength(4);
  expect(seen.slice(4, 5)).toEqual(['a2']);
  expect(seen.slice(5).sort()).toEqual(['a3', 'b4']);
});

test('a mapping that was disabled goes on where it was', async () => {
  const UUID = await setUp();
  await put('a1');
  await aws.clock.settle();
  await aws.lambda.updateEventSourceMapping({ UUID, Enabled: false });
  await put('a2');
  await aws.clock.advance(60 * second);
  expect(texts()).toEqual([['a1']]);
  await aws.lambda.updateEventSourceMapping({ UUID, Enabled: true, ParallelizationFactor: 2 });
  await aws.clock.settle();
  expect(texts()).toEqual([['a1'], ['a2']]);
  await aws.lambda.deleteEventSourceMapping({ UUID });
  await put('a3');
  await aws.clock.advance(60 * second);
  expect(texts()).toEqual([['a1'], ['a2']]);
});

test('a consumer of the stream is a source, too', async () => {
  await aws.kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 });
  await aws.clock.advance(5000);
  const { Consumer } = await aws.kinesis.registerStreamConsumer({
    StreamARN: streamArn,
    ConsumerName: 'billing',
  });
  await aws.clock.advance(5000);
  await aws.createFunction('consumer', handler);
  start = aws.clock.now();
  await map({ EventSourceArn: Consumer?.ConsumerARN });
  await put('a1');
  await aws.clock.settle();
  expect(texts()).toEqual([['a1']]);
});

test.each([
  [{ BatchSize: 10_001 }, 'Member must have value less than or equal to 10000'],
  [{ ParallelizationFactor: 11 }, 'Member must have value less than or equal to 10'],
  [{ StartingPosition: undefined }, 'startingPosition'],
  [{ MaximumRecordAgeInSeconds: 59 }, 'MaximumRecordAgeInSeconds'],
  [{ TumblingWindowInSeconds: 30 }, 'parameter TumblingWindowInSeconds'],
  [{ ScalingConfig: { MaximumConcurrency: 5 } }, 'ScalingConfig is not supported'],
  [{ EventSourceArn: `${streamArn}s` }, 'Stream not found'],
  [
    { DestinationConfig: { OnFailure: { Destination: 'kafka://orders' } } },
    'OnFailure destination kafka://orders',
  ],
] as const)('%j is refused', async (mapping, reason) => {
  await setUp();
  await expect(map(mapping)).rejects.toThrow(reason);
});
