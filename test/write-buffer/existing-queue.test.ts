import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Sink, WorkQueue, WriteBuffer } from 'cdk-decouple';
import { type Changes, failuresOf, functionIn } from './write-buffer-support';

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
