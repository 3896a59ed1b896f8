import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { type BucketEventOptions, BucketEvents, FanOut, PropsValidationError } from 'cdk-decouple';

function bucketEvents(): { stack: Stack; events: BucketEvents } {
  const stack = new Stack(new App(), 'Test');
  const bucket = new s3.Bucket(stack, 'Bucket');
  return { stack, events: new BucketEvents(stack, 'Events', { bucket }) };
}

/** What is refused of the second of two rules to two queues. */
function failuresOf(first: BucketEventOptions, second: BucketEventOptions): readonly string[] {
  const { stack, events } = bucketEvents();
  events.toQueue(new sqs.Queue(stack, 'First'), first);
  try {
    events.toQueue(new sqs.Queue(stack, 'Second'), second);
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}

test('a queue, a topic and a function each get their events, and admit the bucket', () => {
  const { stack, events } = bucketEvents();
  events.toQueue(new sqs.Queue(stack, 'Queue'), { prefix: 'photos/', suffix: '.jpg' });
  events.toTopic(new sns.Topic(stack, 'Topic'), { events: [s3.EventType.OBJECT_REMOVED] });
  events.toFunction(
    new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
    }),
    { prefix: 'invoices/' },
  );

  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::S3BucketNotifications', {
    NotificationConfiguration: {
      QueueConfigurations: [Match.objectLike({ Events: ['s3:ObjectCreated:*'] })],
      TopicConfigurations: [Match.objectLike({ Events: ['s3:ObjectRemoved:*'] })],
      LambdaFunctionConfigurations: [
        Match.objectLike({
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'invoices/' }] } },
        }),
      ],
    },
  });
  const admitted = { Principal: { Service: 's3.amazonaws.com' } };
  for (const type of ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']) {
    template.hasResourceProperties(type, {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(admitted)]) },
    });
  }
  template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 's3.amazonaws.com' });
});

test.each<[string, BucketEventOptions, BucketEventOptions]>([
  ['other prefixes', { prefix: 'a/' }, { prefix: 'b/' }],
  ['other suffixes', { suffix: '.jpg' }, { suffix: '.png' }],
  [
    'one prefix within the other, other suffixes',
    { prefix: 'a', suffix: 'x' },
    { prefix: 'ab', suffix: 'y' },
  ],
  ['other events', {}, { events: [s3.EventType.OBJECT_REMOVED] }],
  [
    'other events of one group',
    { events: [s3.EventType.OBJECT_CREATED_PUT] },
    { events: [s3.EventType.OBJECT_CREATED_COPY] },
  ],
  [
    'prefixes that are only known at deployment',
    { prefix: Lazy.string({ produce: () => 'a' }) },
    { prefix: 'a' },
  ],
])('rules may stand side by side: %s', (_name, first, second) => {
  expect(failuresOf(first, second)).toEqual([]);
});

describe('fails when', () => {
  test.each<[string, BucketEventOptions, BucketEventOptions, RegExp]>([
    [
      'two rules are the same',
      {},
      {},
      /^s3:ObjectCreated:\* would match what s3:ObjectCreated:\* matches/,
    ],
    ['one has a prefix and the other none', { prefix: 'a' }, {}, /with prefix 'a' matches/],
    ['one prefix begins with the other', { prefix: 'a' }, { prefix: 'ab' }, /with prefix 'ab'/],
    ['a prefix and a suffix can meet', { prefix: 'a' }, { suffix: 'b' }, /with suffix 'b'/],
    [
      "one event is of the other's group",
      {},
      { events: [s3.EventType.OBJECT_CREATED_PUT] },
      /^s3:ObjectCreated:Put would match what s3:ObjectCreated:\* matches/,
    ],
    [
      'rules of one call overlap',
      { prefix: 'x' },
      { prefix: 'y', events: [s3.EventType.OBJECT_CREATED, s3.EventType.OBJECT_CREATED_POST] },
      /^s3:ObjectCreated:Post with prefix 'y' would match/,
    ],
    ['there is no event', {}, { events: [] }, /at least one kind of event/],
  ])('%s', (_name, first, second, message) => {
    expect(failuresOf(first, second)).toEqual([expect.stringMatching(message)]);
  });

  test.each<[string, (stack: Stack, bucket: s3.IBucket) => void]>([
    [
      'another BucketEvents',
      (stack, bucket) =>
        new BucketEvents(stack, 'Others', { bucket }).toQueue(new sqs.Queue(stack, 'Queue')),
    ],
    [
      'a FanOut',
      (stack, bucket) => new FanOut(stack, 'FanOut').addBucketSource(bucket, { prefix: 'a/' }),
    ],
  ])('%s of the same bucket has such a rule', (_name, add) => {
    const { events, stack } = bucketEvents();
    add(stack, events.bucket);
    const second = () => events.toQueue(new sqs.Queue(stack, 'Second'), { suffix: '.jpg' });
    expect(second).toThrow(/^BucketEvents 'Test\/Events' .*\.jpg' would match what s3:Object/s);
    events.toQueue(new sqs.Queue(stack, 'Third'), { events: [s3.EventType.OBJECT_REMOVED] });
  });

  test.each<[string, (events: BucketEvents, stack: Stack) => void]>([
    ['a queue', (events, stack) => events.toQueue(new sqs.Queue(stack, 'Q', { fifo: true }))],
    ['a topic', (events, stack) => events.toTopic(new sns.Topic(stack, 'T', { fifo: true }))],
  ])('%s is FIFO', (_name, add) => {
    const { stack, events } = bucketEvents();
    expect(() => add(events, stack)).toThrow(/cannot send event notifications to a FIFO/);
  });
});
