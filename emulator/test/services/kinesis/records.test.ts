import { Kinesis } from '@aws-sdk/client-kinesis';
import { KinesisBench, shardId, streamArn, textsOf } from './support';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
});

afterEach(() => bench.stop());

test('records are read in the order in which they were put', async () => {
  await bench.stream('clicks');
  const first = await bench.put('clicks', 'user-1', 'one');
  await bench.aws.clock.advance(10);
  const second = await bench.put('clicks', 'user-1', 'two');
  expect(first).toMatchObject({
    ShardId: shardId(0),
    SequenceNumber: expect.stringMatching(/^\d{56}$/),
  });
  expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
  const ShardIterator = await bench.iterator('clicks', shardId(0));
  const read = await bench.kinesis.getRecords({ ShardIterator });
  expect(textsOf(read.Records)).toEqual(['one', 'two']);
  expect(read.Records?.[1]).toMatchObject({
    SequenceNumber: second.SequenceNumber,
    PartitionKey: 'user-1',
    ApproximateArrivalTimestamp: new Date(bench.aws.clock.now()),
  });
  expect(read.MillisBehindLatest).toBe(0);
  const next = await bench.kinesis.getRecords({ ShardIterator: read.NextShardIterator });
  expect(next).toMatchObject({ Records: [], NextShardIterator: expect.any(String) });
});

test('the same over HTTP/2, as the client speaks it to an address', async () => {
  await bench.stream('clicks');
  const client = new Kinesis({
    region: 'us-east-1',
    endpoint: await bench.aws.endpoint(),
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'x' },
  });
  await client.putRecord({
    StreamARN: streamArn('clicks'),
    PartitionKey: 'a',
    Data: Buffer.from('one'),
  });
  expect(await bench.texts('clicks')).toEqual(['one']);
  client.destroy();
});

test('a partition key goes to the shard of its MD5, an explicit hash key to its own', async () => {
  await bench.stream('clicks', 4);
  // md5('a') = 0cc1…, md5('b') = 92eb…, md5('d') = 8277…, md5('c') = 4a8a…
  const shards = ['a', 'c', 'b'].map(async (key) => (await bench.put('clicks', key, key)).ShardId);
  expect(await Promise.all(shards)).toEqual([shardId(0), shardId(1), shardId(2)]);
  const explicit = await bench.kinesis.putRecord({
    StreamName: 'clicks',
    PartitionKey: 'a',
    ExplicitHashKey: String(2n ** 128n - 1n),
    Data: Buffer.from('last'),
  });
  expect(explicit.ShardId).toBe(shardId(3));
  await expect(
    bench.kinesis.putRecord({
      StreamName: 'clicks',
      PartitionKey: 'a',
      ExplicitHashKey: String(2n ** 128n),
      Data: Buffer.from('none'),
    }),
  ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('a shard takes 1,000 records a second; the rest of a batch fails, and only that', async () => {
  await bench.stream('clicks', 2);
  const batch = (hash: bigint) =>
    bench.kinesis.putRecords({
      StreamName: 'clicks',
      Records: Array.from({ length: 400 }, (_, index) => ({
        PartitionKey: String(index),
        ExplicitHashKey: String(hash),
        Data: Buffer.from(String(index)),
      })),
    });
  expect((await batch(0n)).FailedRecordCount).toBe(0);
  expect((await batch(0n)).FailedRecordCount).toBe(0);
  const third = await batch(0n);
  expect(third.FailedRecordCount).toBe(200);
  expect(third.Records?.[199]).toMatchObject({ ShardId: shardId(0) });
  expect(third.Records?.[200]).toEqual({
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage:
      'Rate exceeded for shard shardId-000000000000 in stream clicks under account 000000000000.',
  });
  expect((await batch(2n ** 127n)).FailedRecordCount).toBe(0);
  await bench.aws.clock.advance(999);
  await expect(bench.put('clicks', 'a', 'x')).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
    message:
      'Rate exceeded for shard shardId-000000000000 in stream clicks under account 000000000000.',
  });
  await bench.aws.clock.advance(1);
  expect((await batch(0n)).FailedRecordCount).toBe(0);
});

test('a shard takes 1 MiB a second', async () => {
  await bench.stream('clicks');
  const put = (size: number) =>
    bench.kinesis.putRecord({
      StreamName: 'clicks',
      PartitionKey: 'a',
      Data: Buffer.alloc(size),
    });
  await put(1024 * 512 - 1);
  await put(1024 * 512 - 1);
  await expect(put(0)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  await bench.aws.clock.advance(1000);
  await put(1024 * 1024 - 1);
  await expect(put(1024 * 1024)).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048576 cap=1048576]' at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
  });
});

test('a shard is read five times a second, and 2 MiB a second', async () => {
  await bench.stream('clicks');
  const ShardIterator = await bench.iterator('clicks', shardId(0));
  const read = () => bench.kinesis.getRecords({ ShardIterator });
  for (let call = 0; call < 5; call += 1) await read();
  await expect(read()).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
  });
  for (let second = 0; second < 4; second += 1) {
    await bench.aws.clock.advance(1000);
    await bench.kinesis.putRecord({
      StreamName: 'clicks',
      PartitionKey: 'a',
      Data: Buffer.alloc(1024 * 1024 - 1),
    });
  }
  expect((await read()).Records).toHaveLength(4);
  await bench.aws.clock.advance(1999);
  await expect(read()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  await bench.aws.clock.advance(1);
  await read();
});

test('iterators begin where they are told to', async () => {
  await bench.stream('clicks');
  const sent: string[] = [];
  const times: Date[] = [];
  for (const text of ['one', 'two', 'three']) {
    times.push(new Date(bench.aws.clock.now()));
    sent.push((await bench.put('clicks', 'a', text)).SequenceNumber ?? '');
    await bench.aws.clock.advance(1000);
  }
  const read = async (ShardIterator: string) =>
    textsOf((await bench.kinesis.getRecords({ ShardIterator })).Records);
  const at = (type: 'AFTER_SEQUENCE_NUMBER' | 'AT_SEQUENCE_NUMBER', sequence = sent[1]) =>
    bench.iterator('clicks', shardId(0), type, sequence);
  expect(await read(await at('AT_SEQUENCE_NUMBER'))).toEqual(['two', 'three']);
  expect(await read(await at('AFTER_SEQUENCE_NUMBER'))).toEqual(['three']);
  expect(await read(await bench.iterator('clicks', shardId(0), 'LATEST'))).toEqual([]);
  const { ShardIterator = '' } = await bench.kinesis.getShardIterator({
    StreamName: 'clicks',
    ShardId: '0',
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: times[1],
  });
  expect(await read(ShardIterator)).toEqual(['two', 'three']);
  await bench.aws.clock.advance(1000);
  await expect(at('AT_SEQUENCE_NUMBER', '1')).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message:
      'StartingSequenceNumber 1 used in GetShardIterator on shard shardId-000000000000 in stream clicks under account 000000000000 is invalid.',
  });
  await expect(bench.iterator('clicks', shardId(0), 'LATEST', sent[0])).rejects.toMatchObject({
    name: 'InvalidArgumentException',
  });
  await expect(bench.iterator('clicks', shardId(7))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message:
      'Shard shardId-000000000007 in stream clicks under account 000000000000 does not exist',
  });
});

test('an iterator is good for five minutes, and for nobody else', async () => {
  await bench.stream('clicks');
  const ShardIterator = await bench.iterator('clicks', shardId(0));
  await bench.aws.clock.advance(300_000);
  await bench.kinesis.getRecords({ ShardIterator });
  await bench.aws.clock.advance(1);
  await expect(bench.kinesis.getRecords({ ShardIterator })).rejects.toMatchObject({
    name: 'ExpiredIteratorException',
    message: expect.stringMatching(
      /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d\d [\d:]{8} UTC 2035 while right now it is .* tolerated delay of 300000 milliseconds\.$/,
    ),
  });
  const fresh = await bench.iterator('clicks', shardId(0));
  const foreign = `${fresh.slice(0, -6)}AAAAAA`;
  for (const invalid of [foreign, 'AAAA', fresh.slice(4)])
    await expect(bench.kinesis.getRecords({ ShardIterator: invalid })).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: 'Invalid ShardIterator.',
    });
  const another = await KinesisBench.start({ seed: 2 });
  await another.stream('clicks');
  await expect(another.kinesis.getRecords({ ShardIterator: fresh })).rejects.toMatchObject({
    name: 'InvalidArgumentException',
  });
  await another.stop();
});

test('GetRecords says how far behind it is, and stops at its limits', async () => {
  await bench.stream('clicks');
  for (const text of ['one', 'two', 'three']) {
    await bench.put('clicks', 'a', text);
    await bench.aws.clock.advance(1000);
  }
  const ShardIterator = await bench.iterator('clicks', shardId(0));
  const read = await bench.kinesis.getRecords({ ShardIterator, Limit: 2 });
  expect(textsOf(read.Records)).toEqual(['one', 'two']);
  expect(read.MillisBehindLatest).toBe(2000);
  const rest = await bench.kinesis.getRecords({ ShardIterator: read.NextShardIterator });
  expect(textsOf(rest.Records)).toEqual(['three']);
  expect(rest.MillisBehindLatest).toBe(0);
  await expect(bench.kinesis.getRecords({ ShardIterator, Limit: 10_001 })).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  });
});

test('records go when the retention period is over, at that very moment', async () => {
  await bench.stream('clicks');
  await bench.put('clicks', 'a', 'one');
  await bench.aws.clock.advance(60_000);
  await bench.put('clicks', 'a', 'two');
  const day = 24 * 60 * 60 * 1000;
  await bench.aws.clock.advance(day - 60_001);
  expect(await bench.texts('clicks')).toEqual(['one', 'two']);
  await bench.aws.clock.advance(1);
  expect(await bench.texts('clicks')).toEqual(['two']);
});

test('what is wrong with a record is said before anything is put', async () => {
  await bench.stream('clicks');
  await expect(
    bench.kinesis.putRecords({
      StreamName: 'clicks',
      Records: [
        { PartitionKey: 'a', Data: Buffer.from('fine') },
        { PartitionKey: '', ExplicitHashKey: '-1', Data: Buffer.from('x') },
      ],
    }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "2 validation errors detected: Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '-1' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
  });
  expect(await bench.texts('clicks')).toEqual([]);
  await expect(bench.put('missing', 'a', 'x')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Stream missing under account 000000000000 not found.',
  });
});
