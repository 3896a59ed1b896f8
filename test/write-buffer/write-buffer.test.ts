import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  PropsValidationError,
  Sink,
  WorkQueue,
  WriteBuffer,
  type WriteBufferProps,
} from 'cdk-decouple';

type Changes = Partial<WriteBufferProps>;

function functionIn(stack: Stack, timeout = Duration.seconds(10)): lambda.Function {
  return new lambda.Function(stack, 'Consumer', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
    timeout,
  });
}

function bufferWith(changes: Changes = {}) {
  const stack = new Stack(new App(), 'Test');
  const sink = changes.sink ?? Sink.function(functionIn(stack));
  const buffer = new WriteBuffer(stack, 'Orders', { sink, ...changes });
  return { stack, buffer, template: Template.fromStack(stack) };
}

function failuresOf(changes: Changes | ((stack: Stack) => Changes)): readonly string[] {
  const stack = new Stack(new App(), 'Test');
  const given = typeof changes === 'function' ? changes(stack) : changes;
  const sink = given.sink ?? Sink.function(functionIn(stack));
  try {
    new WriteBuffer(stack, 'Orders', { sink, ...given });
  } catch (error) {
    if (error instanceof PropsValidationError) {
      return error.failures;
    }
    throw error;
  }
  return [];
}

const SOURCE_QUEUE = { RedrivePolicy: Match.anyValue() };

test('the function is fed from the queue and may answer for part of a batch', () => {
  const { template } = bufferWith();

  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersQueue'), 'Arn'] },
    FunctionName: { Ref: Match.stringLikeRegexp('^Consumer') },
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: Match.absent(),
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage', 'sqs:DeleteMessage']) }),
      ]),
    },
  });
});

test.each([
  // 6 h and a quarter of it, by 60 s, and 3 to spare.
  ['by default', 10, {}, 60, 453],
  ['for a longer timeout', 300, {}, 1_800, 18],
  ['for a short outage', 10, { outageTolerance: Duration.minutes(1) }, 60, 5],
  [
    'with a batching window',
    10,
    { maxBatchingWindow: Duration.seconds(30), batchSize: 100 },
    90,
    303,
  ],
  // 1,000 receives would not do 60 seconds apart, so they are put further apart.
  ['for a long outage', 10, { outageTolerance: Duration.days(4) }, 434, 999],
])(
  'messages come back often enough to outlast the outage: %s',
  (_name, timeout, changes, visibility, receives) => {
    const stack = new Stack(new App(), 'Test');
    const sink = Sink.function(functionIn(stack, Duration.seconds(timeout)));
    new WriteBuffer(stack, 'Orders', { sink, ...changes });

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: visibility,
      RedrivePolicy: { deadLetterTargetArn: Match.anyValue(), maxReceiveCount: receives },
    });
  },
);

test.each([
  ['the default', {}, 345_600],
  ['what the props say', { retentionPeriod: Duration.days(1) }, 86_400],
  // One second more than 999 receives 434 seconds apart.
  ['longer for a long outage', { outageTolerance: Duration.days(4) }, 433_567],
])(
  'messages are kept until they are moved to the dead-letter queue: %s',
  (_name, changes, seconds) => {
    bufferWith(changes).template.hasResourceProperties('AWS::SQS::Queue', {
      ...SOURCE_QUEUE,
      MessageRetentionPeriod: seconds,
    });
  },
);

test('the props of the queue reach it', () => {
  const { template, buffer } = bufferWith({
    fifo: true,
    queueName: 'orders.fifo',
    retentionPeriod: Duration.days(10),
    maxDepth: 5,
  });

  expect(buffer.queue.fifo).toBe(true);
  template.hasResourceProperties('AWS::SQS::Queue', {
    ...SOURCE_QUEUE,
    QueueName: 'orders.fifo',
    MessageRetentionPeriod: 864_000,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 5 });
});

test('producers may send', () => {
  const stack = new Stack(new App(), 'Test');
  const buffer = new WriteBuffer(stack, 'Orders', { sink: Sink.function(functionIn(stack)) });
  const role = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
  buffer.grantSend(role);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^Producer') }],
    PolicyDocument: {
      Statement: [Match.objectLike({ Action: Match.arrayWith(['sqs:SendMessage']) })],
    },
  });
});

test('an alarm watches the errors of the function, and tells the topic', () => {
  const stack = new Stack(new App(), 'Test');
  const alarmTopic = new sns.Topic(stack, 'Alarms');
  new WriteBuffer(stack, 'Orders', { sink: Sink.function(functionIn(stack)), alarmTopic });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Consumer') } }],
  });
  template.allResourcesProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
  });
});

test('the alarm on errors counts over the time in which a message comes back', () => {
  // One message that fails is tried once in a visibility timeout: minutes would mostly be empty.
  bufferWith().template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Lambda',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
  });
  const stack = new Stack(new App(), 'Test');
  const sink = Sink.function(functionIn(stack, Duration.seconds(31)));
  new WriteBuffer(stack, 'Orders', { sink });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Lambda',
    Period: 240,
  });
});

test('a version or an alias has the timeout of its function', () => {
  const stack = new Stack(new App(), 'Test');
  const alias = new lambda.Alias(stack, 'Live', {
    aliasName: 'live',
    version: functionIn(stack).currentVersion,
  });
  const buffer = new WriteBuffer(stack, 'Orders', { sink: Sink.function(alias) });

  expect(buffer.workQueue?.visibilityTimeout.toSeconds()).toBe(60);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('a role of another stack is given its rights in the stack of the buffer', () => {
  const app = new App();
  const role = new iam.Role(new Stack(app, 'Roles'), 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  const stack = new Stack(app, 'Test');
  const fn = new lambda.Function(stack, 'Consumer', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('x'),
    role,
  });
  new WriteBuffer(stack, 'Orders', { sink: Sink.function(fn) });

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ 'Fn::ImportValue': Match.stringLikeRegexp('^Roles:') }],
  });
});

test('a function of another stack is given its rights in the stack of the buffer', () => {
  const app = new App();
  const functions = new Stack(app, 'Functions');
  const stack = new Stack(app, 'Test');
  new WriteBuffer(stack, 'Orders', { sink: Sink.function(functionIn(functions)) });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ 'Fn::ImportValue': Match.stringLikeRegexp('ConsumerServiceRole') }],
    PolicyDocument: {
      Statement: [Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']) })],
    },
  });
  template.hasResource('AWS::Lambda::EventSourceMapping', {
    DependsOn: [Match.stringLikeRegexp('^OrdersConsumerPolicy')],
  });
});

describe('an imported function', () => {
  const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:consumer';

  test('is taken to run for 15 minutes, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const fn = lambda.Function.fromFunctionArn(stack, 'Consumer', ARN);
    const buffer = new WriteBuffer(stack, 'Orders', { sink: Sink.function(fn) });

    expect(buffer.workQueue?.visibilityTimeout.toMinutes()).toBe(90);
    const warnings = Annotations.fromStack(stack);
    warnings.hasWarning('/Test/Orders', Match.stringLikeRegexp('functionTimeoutUnknown'));
    warnings.hasWarning('/Test/Orders', Match.stringLikeRegexp('functionRoleUnknown'));
  });

  test('may be described', () => {
    const stack = new Stack(new App(), 'Test');
    const fn = lambda.Function.fromFunctionAttributes(stack, 'Consumer', {
      functionArn: ARN,
      role: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/consumer'),
      sameEnvironment: true,
    });
    const sink = Sink.function(fn, { timeout: Duration.seconds(5), maxConcurrency: 7 });
    const buffer = new WriteBuffer(stack, 'Orders', { sink });

    expect(buffer.workQueue?.visibilityTimeout.toSeconds()).toBe(30);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 7 },
    });
  });
});

describe('a queue that exists', () => {
  const ARN = 'arn:aws:sqs:eu-west-1:123456789012:orders';

  test('is used as it is', () => {
    const stack = new Stack(new App(), 'Test');
    const work = new WorkQueue(stack, 'Work', {
      consumerTimeout: Duration.seconds(10),
      maxReceiveCount: 1_000,
    });
    const buffer = new WriteBuffer(stack, 'Orders', {
      sink: Sink.function(functionIn(stack)),
      queue: work.queue,
    });

    expect(buffer.workQueue).toBeUndefined();
    expect(buffer.deadLetterQueue).toBe(work.deadLetterQueue);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 2);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('is warned of if it is imported', () => {
    const stack = new Stack(new App(), 'Test');
    new WriteBuffer(stack, 'Orders', {
      sink: Sink.function(functionIn(stack)),
      queue: sqs.Queue.fromQueueArn(stack, 'Queue', ARN),
      deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Dlq', `${ARN}-dlq`),
    });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp(
        'visibility timeout of at least 60 seconds, a maxReceiveCount of at least 453 and a retention period of more than 27180 seconds.*queueSettingsUnknown',
      ),
    );
  });

  test('is warned of if it gives up too early', () => {
    const stack = new Stack(new App(), 'Test');
    new WriteBuffer(stack, 'Orders', {
      sink: Sink.function(functionIn(stack)),
      queue: new WorkQueue(stack, 'Work', { consumerTimeout: Duration.seconds(10) }).queue,
    });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('after an outage of about 300 seconds.*outageToleranceNotMet'),
    );
  });

  test('is warned of if it drops messages before it gives up', () => {
    const stack = new Stack(new App(), 'Test');
    const work = new WorkQueue(stack, 'Work', {
      consumerTimeout: Duration.seconds(10),
      maxReceiveCount: 1_000,
      retentionPeriod: Duration.hours(12),
    });
    new WriteBuffer(stack, 'Orders', {
      sink: Sink.function(functionIn(stack)),
      queue: work.queue,
    });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('keeps messages for 43200 seconds only.*retentionTooShort'),
    );
  });

  test.each<[string, (stack: Stack) => Changes]>([
    [
      'has no dead-letter queue: deadLetterQueue is required',
      (stack) => ({ queue: new sqs.Queue(stack, 'Q', { visibilityTimeout: Duration.hours(1) }) }),
    ],
    [
      'is imported and its dead-letter queue not given: deadLetterQueue is required',
      (stack) => ({ queue: sqs.Queue.fromQueueArn(stack, 'Q', ARN) }),
    ],
    [
      'is of another type than its dead-letter queue: must both be FIFO',
      (stack) => ({
        queue: sqs.Queue.fromQueueArn(stack, 'Q', ARN),
        deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'D', `${ARN}-dlq.fifo`),
      }),
    ],
    [
      'lets messages reappear too early: at least six times the timeout of the sink (60 seconds), got 30',
      (stack) => ({ queue: new WorkQueue(stack, 'Work').queue }),
    ],
    [
      'comes with alarms for a FIFO topic: alarmTopic must be a standard topic',
      (stack) => ({
        queue: new WorkQueue(stack, 'Work', { consumerTimeout: Duration.minutes(1) }).queue,
        alarmTopic: new sns.Topic(stack, 'Alarms', { fifo: true }),
      }),
    ],
    [
      'comes with props for another: fifo, maxDepth cannot be applied',
      (stack) => ({
        queue: new WorkQueue(stack, 'Work', { consumerTimeout: Duration.minutes(1) }).queue,
        fifo: false,
        maxDepth: 3,
      }),
    ],
  ])('fails when it %s', (name, changes) => {
    expect(failuresOf(changes)).toEqual([expect.stringContaining(name.split(': ')[1] ?? '')]);
  });
});

describe('fails when', () => {
  test.each<[string, Changes]>([
    ['batchSize must be a whole number', { batchSize: 0 }],
    ['batchSize of a FIFO queue must be at most 10', { batchSize: 11, fifo: true }],
    ['batchSize above 10 needs a maxBatchingWindow', { batchSize: 11 }],
    ['for standard queues only', { maxBatchingWindow: Duration.seconds(1), fifo: true }],
    ['maxBatchingWindow must be a whole number', { maxBatchingWindow: Duration.seconds(301) }],
    ['outageTolerance must be a whole number', { outageTolerance: Duration.seconds(59) }],
    [
      'outageTolerance needs messages to be kept for more than 542000 seconds, got 518400 as retentionPeriod',
      { outageTolerance: Duration.days(5), retentionPeriod: Duration.days(6) },
    ],
    [
      'got 431999, the most that deadLetterRetentionPeriod leaves',
      { outageTolerance: Duration.days(5), deadLetterRetentionPeriod: Duration.days(5) },
    ],
    ['got 1209599, the most that', { outageTolerance: Duration.days(12) }],
    ['deadLetterQueue belongs to queue', { deadLetterQueue: new sqs.Queue(new Stack(), 'Q') }],
    ['maxDepth must be a whole number', { maxDepth: 0 }],
  ])('%s', (message, changes) => {
    expect(failuresOf(changes)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    [Duration.seconds(0), 'got 0'],
    [Duration.seconds(901), 'got 901'],
    [Duration.hours(3), 'got 10800'],
  ])('the timeout of the sink is none that Lambda has: %p', (timeout, message) => {
    expect(
      failuresOf((stack) => ({ sink: Sink.function(functionIn(stack), { timeout }) })),
    ).toEqual([
      expect.stringMatching(`^the timeout of the sink must be .* 900 seconds, ${message}$`),
    ]);
  });

  test.each([0, 1, 1_001, 2.5])('the sink bears a concurrency of %p', (maxConcurrency) => {
    expect(
      failuresOf((stack) => ({ sink: Sink.function(functionIn(stack), { maxConcurrency }) })),
    ).toEqual([expect.stringContaining(`between 2 and 1,000`)]);
  });

  test.each([2, 1_000])('not with a concurrency of %p', (maxConcurrency) => {
    expect(
      failuresOf((stack) => ({ sink: Sink.function(functionIn(stack), { maxConcurrency }) })),
    ).toEqual([]);
  });

  test('the function has less reserved concurrency than the sink asks for', () => {
    const reserving = (reservedConcurrentExecutions: number) =>
      failuresOf((stack) => {
        const fn = new lambda.Function(stack, 'Reserving', {
          runtime: lambda.Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: lambda.Code.fromInline('x'),
          reservedConcurrentExecutions,
        });
        return { sink: Sink.function(fn, { maxConcurrency: 5 }) };
      });

    expect(reserving(5)).toEqual([]);
    expect(reserving(4)).toEqual([
      expect.stringContaining('sink: maxConcurrency must not be above the reserved concurrency'),
    ]);
  });

  test('queue, buffer and sink are wrong, with all of it in one error', () => {
    const failures = failuresOf((stack) => ({
      batchSize: 20_000,
      maxBatchingWindow: Duration.seconds(1),
      maxDepth: 0,
      sink: Sink.function(functionIn(stack), { maxConcurrency: 1 }),
    }));

    expect(failures).toHaveLength(3);
  });
});
