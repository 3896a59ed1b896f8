import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { WorkQueue } from 'cdk-decouple';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:210987654321:orders';

/** What lets each source in: how it is called, its service, and the condition on the queue. */
const SOURCES: ReadonlyArray<[string, (queue: WorkQueue) => void, string, object]> = [
  [
    'a topic',
    (queue) => queue.allowTopic(sns.Topic.fromTopicArn(queue, 'Source', TOPIC_ARN)),
    'sns.amazonaws.com',
    { ArnEquals: { 'aws:SourceArn': TOPIC_ARN } },
  ],
  [
    'a bucket',
    (queue) =>
      queue.allowBucket(
        s3.Bucket.fromBucketAttributes(queue, 'Source', {
          bucketName: 'order-files',
          account: '210987654321',
        }),
      ),
    's3.amazonaws.com',
    {
      ArnEquals: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':s3:::order-files'])] } },
      StringEquals: { 'aws:SourceAccount': '210987654321' },
    },
  ],
  [
    'a rule',
    (queue) =>
      queue.allowRule(new events.Rule(queue, 'Source', { eventPattern: { source: ['x'] } })),
    'events.amazonaws.com',
    { ArnEquals: { 'aws:SourceArn': Match.anyValue() } },
  ],
];

describe.each(SOURCES)('%s', (_name, allow, service, condition) => {
  test('may send, for itself only', () => {
    const stack = new Stack(new App(), 'Test');
    allow(new WorkQueue(stack, 'Orders'));

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: service },
            Condition: condition,
          }),
        ]),
      },
    });
  });

  test('may use the key of the queue', () => {
    const stack = new Stack(new App(), 'Test');
    allow(new WorkQueue(stack, 'Orders', { encryptionKey: new kms.Key(stack, 'Key') }));

    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: service },
          }),
        ]),
      },
    });
  });

  test('is warned about if the key is not ours', () => {
    const stack = new Stack(new App(), 'Test');
    const encryptionKey = kms.Key.fromKeyArn(
      stack,
      'Key',
      'arn:aws:kms:eu-west-1:123456789012:key/0f5e1b1c',
    );
    allow(new WorkQueue(stack, 'Orders', { encryptionKey }));

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp(`${service}.*cdk-decouple:queueKeyNotOurs`),
    );
  });
});

test('another account may send', () => {
  const stack = new Stack(new App(), 'Test');
  new WorkQueue(stack, 'Orders').allowAccount('210987654321');

  Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
          Principal: {
            AWS: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('210987654321')])] },
          },
        }),
      ]),
    },
  });
});

test('fails when another account is not named by its 12 digits', () => {
  const queue = new WorkQueue(new Stack(new App(), 'Test'), 'Orders');

  expect(() => queue.allowAccount('partner')).toThrow(/accountId must be 12 digits, got 'partner'/);
});

test('fails when a FIFO queue is to take from a standard topic', () => {
  const queue = new WorkQueue(new Stack(new App(), 'Test'), 'Orders', { fifo: true });

  expect(() => queue.allowTopic(sns.Topic.fromTopicArn(queue, 'Source', TOPIC_ARN))).toThrow(
    /cannot be subscribed to a standard topic/,
  );
});

test('fails when a FIFO queue is to take from a bucket', () => {
  const queue = new WorkQueue(new Stack(new App(), 'Test'), 'Orders', { fifo: true });

  expect(() => queue.allowBucket(s3.Bucket.fromBucketName(queue, 'Source', 'order-files'))).toThrow(
    /S3 cannot send event notifications to a FIFO queue/,
  );
});
