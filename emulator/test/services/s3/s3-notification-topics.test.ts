import { type Event, S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket as CdkBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SnsBench } from '../sns/support';

let bench: SnsBench;
let s3: S3;
let topic: string;

const Bucket = 'orders';

beforeEach(async () => {
  bench = await SnsBench.start();
  s3 = bench.aws.client(S3);
  await s3.createBucket({ Bucket });
  topic = await bench.topic('news');
});

afterEach(() => bench.stop());

const configure = (TopicArn = topic, event: Event = 's3:ObjectCreated:*') =>
  s3.putBucketNotificationConfiguration({
    Bucket,
    NotificationConfiguration: {
      TopicConfigurations: [{ Id: 'news', TopicArn, Events: [event] }],
    },
  });

const letIn = (buckets: string) =>
  bench.sns.setTopicAttributes({
    TopicArn: topic,
    AttributeName: 'Policy',
    AttributeValue: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: topic,
        Condition: { ArnLike: { 'aws:SourceArn': buckets } },
      },
    }),
  });

test('one object reaches every queue that has subscribed to the topic of its bucket', async () => {
  await letIn(`arn:aws:s3:::${Bucket}`);
  const queues = [await bench.queue('a'), await bench.queue('b'), await bench.queue('c')];
  for (const { arn } of queues) await bench.subscribe(topic, arn);
  await configure();
  await s3.putObject({ Bucket, Key: 'one', Body: 'x' });
  for (const queue of queues) {
    const [test, created] = await queue.documents();
    expect(test?.Subject).toBe('Amazon S3 Notification');
    expect(JSON.parse(test?.Message ?? '')).toMatchObject({ Event: 's3:TestEvent', Bucket });
    expect(JSON.parse(created?.Message ?? '')).toMatchObject({
      Records: [
        {
          eventName: 'ObjectCreated:Put',
          s3: { configurationId: 'news', object: { key: 'one' } },
        },
      ],
    });
  }
  const { TopicConfigurations } = await s3.getBucketNotificationConfiguration({ Bucket });
  expect(TopicConfigurations).toEqual([
    { Id: 'news', TopicArn: topic, Events: ['s3:ObjectCreated:*'] },
  ]);
});

test('a topic that does not let S3 in is named, as is one that is not there', async () => {
  await expect(configure()).rejects.toMatchObject({
    name: 'InvalidArgument',
    ArgumentName1: topic,
    ArgumentValue1:
      'Permissions on the destination topic do not allow S3 to publish notifications from this bucket',
  });
  await letIn('arn:aws:s3:::other');
  await expect(configure()).rejects.toMatchObject({ ArgumentName1: topic });
  await expect(configure(`${topic}s`)).rejects.toMatchObject({
    ArgumentValue1: 'The destination topic does not exist',
  });
  await expect(configure(`${topic}.fifo`)).rejects.toMatchObject({
    message: 'FIFO SNS topics are not supported.',
  });
});

test('a topic that stops letting S3 in loses the event, and the journal says so', async () => {
  await letIn('*');
  await configure();
  await bench.sns.setTopicAttributes({
    TopicArn: topic,
    AttributeName: 'Policy',
    AttributeValue: '',
  });
  await s3.putObject({ Bucket, Key: 'one', Body: 'x' });
  await bench.aws.clock.settle();
  expect(bench.aws.journal.hops({ kind: 'failed', resource: topic })).toMatchObject([
    { detail: { reason: expect.stringMatching(/^AuthorizationErrorException: /) } },
  ]);
});

test('a stack with a bucket that tells a topic, and a queue behind it', async () => {
  const stack = new Stack(new App(), 'Shop');
  const bucket = new CdkBucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
  const news = new Topic(stack, 'News');
  const queue = new Queue(stack, 'Queue');
  news.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SnsDestination(news));
  await bench.aws.deploy(stack);
  const { Buckets = [] } = await s3.listBuckets({});
  const made = Buckets.find(({ Name = '' }) => Name.startsWith('shop-'))?.Name;
  await s3.putObject({ Bucket: made, Key: 'one', Body: 'x' });
  await bench.aws.clock.settle();
  const { QueueUrls = [] } = await bench.sqs.listQueues({});
  const { Messages = [] } = await bench.sqs.receiveMessage({
    QueueUrl: QueueUrls[0],
    MaxNumberOfMessages: 10,
  });
  // The test event may have been sent before the queue had subscribed.
  const bodies = Messages.map(({ Body = '' }) => Body);
  expect(bodies.some((body) => body.includes('ObjectCreated:Put'))).toBe(true);
  await s3.deleteObject({ Bucket: made, Key: 'one' });
  await bench.aws.destroy(stack);
  expect((await bench.aws.client(SNS).listTopics({})).Topics).toEqual([{ TopicArn: topic }]);
});
