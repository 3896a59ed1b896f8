import fc from 'fast-check';
import { KinesisBench, shardId, textsOf } from './support';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
});

afterEach(() => bench.stop());

const half = 2n ** 127n;

test('a split closes a shard, whose reader is told of its children', async () => {
  const { kinesis } = bench;
  await bench.stream('clicks');
  await bench.put('clicks', 'a', 'before');
  await kinesis.splitShard({
    StreamName: 'clicks',
    ShardToSplit: shardId(0),
    NewStartingHashKey: String(half),
  });
  const { StreamDescription } = await kinesis.describeStream({ StreamName: 'clicks' });
  expect(StreamDescription).toMatchObject({ StreamStatus: 'UPDATING' });
  await bench.put('clicks', 'a', 'during');
  await bench.settle();
  expect((await bench.put('clicks', 'a', 'after')).ShardId).toBe(shardId(1));
  const { Shards = [] } = await kinesis.listShards({ StreamName: 'clicks' });
  expect(Shards).toMatchObject([
    { ShardId: shardId(0), SequenceNumberRange: { EndingSequenceNumber: expect.any(String) } },
    { ShardId: shardId(1), ParentShardId: shardId(0), HashKeyRange: { StartingHashKey: '0' } },
    { ShardId: shardId(2), HashKeyRange: { StartingHashKey: String(half) } },
  ]);
  expect(BigInt(Shards[1]?.SequenceNumberRange?.StartingSequenceNumber ?? 0)).toBeGreaterThan(
    BigInt(StreamDescription?.Shards?.[0]?.SequenceNumberRange?.StartingSequenceNumber ?? 0),
  );
  const read = await kinesis.getRecords({
    ShardIterator: await bench.iterator('clicks', shardId(0)),
  });
  expect(textsOf(read.Records)).toEqual(['before', 'during']);
  expect(read.NextShardIterator).toBeUndefined();
  expect(read.ChildShards).toEqual([
    {
      ShardId: shardId(1),
      ParentShards: [shardId(0)],
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) },
    },
    {
      ShardId: shardId(2),
      ParentShards: [shardId(0)],
      HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(2n * half - 1n) },
    },
  ]);
});

test('records are in the shards that the answers to their batches name, before, during and after a split', async () => {
  const { kinesis } = bench;
  await bench.stream('clicks', 2);
  const quarter = half / 2n;
  const hashKeys = [0n, quarter - 1n, quarter, half - 1n, half, 2n * half - 1n];
  const put = async (when: string) => {
    const { Records = [] } = await kinesis.putRecords({
      StreamName: 'clicks',
      Records: hashKeys.map((hashKey) => ({
        PartitionKey: 'a',
        ExplicitHashKey: String(hashKey),
        Data: Buffer.from(`${when} ${hashKey}`),
      })),
    });
    return Records.map(({ SequenceNumber, ShardId = '' }, index) => ({
      text: `${when} ${hashKeys[index]}`,
      SequenceNumber,
      ShardId,
    }));
  };
  const before = await put('before');
  await kinesis.splitShard({
    StreamName: 'clicks',
    ShardToSplit: shardId(0),
    NewStartingHashKey: String(quarter),
  });
  const during = await put('during');
  await bench.settle();
  const after = await put('after');
  const shardsOf = (answers: typeof before) => answers.map(({ ShardId }) => ShardId);
  expect(shardsOf(before)).toEqual([0, 0, 0, 0, 1, 1].map(shardId));
  expect(shardsOf(during)).toEqual(shardsOf(before));
  expect(shardsOf(after)).toEqual([2, 2, 3, 3, 1, 1].map(shardId));
  for (const index of [0, 1, 2, 3]) {
    const { Records = [] } = await kinesis.getRecords({
      ShardIterator: await bench.iterator('clicks', shardId(index)),
    });
    expect(
      Records.map(({ SequenceNumber }, place) => ({
        text: textsOf(Records)[place],
        SequenceNumber,
        ShardId: shardId(index),
      })),
    ).toEqual([...before, ...during, ...after].filter(({ ShardId }) => ShardId === shardId(index)));
  }
});

test('two neighbours are merged', async () => {
  const { kinesis } = bench;
  await bench.stream('clicks', 3);
  const merge = (ShardToMerge: string, AdjacentShardToMerge: string) =>
    kinesis.mergeShards({ StreamName: 'clicks', ShardToMerge, AdjacentShardToMerge });
  await expect(merge(shardId(0), shardId(2))).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message:
      'Shards shardId-000000000000 and shardId-000000000002 in stream clicks under account 000000000000 are not an adjacent pair of shards eligible for merging',
  });
  await merge(shardId(1), shardId(2));
  await expect(merge(shardId(0), shardId(1))).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: 'Stream clicks under account 000000000000 not ACTIVE, instead in state UPDATING',
  });
  await bench.settle();
  const { Shards = [] } = await kinesis.listShards({
    StreamName: 'clicks',
    ShardFilter: { Type: 'AT_LATEST' },
  });
  expect(Shards).toMatchObject([
    { ShardId: shardId(0) },
    { ShardId: shardId(3), ParentShardId: shardId(1), AdjacentParentShardId: shardId(2) },
  ]);
});

test('UpdateShardCount doubles or halves at most, and ten times a day', async () => {
  const { kinesis } = bench;
  await bench.stream('clicks', 2);
  const scale = async (TargetShardCount: number) => {
    const answer = await kinesis.updateShardCount({
      StreamName: 'clicks',
      TargetShardCount,
      ScalingType: 'UNIFORM_SCALING',
    });
    await bench.settle();
    return answer.CurrentShardCount;
  };
  await expect(scale(5)).rejects.toMatchObject({
    name: 'LimitExceededException',
    message:
      'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2, Target shard count: 5',
  });
  expect(await scale(3)).toBe(2);
  const open = async () =>
    (await kinesis.listShards({ StreamName: 'clicks', ShardFilter: { Type: 'AT_LATEST' } })).Shards;
  expect((await open())?.map(({ HashKeyRange }) => HashKeyRange?.StartingHashKey).sort()).toEqual(
    ['0', String(2n ** 128n / 3n), String((2n ** 128n / 3n) * 2n)].sort(),
  );
  for (let call = 1; call < 10; call += 1) await scale(call % 2 === 0 ? 3 : 4);
  await expect(scale(3)).rejects.toMatchObject({ name: 'LimitExceededException' });
  await bench.aws.clock.advance(24 * 60 * 60 * 1000);
  await scale(3);
});

test('shards are listed in parts, by what was open when', async () => {
  const { kinesis } = bench;
  await bench.stream('clicks', 2);
  const before = new Date(bench.aws.clock.now());
  await bench.aws.clock.advance(1000);
  await kinesis.updateShardCount({
    StreamName: 'clicks',
    TargetShardCount: 4,
    ScalingType: 'UNIFORM_SCALING',
  });
  await bench.aws.clock.advance(60_000);
  const ids = async (filter: Parameters<typeof kinesis.listShards>[0]['ShardFilter']) =>
    (await kinesis.listShards({ StreamName: 'clicks', ShardFilter: filter })).Shards?.map(
      ({ ShardId }) => Number(ShardId?.slice(-2)),
    );
  expect(await ids({ Type: 'AT_TIMESTAMP', Timestamp: before })).toEqual([0, 1]);
  expect(await ids({ Type: 'FROM_TIMESTAMP', Timestamp: before })).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await ids({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(bench.aws.clock.now()) })).toEqual(
    [2, 3, 4, 5],
  );
  expect(await ids({ Type: 'AT_TRIM_HORIZON' })).toEqual([0, 1]);
  expect(await ids({ Type: 'AFTER_SHARD_ID', ShardId: shardId(3) })).toEqual([4, 5]);
  const first = await kinesis.listShards({ StreamName: 'clicks', MaxResults: 4 });
  const second = await kinesis.listShards({ NextToken: first.NextToken });
  expect(second.Shards?.map(({ ShardId }) => ShardId)).toEqual([shardId(4), shardId(5)]);
  expect(second.NextToken).toBeUndefined();
  await bench.aws.clock.advance(300_001);
  await expect(kinesis.listShards({ NextToken: first.NextToken })).rejects.toMatchObject({
    name: 'ExpiredNextTokenException',
  });
  // Closed shards go with the last of their records.
  await bench.aws.clock.advance(24 * 60 * 60 * 1000);
  expect(await ids(undefined)).toEqual([2, 3, 4, 5]);
});

test('no record is lost and each key keeps its order, however shards are split and merged', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ put: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ scale: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ split: fc.nat(5) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const own = await KinesisBench.start();
      const { kinesis } = own;
      await own.stream('clicks', 2);
      let sent = 0;
      for (const one of steps) {
        const { Shards = [] } = await kinesis.listShards({
          StreamName: 'clicks',
          ShardFilter: { Type: 'AT_LATEST' },
        });
        if ('put' in one) {
          for (let index = 0; index < one.put; index += 1) {
            await own.put('clicks', `key-${sent % 7}`, `${sent}`);
            sent += 1;
          }
        } else if ('scale' in one) {
          const target = Math.min(
            Shards.length * 2,
            Math.max(Math.ceil(Shards.length / 2), one.scale),
          );
          await kinesis
            .updateShardCount({
              StreamName: 'clicks',
              TargetShardCount: target,
              ScalingType: 'UNIFORM_SCALING',
            })
            .catch(() => undefined);
        } else {
          const shard = Shards[one.split % Shards.length];
          const start = BigInt(shard?.HashKeyRange?.StartingHashKey ?? 0);
          const end = BigInt(shard?.HashKeyRange?.EndingHashKey ?? 0);
          await kinesis
            .splitShard({
              StreamName: 'clicks',
              ShardToSplit: shard?.ShardId,
              NewStartingHashKey: String(start + (end - start) / 3n),
            })
            .catch(() => undefined);
        }
        await own.aws.clock.advance(2000);
      }
      await own.settle();
      const read = await readByLineage(own, 'clicks');
      expect(read.map(Number).sort((a, b) => a - b)).toEqual(
        Array.from({ length: sent }, (_, index) => index),
      );
      for (let key = 0; key < 7; key += 1) {
        const ofKey = read.map(Number).filter((number) => number % 7 === key);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
      await own.stop();
    }),
    { numRuns: 15 },
  );
});

/** Reads as consumers do: a shard only when its parents have been read. */
async function readByLineage({ kinesis, ...own }: KinesisBench, stream: string): Promise<string[]> {
  const texts: string[] = [];
  const { Shards = [] } = await kinesis.listShards({ StreamName: stream });
  // Ids grow from parents to children.
  for (const { ShardId } of Shards) {
    const { ShardIterator } = await kinesis.getShardIterator({
      StreamName: stream,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    texts.push(...textsOf((await kinesis.getRecords({ ShardIterator })).Records));
  }
  await own.aws.clock.advance(1000);
  return texts;
}
