import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FailureDestination, StreamConsumer, type StreamConsumerProps } from 'cdk-decouple';
import { failuresOf } from '../stream-delivery/fixtures';

function needs() {
  const stack = new Stack(new App(), 'Test');
  const key = new kms.Key(stack, 'Key');
  const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: key });
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
  });
  return { stack, stream, fn, key };
}

type Changes = (given: ReturnType<typeof needs>) => Partial<StreamConsumerProps>;

function consumerWith(changes: Changes = () => ({})) {
  const given = needs();
  const consumer = new StreamConsumer(given.stack, 'Consumer', {
    stream: given.stream,
    function: given.fn,
    ...changes(given),
  });
  return { ...given, consumer };
}

const templateWith = (changes?: Changes) => Template.fromStack(consumerWith(changes).stack);

const mappingOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::EventSourceMapping'))[0]?.Properties;

test('the whole template', () => {
  expect(templateWith(() => ({ enhancedFanOut: true })).toJSON()).toMatchSnapshot();
});

describe('the event source', () => {
  test('begins with the oldest record, and does not stop at one that fails', () => {
    expect(mappingOf(templateWith())).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      StartingPosition: 'TRIM_HORIZON',
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Stream/), 'Arn'] },
      DestinationConfig: {
        OnFailure: {
          Destination: { 'Fn::GetAtt': [expect.stringMatching(/^ConsumerDeadLetterQueue/), 'Arn'] },
        },
      },
    });
  });

  test('is as it is told', () => {
    const mapping = mappingOf(
      templateWith(() => ({
        batchSize: 10_000,
        maxBatchingWindow: Duration.minutes(5),
        parallelizationFactor: 10,
        reportBatchItemFailures: false,
        bisectBatchOnError: false,
        retryAttempts: -1,
        maxRecordAge: Duration.days(7),
        filters: [{ data: { kind: ['order'] } }],
        startingPosition: new Date('2026-11-27T00:00:00Z'),
      })),
    );

    expect(mapping).toMatchObject({
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 300,
      ParallelizationFactor: 10,
      BisectBatchOnFunctionError: false,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 604_800,
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["order"]}}' }] },
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp: 1_795_737_600,
    });
    expect(mapping.FunctionResponseTypes).toBeUndefined();
  });

  test('carries a state over a tumbling window', () => {
    const mapping = mappingOf(templateWith(() => ({ tumblingWindow: Duration.minutes(15) })));

    expect(mapping.TumblingWindowInSeconds).toBe(900);
  });

  test('is made after the rights of the function', () => {
    templateWith().hasResource('AWS::Lambda::EventSourceMapping', {
      DependsOn: [Match.stringLikeRegexp('^ConsumerConsumerPolicy')],
    });
  });
});

describe('rights', () => {
  const policyWith = (...statements: object[]) => ({
    PolicyDocument: { Statement: Match.arrayWith(statements.map((s) => Match.objectLike(s))) },
  });

  test('a consumer that polls may read the one stream, and use its key', () => {
    templateWith().hasResourceProperties(
      'AWS::IAM::Policy',
      policyWith(
        { Action: 'kms:Decrypt' },
        {
          Action: [
            'kinesis:DescribeStream',
            'kinesis:DescribeStreamSummary',
            'kinesis:GetRecords',
            'kinesis:GetShardIterator',
            'kinesis:ListShards',
          ],
        },
        { Action: 'sqs:SendMessage' },
      ),
    );
  });

  test('one with enhanced fan-out may subscribe as itself, and not poll', () => {
    const template = templateWith(() => ({ enhancedFanOut: true }));

    template.hasResourceProperties(
      'AWS::IAM::Policy',
      policyWith({
        Action: ['kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard'],
        Resource: {
          'Fn::GetAtt': [Match.stringLikeRegexp('^ConsumerRegistration'), 'ConsumerARN'],
        },
      }),
    );
    expect(JSON.stringify(template.toJSON())).not.toContain('kinesis:GetRecords');
    expect(mappingOf(template).EventSourceArn).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^ConsumerRegistration/), 'ConsumerARN'],
    });
  });

  test('it may tell a topic of failures, and use its key', () => {
    const template = templateWith(({ stack, key }) => ({
      onFailure: FailureDestination.topic(new sns.Topic(stack, 'Topic', { masterKey: key })),
    }));

    template.resourceCountIs('AWS::SQS::Queue', 0);
    template.hasResourceProperties('AWS::IAM::Policy', policyWith({ Action: 'sns:Publish' }));
  });

  test('it may write the records that failed to a bucket', () => {
    const template = templateWith(({ stack }) => ({
      onFailure: FailureDestination.bucket(new s3.Bucket(stack, 'Bucket')),
    }));

    template.hasResourceProperties(
      'AWS::IAM::Policy',
      policyWith({ Action: 's3:ListBucket' }, { Action: 's3:PutObject' }),
    );
  });

  test('a function without its role is warned of', () => {
    const { stack } = consumerWith(({ stack: scope }) => ({
      function: lambda.Function.fromFunctionArn(
        scope,
        'Imported',
        'arn:aws:lambda:eu-west-1:123456789012:function:imported',
      ),
    }));

    Annotations.fromStack(stack).hasWarning(
      '/Test/Consumer',
      Match.stringLikeRegexp('imported without its role'),
    );
  });
});

test('alarms watch the function and the queue, and tell a topic', () => {
  const { consumer, stack } = consumerWith(({ stack: scope }) => ({
    maxIteratorAge: Duration.minutes(5),
    alarmTopic: new sns.Topic(scope, 'Topic'),
  }));
  const template = Template.fromStack(stack);

  expect(consumer.alarms.deadLetters).toBeDefined();
  template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'IteratorAge',
    Threshold: 300_000,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Function') } }],
  });
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()] });
});

test('two of them fit in one scope', () => {
  const { fn, stack, stream } = consumerWith(() => ({ enhancedFanOut: true }));
  new StreamConsumer(stack, 'Other', { stream, function: fn, enhancedFanOut: true });

  const names = Object.values(
    Template.fromStack(stack).findResources('AWS::Kinesis::StreamConsumer'),
  ).map(({ Properties }) => Properties.ConsumerName);
  expect(new Set(names).size).toBe(2);
});

describe('fails', () => {
  test.each<[string, Changes, RegExp]>([
    ['an empty batch', () => ({ batchSize: 0 }), /batchSize must be/],
    [
      'a long window of batches',
      () => ({ maxBatchingWindow: Duration.seconds(301) }),
      /maxBatchingWindow must be .* 300 seconds/,
    ],
    [
      'a long window of time',
      () => ({ tumblingWindow: Duration.seconds(901) }),
      /tumblingWindow must be .* 900 seconds/,
    ],
    ['many batches at a time', () => ({ parallelizationFactor: 11 }), /parallelizationFactor must/],
    [
      'a state of batches at a time',
      () => ({ tumblingWindow: Duration.minutes(1), parallelizationFactor: 2 }),
      /tumblingWindow needs one batch of a shard at a time/,
    ],
    ['many retries', () => ({ retryAttempts: 10_001 }), /retryAttempts must be/],
    ['a young age', () => ({ maxRecordAge: Duration.seconds(59) }), /maxRecordAge must be/],
    [
      'many filters',
      () => ({ filters: Array.from({ length: 6 }, () => ({})) }),
      /at most 5, got 6/,
    ],
    [
      'filters without lists',
      () => ({
        filters: [{ data: { kind: 'order', price: [{ numeric: ['>', 9] }] } }, { data: 1 }],
      }),
      /such as \{ kind: \['order'\] \}: see data\.kind, data$/,
    ],
    ['a date that is none', () => ({ startingPosition: new Date('soon') }), /a date that is valid/],
    [
      'a key without a queue',
      ({ key, stack }) => ({
        encryptionKey: key,
        onFailure: FailureDestination.queue(new sqs.Queue(stack, 'Queue')),
      }),
      /encryptionKey is for the queue that is made/,
    ],
    [
      'a FIFO queue',
      ({ stack }) => ({
        onFailure: FailureDestination.queue(new sqs.Queue(stack, 'Queue', { fifo: true })),
      }),
      /onFailure must be a standard queue/,
    ],
    [
      'a FIFO topic',
      ({ stack }) => ({
        onFailure: FailureDestination.topic(new sns.Topic(stack, 'Topic', { fifo: true })),
      }),
      /onFailure must be a standard topic/,
    ],
  ])('for %s', (_what, changes, message) => {
    const failures = failuresOf(() => consumerWith(changes));

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });

  test.each([
    [20, false],
    [50, true],
  ])('for more than %s consumers with enhanced fan-out', (most, onDemandAdvantage) => {
    const { fn, stack, stream } = needs();
    const add = (id: string) =>
      new StreamConsumer(stack, id, {
        stream,
        function: fn,
        enhancedFanOut: true,
        onDemandAdvantage,
      });
    for (let i = 0; i < most; i += 1) add(`Consumer${i}`);

    expect(failuresOf(() => add('OneMore'))).toEqual([
      expect.stringContaining(`a stream has at most ${most} consumers with enhanced fan-out`),
    ]);
  });
});

test('a role of another stack does not make that one depend on this', () => {
  const app = new App();
  const shared = new Stack(app, 'Shared');
  const role = new iam.Role(shared, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  const stack = new Stack(app, 'Stack');
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({});'),
    role,
  });
  new StreamConsumer(stack, 'Consumer', {
    stream: new kinesis.Stream(stack, 'Stream'),
    function: fn,
  });

  expect(() => app.synth()).not.toThrow();
});
