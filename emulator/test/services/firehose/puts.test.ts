import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Firehose } from '@aws-sdk/client-firehose';
import { S3 } from '@aws-sdk/client-s3';
import { destination, FirehoseBench, transition } from './support';

let bench: FirehoseBench;
beforeEach(async () => {
  bench = await FirehoseBench.start();
  await bench.stream('clicks');
});
afterEach(() => bench.stop());

const mebibyte = 1024 * 1024;
const DeliveryStreamName = 'clicks';
const batch = (count: number, size: number) =>
  bench.firehose.putRecordBatch({
    DeliveryStreamName,
    Records: Array.from({ length: count }, () => ({ Data: Buffer.alloc(size, 'x') })),
  });

test('a record has 1,000 KiB at most, a batch 500 records and 4 MiB', async () => {
  const Record = (size: number) => ({ Data: Buffer.alloc(size, 'x') });
  await bench.firehose.putRecord({ DeliveryStreamName, Record: Record(1_024_000) });
  await expect(
    bench.firehose.putRecord({ DeliveryStreamName, Record: Record(1_024_001) }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at 'record.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
  });
  await bench.aws.clock.advance(1000);
  expect(await batch(4, 1_024_000)).toMatchObject({ FailedPutCount: 0 });
  await expect(batch(501, 1)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(batch(5, 1_000_000)).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: 'Records size exceeds 4 MB limit',
  });
});

test('a delivery stream takes 5 MiB a second in the large regions, and what is more fails record by record', async () => {
  expect(await batch(400, 10_240)).toMatchObject({ FailedPutCount: 0 });
  const second = await batch(400, 10_240);
  // 5 MiB are 512 such records.
  expect(second.FailedPutCount).toBe(288);
  expect(second.RequestResponses?.[111]).toEqual({ RecordId: expect.any(String) });
  expect(second.RequestResponses?.[112]).toEqual({
    ErrorCode: 'ServiceUnavailableException',
    ErrorMessage: 'Slow down.',
  });
  await expect(bench.put('clicks', 'x')).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
    message: 'Slow down.',
    $metadata: { httpStatusCode: 503 },
  });
  await bench.aws.clock.advance(1000);
  expect(await batch(400, 10_240)).toMatchObject({ FailedPutCount: 0 });
  // Nothing that failed is delivered, nothing else is lost.
  await bench.aws.clock.advance(60_000);
  const sizes = (await bench.objects()).map(({ bytes }) => bytes.byteLength);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe((512 + 400) * 10_240);
});

test('who keeps below the limits is never throttled', async () => {
  for (let tenth = 0; tenth < 20; tenth++) {
    expect(await batch(50, 10_240)).toMatchObject({ FailedPutCount: 0 });
    await bench.aws.clock.advance(100);
  }
});

test('1 MiB and 1,000 requests a second elsewhere', async () => {
  const config = { region: 'eu-central-1' };
  await bench.aws.client(S3, config).createBucket({
    Bucket: 'elsewhere',
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
  });
  const firehose = bench.aws.client(Firehose, config);
  await firehose.createDeliveryStream({
    DeliveryStreamName,
    ExtendedS3DestinationConfiguration: destination({ BucketARN: 'arn:aws:s3:::elsewhere' }),
  });
  await bench.aws.clock.advance(transition);
  const { FailedPutCount } = await firehose.putRecordBatch({
    DeliveryStreamName,
    Records: Array.from({ length: 300 }, () => ({ Data: Buffer.alloc(4096) })),
  });
  expect(FailedPutCount).toBe(300 - mebibyte / 4096);
  await bench.aws.clock.advance(1000);
  const put = () => firehose.putRecord({ DeliveryStreamName, Record: { Data: Buffer.from('x') } });
  for (let n = 0; n < 1_000; n++) await put();
  await expect(put()).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
});

test('what cannot be delivered for a day is lost, and not before', async () => {
  const s3Rights = ['s3:PutObject'];
  await bench.grant('delivery', []);
  await bench.put('clicks', 'lost');
  await bench.aws.clock.advance(60_000);
  const day = 24 * 60 * 60 * 1000;
  await bench.aws.clock.advance(day - 120_000);
  await bench.put('clicks', 'kept');
  await bench.aws.clock.advance(day / 2);
  await bench.grant('delivery', s3Rights);
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts()).toEqual(['kept']);
});

test('metrics are those that AWS publishes', async () => {
  const from = bench.aws.clock.now();
  await batch(3, 100);
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(60_000);
  await bench.grant('delivery', []);
  await bench.put('clicks', 'two');
  await bench.aws.clock.advance(300_000);
  const cloudWatch = bench.aws.client(CloudWatch);
  const { Metrics = [] } = await cloudWatch.listMetrics({ Namespace: 'AWS/Firehose' });
  for (const { Dimensions } of Metrics)
    expect(Dimensions).toEqual([{ Name: 'DeliveryStreamName', Value: 'clicks' }]);
  const statistic = async (MetricName: string, name: 'Sum' | 'Maximum' | 'Minimum') => {
    const { Datapoints = [] } = await cloudWatch.getMetricStatistics({
      Namespace: 'AWS/Firehose',
      MetricName,
      Dimensions: [{ Name: 'DeliveryStreamName', Value: 'clicks' }],
      StartTime: new Date(from),
      EndTime: new Date(bench.aws.clock.now()),
      Period: 3600,
      Statistics: [name],
    });
    return [Datapoints[0]?.[name], Datapoints[0]?.Unit];
  };
  const sums = {
    IncomingBytes: [306, 'Bytes'],
    IncomingRecords: [5, 'Count'],
    IncomingPutRequests: [3, 'Count'],
    ThrottledRecords: [0, 'Count'],
    'PutRecord.Bytes': [6, 'Bytes'],
    'PutRecord.Requests': [2, 'Count'],
    'PutRecordBatch.Bytes': [300, 'Bytes'],
    'PutRecordBatch.Records': [3, 'Count'],
    'PutRecordBatch.Requests': [1, 'Count'],
    'DeliveryToS3.Bytes': [303, 'Bytes'],
    'DeliveryToS3.Records': [4, 'Count'],
    'DeliveryToS3.ObjectCount': [1, 'Count'],
  };
  for (const [name, expected] of Object.entries(sums))
    expect([name, await statistic(name, 'Sum')]).toEqual([name, expected]);
  expect(await statistic('DeliveryToS3.Success', 'Minimum')).toEqual([0, 'Count']);
  // The second record is five minutes old, and not delivered.
  const [freshness, unit] = await statistic('DeliveryToS3.DataFreshness', 'Maximum');
  expect(unit).toBe('Seconds');
  expect(freshness).toBeGreaterThan(240);
  expect(await statistic('BytesPerSecondLimit', 'Maximum')).toEqual([5 * mebibyte, 'Bytes']);
});
