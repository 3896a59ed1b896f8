import { S3 } from '@aws-sdk/client-s3';
import { Duration } from 'aws-cdk-lib';
import { account, EventBench, eventsIn, region } from './support';

let bench: EventBench;
let s3: S3;

const Bucket = 'orders';

beforeEach(async () => {
  bench = await EventBench.start();
  s3 = bench.aws.client(S3);
  await s3.createBucket({ Bucket });
  await s3.putBucketNotificationConfiguration({
    Bucket,
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
});

afterEach(() => bench.stop());

test('objects in a bucket reach a FIFO queue through EventBridge, in order', async () => {
  const queue = await bench.queue('orders.fifo', { ContentBasedDeduplication: 'true' });
  await bench.rule(
    'objects',
    {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [Bucket] }, object: { key: [{ prefix: 'in/' }] } },
    },
    [{ Arn: queue.arn, SqsParameters: { MessageGroupId: Bucket } }],
  );
  const written = await s3.putObject({ Bucket, Key: 'in/a b', Body: 'hello' });
  await s3.putObject({ Bucket, Key: 'out/c', Body: 'x' });
  for (let i = 0; i < 10; i++) await s3.putObject({ Bucket, Key: `in/${i}`, Body: 'x' });
  const [first, ...others] = await eventsIn(queue);
  const requestId = written.$metadata.requestId ?? '';
  expect(first).toEqual({
    version: '0',
    id: expect.any(String),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account,
    time: '2035-01-01T00:00:00Z',
    region,
    resources: ['arn:aws:s3:::orders'],
    detail: {
      version: '0',
      'event-version': '1.0',
      bucket: { name: Bucket },
      object: {
        key: 'in/a b',
        size: 5,
        etag: '5d41402abc4b2a76b9719d911017c592',
        sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
      },
      'request-id': requestId,
      requester: account,
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    },
  });
  expect(others).toMatchObject(
    Array.from({ length: 10 }, (_, i) => ({ detail: { object: { key: `in/${i}` } } })),
  );
  const bus = `arn:aws:events:${region}:${account}:event-bus/default`;
  expect(bench.aws.journal.trace(requestId)).toMatchObject([
    { kind: 'published' },
    { kind: 'delivered', resource: bus, detail: { as: first?.id } },
  ]);
  expect(bench.aws.journal.trace(first?.id ?? '')).toMatchObject([
    { kind: 'published', resource: bus },
    { kind: 'delivered', resource: queue.arn },
  ]);
});

test('every kind of event is told', async () => {
  const queue = await bench.queue('all');
  await bench.rule('objects', { source: ['aws.s3'] }, [{ Arn: queue.arn }]);
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  const { VersionId } = await s3.putObject({ Bucket, Key: 'a', Body: 'x' });
  await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a` });
  await s3.putObjectTagging({ Bucket, Key: 'b', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } });
  await s3.deleteObjectTagging({ Bucket, Key: 'b' });
  await s3.deleteObject({ Bucket, Key: 'a' });
  await s3.deleteObject({ Bucket, Key: 'a', VersionId });
  const events = await eventsIn(queue);
  expect(
    events.map(({ 'detail-type': type, detail }) => [type, detail.reason, detail['deletion-type']]),
  ).toEqual([
    ['Object Created', 'PutObject', undefined],
    ['Object Created', 'CopyObject', undefined],
    ['Object Tags Added', undefined, undefined],
    ['Object Tags Deleted', undefined, undefined],
    ['Object Deleted', 'DeleteObject', 'Delete Marker Created'],
    ['Object Deleted', 'DeleteObject', 'Permanently Deleted'],
  ]);
  expect(events[0]?.detail).toMatchObject({ object: { 'version-id': VersionId } });
});

test('what lifecycle rules expire is told as of S3 itself', async () => {
  const queue = await bench.queue('all');
  await bench.rule('deleted', { 'detail-type': ['Object Deleted'] }, [{ Arn: queue.arn }]);
  await s3.putBucketLifecycleConfiguration({
    Bucket,
    LifecycleConfiguration: {
      Rules: [{ Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
    },
  });
  await s3.putObject({ Bucket, Key: 'a', Body: 'x' });
  await bench.aws.clock.advance(Duration.days(3));
  const [event] = await eventsIn(queue);
  expect(event?.detail).toMatchObject({
    requester: 's3.amazonaws.com',
    reason: 'Lifecycle Expiration',
    'deletion-type': 'Permanently Deleted',
  });
  expect(event?.detail).not.toHaveProperty('source-ip-address');
});
