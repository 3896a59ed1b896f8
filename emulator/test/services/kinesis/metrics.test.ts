import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { KinesisBench, shardId } from './support';

test('a stream publishes what is put and read, and what is throttled', async () => {
  const bench = await KinesisBench.start();
  await bench.stream('clicks');
  await bench.aws.clock.advance(60_000 - (bench.aws.clock.now() % 60_000));
  const StartTime = new Date(bench.aws.clock.now());
  await bench.put('clicks', 'a', 'one');
  await bench.kinesis.putRecords({
    StreamName: 'clicks',
    Records: [
      { PartitionKey: 'a', Data: Buffer.alloc(1024 * 1024 - 10) },
      { PartitionKey: 'a', Data: Buffer.alloc(100) },
    ],
  });
  await bench.aws.clock.advance(5000);
  const ShardIterator = await bench.iterator('clicks', shardId(0));
  for (let call = 0; call < 6; call += 1)
    await bench.kinesis.getRecords({ ShardIterator, Limit: 1 }).catch(() => undefined);
  await bench.aws.clock.advance(55_000);
  const cloudWatch = bench.aws.client(CloudWatch);
  const statistic = async (MetricName: string) => {
    const { Datapoints } = await cloudWatch.getMetricStatistics({
      Namespace: 'AWS/Kinesis',
      MetricName,
      Dimensions: [{ Name: 'StreamName', Value: 'clicks' }],
      StartTime,
      EndTime: new Date(bench.aws.clock.now()),
      Period: 60,
      Statistics: ['Sum', 'Maximum'],
    });
    return [Datapoints?.[0]?.Sum, Datapoints?.[0]?.Maximum, Datapoints?.[0]?.Unit];
  };
  expect(await statistic('IncomingRecords')).toEqual([2, 1, 'Count']);
  expect(await statistic('IncomingBytes')).toEqual([1024 * 1024 - 9 + 4, 1024 * 1024 - 9, 'Bytes']);
  expect(await statistic('WriteProvisionedThroughputExceeded')).toEqual([1, 1, 'Count']);
  expect(await statistic('PutRecords.ThrottledRecords')).toEqual([1, 1, 'Count']);
  // The client tries three times.
  expect(await statistic('ReadProvisionedThroughputExceeded')).toEqual([3, 1, 'Count']);
  expect(await statistic('GetRecords.IteratorAgeMilliseconds')).toEqual([
    25_000,
    5000,
    'Milliseconds',
  ]);
  await bench.stop();
});
