import { KinesisBench, shardId, streamArn } from './support';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
});

afterEach(() => bench.stop());

test('a stream is created and deleted in its time', async () => {
  const { kinesis } = bench;
  await kinesis.createStream({ StreamName: 'clicks', ShardCount: 2, Tags: { team: 'web' } });
  const status = async () =>
    (await kinesis.describeStreamSummary({ StreamName: 'clicks' })).StreamDescriptionSummary
      ?.StreamStatus;
  expect(await status()).toBe('CREATING');
  await expect(bench.put('clicks', 'a', 'early')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 })).rejects.toMatchObject(
    {
      name: 'ResourceInUseException',
      message: 'Stream clicks under account 000000000000 already exists.',
    },
  );
  await bench.settle();
  const { StreamDescription } = await kinesis.describeStream({ StreamName: 'clicks' });
  expect(StreamDescription).toMatchObject({
    StreamARN: streamArn('clicks'),
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    RetentionPeriodHours: 24,
    EncryptionType: 'NONE',
    HasMoreShards: false,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  });
  expect(StreamDescription?.Shards?.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
    { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) },
    { StartingHashKey: String(2n ** 127n), EndingHashKey: String(2n ** 128n - 1n) },
  ]);
  await kinesis.deleteStream({ StreamName: 'clicks' });
  expect(await status()).toBe('DELETING');
  await bench.settle();
  await expect(status()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an on-demand stream begins with four shards', async () => {
  await bench.kinesis.createStream({
    StreamName: 'clicks',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  await bench.settle();
  const { StreamDescriptionSummary } = await bench.kinesis.describeStreamSummary({
    StreamARN: streamArn('clicks'),
  });
  expect(StreamDescriptionSummary).toMatchObject({
    OpenShardCount: 4,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    MaxRecordSizeInKiB: 1024,
  });
});

test('streams and shards are listed page by page', async () => {
  await bench.stream('b', 3);
  await bench.stream('a');
  const { kinesis } = bench;
  const first = await kinesis.listStreams({ Limit: 1 });
  expect(first).toMatchObject({ StreamNames: ['a'], HasMoreStreams: true });
  const second = await kinesis.listStreams({ Limit: 1, NextToken: first.NextToken });
  expect(second).toMatchObject({ StreamNames: ['b'], HasMoreStreams: false });
  const { StreamDescription } = await kinesis.describeStream({
    StreamName: 'b',
    Limit: 1,
    ExclusiveStartShardId: shardId(0),
  });
  expect(StreamDescription?.Shards?.map(({ ShardId }) => ShardId)).toEqual([shardId(1)]);
  expect(StreamDescription?.HasMoreShards).toBe(true);
});

test('a stream of a thousand shards', async () => {
  await bench.stream('wide', 1000);
  const { Records } = await bench.kinesis.putRecords({
    StreamName: 'wide',
    Records: Array.from({ length: 500 }, (_, index) => ({
      PartitionKey: `key-${index}`,
      Data: Buffer.from('x'),
    })),
  });
  expect(new Set(Records?.map(({ ShardId }) => ShardId)).size).toBeGreaterThan(300);
});
