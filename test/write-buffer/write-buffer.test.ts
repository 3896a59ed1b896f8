import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Sink, WriteBuffer } from 'cdk-decouple';
import { bufferWith, functionIn, SOURCE_QUEUE } from './write-buffer-support';

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
