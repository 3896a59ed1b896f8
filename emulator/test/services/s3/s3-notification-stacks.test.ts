import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const bucketName = 'orders';
const bucketArn = `arn:aws:s3:::${bucketName}`;

let aws: Emulator<ManualClock>;
let s3: S3;
let sqs: SQS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  s3 = aws.client(S3);
  sqs = aws.client(SQS);
});

afterEach(() => aws.stop());

type Notifications = CfnBucket.NotificationConfigurationProperty;

/** A stack of a bucket and a queue, with what it says of events given the queue's ARN. */
function bucketStack(notifications: (queueArn: string) => Notifications | undefined): Stack {
  const stack = new Stack(new App(), 'Shop');
  const bucket = new Bucket(stack, 'Bucket', {
    bucketName,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const queue = new Queue(stack, 'Queue');
  const grant = queue.grantSendMessages(
    new ServicePrincipal('s3.amazonaws.com', {
      conditions: { ArnLike: { 'aws:SourceArn': bucketArn } },
    }),
  );
  const resource = bucket.node.defaultChild;
  if (resource instanceof CfnBucket)
    resource.notificationConfiguration = notifications(queue.queueArn);
  // S3 tries the queue out when the bucket is made.
  grant.applyBefore(bucket);
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  return stack;
}

const createdEvents = (queue: string): Notifications => ({
  queueConfigurations: [{ queue, event: 's3:ObjectCreated:*' }],
});

async function put(...keys: string[]): Promise<void> {
  for (const Key of keys) await s3.putObject({ Bucket: bucketName, Key, Body: Key });
  await aws.clock.settle();
}

/** Keys of the events in a queue, `test` for a test message. */
async function told(QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
  return Messages.map(({ Body = '' }) => {
    const message: { Records?: [{ s3: { object: { key: string } } }] } = JSON.parse(Body);
    return message.Records ? message.Records[0].s3.object.key : 'test';
  });
}

async function empty(...keys: string[]): Promise<void> {
  for (const Key of keys) await s3.deleteObject({ Bucket: bucketName, Key });
}

describe('a bucket of a stack', () => {
  test('tells a queue of three objects in three events', async () => {
    const stack = bucketStack(createdEvents);
    const QueueUrl = (await aws.deploy(stack)).output('QueueUrl');
    expect(await told(QueueUrl)).toEqual(['test']);
    await put('1', '2', '3');
    expect(await told(QueueUrl)).toEqual(['1', '2', '3']);
    await empty('1', '2', '3');
    await aws.destroy(stack);
    expect(aws.leaks()).toEqual([]);
  });

  test('gets other notifications by an update, and none by one that takes them away', async () => {
    const deployment = await aws.deploy(bucketStack(createdEvents));
    const QueueUrl = deployment.output('QueueUrl');
    expect(await told(QueueUrl)).toEqual(['test']);
    const csvOnly = (queue: string): Notifications => ({
      queueConfigurations: [
        {
          queue,
          event: 's3:ObjectCreated:Put',
          filter: { s3Key: { rules: [{ name: 'suffix', value: '.csv' }] } },
        },
      ],
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    });
    await aws.deploy(bucketStack(csvOnly));
    expect(await told(QueueUrl)).toEqual(['test']);
    await put('a.csv', 'a.txt');
    expect(await told(QueueUrl)).toEqual(['a.csv']);
    const configured = await s3.getBucketNotificationConfiguration({ Bucket: bucketName });
    expect(configured.EventBridgeConfiguration).toEqual({});

    // An update of something else sends no test message.
    const tagged = bucketStack(csvOnly);
    tagged.tags.setTag('team', 'orders');
    await aws.deploy(tagged);
    expect(await told(QueueUrl)).toEqual([]);

    await aws.deploy(bucketStack(() => undefined));
    await put('b.csv');
    expect(await told(QueueUrl)).toEqual([]);
    const { $metadata: _, ...none } = await s3.getBucketNotificationConfiguration({
      Bucket: bucketName,
    });
    expect(none).toEqual({});
  });

  test('is not made if its queue is not there', async () => {
    const nowhere = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
    await expect(aws.deploy(bucketStack(() => createdEvents(nowhere)))).rejects.toThrow(
      'Unable to validate the following destination configurations',
    );
    await expect(s3.headBucket({ Bucket: bucketName })).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('is not made if its topic does not let S3 publish', async () => {
    const { TopicArn: topic = '' } = await aws.client(SNS).createTopic({ Name: 'news' });
    const stack = bucketStack(() => ({
      topicConfigurations: [{ topic, event: 's3:ObjectCreated:*' }],
    }));
    await expect(aws.deploy(stack)).rejects.toThrow(
      'Unable to validate the following destination configurations',
    );
  });
});

const recorder = `
  const { SQS } = require('@aws-sdk/client-sqs');
  exports.handler = async ({ Records }) => {
    for (const { eventName, s3 } of Records)
      await new SQS({}).sendMessage({
        QueueUrl: process.env.OUTBOX,
        MessageBody: eventName + ' ' + s3.bucket.name + '/' + s3.object.key,
      });
  };`;

test('a bucket of a stack has a function run for each of its objects', async () => {
  const stack = new Stack(new App(), 'Shop');
  const outbox = new Queue(stack, 'Outbox');
  const fn = new LambdaFunction(stack, 'Recorder', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(recorder),
    environment: { OUTBOX: outbox.queueUrl },
    logGroup: new LogGroup(stack, 'Log', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  outbox.grantSendMessages(fn);
  fn.addPermission('Events', {
    principal: new ServicePrincipal('s3.amazonaws.com'),
    sourceArn: bucketArn,
    sourceAccount: stack.account,
  });
  const bucket = new CfnBucket(stack, 'Bucket', {
    bucketName,
    notificationConfiguration: {
      lambdaConfigurations: [
        {
          function: fn.functionArn,
          event: 's3:ObjectCreated:*',
          filter: { s3Key: { rules: [{ name: 'prefix', value: 'in/' }] } },
        },
      ],
    },
  });
  bucket.node.addDependency(fn);
  new CfnOutput(stack, 'OutboxUrl', { value: outbox.queueUrl });
  const deployment = await aws.deploy(stack);

  const { $metadata } = await s3.putObject({ Bucket: bucketName, Key: 'in/a', Body: 'a' });
  await put('out/b', 'in/c');
  await aws.clock.advance(Duration.seconds(1));
  const { Messages = [] } = await sqs.receiveMessage({
    QueueUrl: deployment.output('OutboxUrl'),
    MaxNumberOfMessages: 10,
  });
  expect(Messages.map(({ Body }) => Body).sort()).toEqual([
    'ObjectCreated:Put orders/in/a',
    'ObjectCreated:Put orders/in/c',
  ]);

  const delivered = aws.journal.trace($metadata.requestId ?? '').at(-1);
  expect(delivered).toMatchObject({
    kind: 'delivered',
    resource: expect.stringContaining(':function:'),
  });
  const invocation = aws.journal.trace(String(delivered?.detail?.as));
  expect(invocation.map(({ kind }) => kind)).toEqual(['invoked', 'succeeded']);
});
