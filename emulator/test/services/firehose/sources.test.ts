import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { destination, FirehoseBench, roleArn } from './support';

let bench: FirehoseBench;
let kinesis: Kinesis;
beforeEach(async () => {
  bench = await FirehoseBench.start();
  kinesis = bench.aws.client(Kinesis);
});
afterEach(() => bench.stop());

const KinesisStreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/source';
const readerActions = ['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListShards'].map(
  (name) => `kinesis:${name}`,
);

async function connect(actions: readonly string[] = readerActions): Promise<void> {
  await kinesis.createStream({ StreamName: 'source', ShardCount: 2 });
  await bench.aws.clock.advance(5000);
  await kinesis.putRecord({
    StreamName: 'source',
    PartitionKey: 'a',
    Data: Buffer.from('too early'),
  });
  await bench.role('reader', actions);
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: 'clicks',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN: roleArn('reader') },
    ExtendedS3DestinationConfiguration: destination(),
  });
  await bench.aws.clock.advance(10_000);
}

const put = (PartitionKey: string, text: string | Uint8Array) =>
  kinesis.putRecord({ StreamName: 'source', PartitionKey, Data: Buffer.from(text) });

test('what comes into the source stream is delivered, each shard in order, and producers are turned away', async () => {
  await connect();
  const sent = Array.from({ length: 50 }, (_, index) => `${index % 5}:${index};`);
  for (const text of sent) await put(text.slice(0, 1), text);
  await bench.aws.clock.advance(60_000);
  const [object = '', ...others] = await bench.texts();
  expect(others).toEqual([]);
  const got = object.split(';').filter((text) => text !== '');
  expect([...got].sort()).toEqual(sent.map((text) => text.slice(0, -1)).sort());
  for (const key of '01234') {
    const numbers = got.filter((text) => text.startsWith(key)).map((text) => Number(text.slice(2)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
  await expect(bench.put('clicks', 'directly')).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
  });
  await expect(
    bench.firehose.startDeliveryStreamEncryption({ DeliveryStreamName: 'clicks' }),
  ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('nothing is lost while the role may not read', async () => {
  await connect();
  await put('a', 'one,');
  await bench.aws.clock.settle();
  await bench.grant('reader', []);
  await put('a', 'two,');
  await bench.aws.clock.advance(120_000);
  expect(await bench.texts()).toEqual(['one,']);
  await bench.grant('reader', readerActions);
  await bench.aws.clock.advance(180_000);
  expect((await bench.texts()).sort()).toEqual(['one,', 'two,']);
});

test('what cannot be delivered stays in the stream, which says how far behind Firehose is', async () => {
  await connect();
  await bench.grant('delivery', []);
  const minute = 60_000;
  for (let n = 0; n < 90; n++) {
    await put('a', `${n};`);
    await bench.aws.clock.advance(minute);
  }
  const { Datapoints = [] } = await bench.aws.client(CloudWatch).getMetricStatistics({
    Namespace: 'AWS/Firehose',
    MetricName: 'KinesisMillisBehindLatest',
    Dimensions: [{ Name: 'DeliveryStreamName', Value: 'clicks' }],
    StartTime: new Date(bench.aws.clock.now() - 5 * minute),
    EndTime: new Date(bench.aws.clock.now()),
    Period: 300,
    Statistics: ['Maximum'],
  });
  expect(Datapoints[0]?.Maximum).toBeGreaterThan(80 * minute);
  await bench.grant('delivery', ['s3:PutObject']);
  await bench.aws.clock.advance(3 * minute);
  const texts = (await bench.objects()).map(({ bytes }) => `${bytes}`);
  expect(texts.join('')).toBe(Array.from({ length: 90 }, (_, n) => `${n};`).join(''));
  // Nearly all of it was read at once when it could go on.
  expect(texts.length).toBeLessThan(6);
});

test('the journal knows a record from the stream to the bucket', async () => {
  await connect();
  const { SequenceNumber = '' } = await put('a', 'one');
  await bench.aws.clock.advance(60_000);
  expect(
    bench.aws.journal.trace(SequenceNumber).map(({ kind, resource }) => [kind, resource]),
  ).toEqual([
    ['published', KinesisStreamARN],
    ['delivered', 'arn:aws:s3:::archive'],
  ]);
});

test('shards that are split and merged are read on, parents first', async () => {
  await connect();
  for (let n = 0; n < 10; n++) await put('a', `${n};`);
  await kinesis.updateShardCount({
    StreamName: 'source',
    TargetShardCount: 4,
    ScalingType: 'UNIFORM_SCALING',
  });
  for (let n = 10; n < 20; n++) await put('a', `${n};`);
  await bench.aws.clock.advance(5000);
  for (let n = 20; n < 30; n++) await put('a', `${n};`);
  await bench.aws.clock.advance(60_000);
  expect((await bench.texts()).join('')).toBe(
    Array.from({ length: 30 }, (_, n) => `${n};`).join(''),
  );
});

test('records that the Kinesis Producer Library has put together are taken apart', async () => {
  await connect();
  const field = (number: number, content: Uint8Array) =>
    Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
  const record = (keyIndex: number, text: string) =>
    field(3, Buffer.concat([Buffer.from([8, keyIndex]), field(3, Buffer.from(text))]));
  const content = Buffer.concat([
    field(1, Buffer.from('a')),
    field(1, Buffer.from('b')),
    record(0, 'one,'),
    record(1, 'two,'),
    record(0, 'three,'),
  ]);
  const digest = createHash('md5').update(content).digest();
  await put('a', Buffer.concat([Buffer.from('f3899ac2', 'hex'), content, digest]));
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts()).toEqual(['one,two,three,']);
});

test.each([
  [
    'may not read it',
    readerActions.slice(1),
    'is not authorized to perform: kinesis:DescribeStream',
  ],
])('a source whose role %s is refused', async (_what, actions, message) => {
  await expect(connect(actions)).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringContaining(message),
  });
});

test.each([
  ['MSKAsSource', 'the DeliveryStreamType MSKAsSource'],
  ['DatabaseAsSource', 'the DeliveryStreamType DatabaseAsSource'],
] as const)('%s is refused by name', async (DeliveryStreamType, message) => {
  await expect(
    bench.firehose.createDeliveryStream({
      DeliveryStreamName: 'clicks',
      DeliveryStreamType,
      ExtendedS3DestinationConfiguration: destination(),
    }),
  ).rejects.toThrow(message);
});

test('records of CloudWatch Logs are unpacked, and their messages taken out', async () => {
  await bench.stream('logs', {
    ErrorOutputPrefix: 'errors/',
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: 'Decompression',
          Parameters: [{ ParameterName: 'CompressionFormat', ParameterValue: 'GZIP' }],
        },
        {
          Type: 'CloudWatchLogProcessing',
          Parameters: [{ ParameterName: 'DataMessageExtraction', ParameterValue: 'true' }],
        },
      ],
    },
  });
  const putLogs = (document: object) =>
    bench.firehose.putRecord({
      DeliveryStreamName: 'logs',
      Record: { Data: gzipSync(JSON.stringify(document)) },
    });
  await putLogs({ messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'CWL CONTROL' }] });
  await putLogs({
    messageType: 'DATA_MESSAGE',
    logEvents: [{ message: 'one' }, { message: 'two' }],
  });
  await bench.put('logs', 'not packed');
  await bench.aws.clock.advance(60_000);
  const [failure = '', text, ...others] = (await bench.texts()).sort().reverse();
  expect(others).toEqual([]);
  expect(text).toBe('one\ntwo\n');
  expect(JSON.parse(failure)).toMatchObject({
    rawData: Buffer.from('not packed').toString('base64'),
  });
});
