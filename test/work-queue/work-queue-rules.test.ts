import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { WorkQueue, type WorkQueueProps } from 'cdk-decouple';
import { failuresOf } from './support';

describe('fails when', () => {
  test.each<[keyof WorkQueueProps & string, WorkQueueProps]>([
    ['maxReceiveCount', { maxReceiveCount: 0 }],
    ['maxReceiveCount', { maxReceiveCount: 1_001 }],
    ['maxReceiveCount', { maxReceiveCount: 1.5 }],
    ['deliveryDelay', { deliveryDelay: Duration.seconds(901) }],
    ['receiveMessageWaitTime', { receiveMessageWaitTime: Duration.seconds(21) }],
    ['visibilityTimeout', { visibilityTimeout: Duration.seconds(43_201) }],
    ['retentionPeriod', { retentionPeriod: Duration.seconds(59) }],
    ['deadLetterRetentionPeriod', { deadLetterRetentionPeriod: Duration.days(15) }],
    ['maxMessageSizeBytes', { maxMessageSizeBytes: 1_023 }],
    ['maxMessageSizeBytes', { maxMessageSizeBytes: 1_048_577 }],
    ['consumerTimeout', { consumerTimeout: Duration.hours(3) }],
    ['maxDepth', { maxDepth: 0 }],
    ['maxAge', { maxAge: Duration.seconds(30) }],
  ])('%s is out of bounds: %j', (prop, props) => {
    expect(failuresOf(props)).toEqual([
      expect.stringMatching(new RegExp(`^${prop} must be a whole number between .* and .*, got `)),
    ]);
  });

  test.each<[WorkQueueProps]>([
    [{ maxReceiveCount: 1 }],
    [{ maxReceiveCount: 1_000 }],
    [{ deliveryDelay: Duration.minutes(15) }],
    [{ receiveMessageWaitTime: Duration.seconds(0) }],
    [{ visibilityTimeout: Duration.hours(12) }],
    [{ consumerTimeout: Duration.hours(2) }],
    [{ retentionPeriod: Duration.seconds(60) }],
    [{ retentionPeriod: Duration.days(14).minus(Duration.seconds(1)) }],
    [{ maxMessageSizeBytes: 1_048_576 }],
    [{ queueName: 'x'.repeat(76) }],
    [{ maxReceiveCount: Lazy.number({ produce: () => 7 }) }],
  ])('not when it is at the bound: %j', (props) => {
    expect(failuresOf(props)).toEqual([]);
  });

  test.each<[string, WorkQueueProps]>([
    ["the name of a FIFO queue must end in '.fifo'", { fifo: true, queueName: 'orders' }],
    ["must not end in '.fifo'", { queueName: 'orders.fifo' }],
    ['queueName must be 1 to 76', { queueName: 'x'.repeat(77) }],
    ['queueName must be 1 to 76', { queueName: 'a.b' }],
    ['must be known at synthesis', { fifo: true, queueName: Lazy.string({ produce: () => 'x' }) }],
    ['contentBasedDeduplication is for FIFO', { contentBasedDeduplication: true }],
    ['deduplicationScope is for FIFO', { deduplicationScope: sqs.DeduplicationScope.QUEUE }],
    [
      'PER_MESSAGE_GROUP_ID needs',
      { fifo: true, fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID },
    ],
    [
      'exclude each other',
      { consumerTimeout: Duration.seconds(1), visibilityTimeout: Duration.seconds(9) },
    ],
    [
      'must not be more than the longest visibility timeout (43,200 seconds), got 43201',
      { consumerTimeout: Duration.hours(2), consumerBatchingWindow: Duration.seconds(1) },
    ],
    ['has no effect without consumerTimeout', { consumerBatchingWindow: Duration.seconds(1) }],
    ['longer than retentionPeriod', { retentionPeriod: Duration.days(14) }],
    ['longer than retentionPeriod', { deadLetterRetentionPeriod: Duration.days(4) }],
    ['without encryptionKey', { dataKeyReuse: Duration.hours(1) }],
  ])('%s', (message, props) => {
    expect(failuresOf(props)).toEqual([expect.stringContaining(message)]);
  });

  test('the alarm topic is a FIFO topic', () => {
    const alarmTopic = sns.Topic.fromTopicArn(
      new Stack(),
      'Topic',
      'arn:aws:sns:eu-west-1:123456789012:alarms.fifo',
    );

    expect(failuresOf({ alarmTopic })).toEqual([expect.stringContaining('a standard topic')]);
  });

  test('several things are wrong, with all of them in one error', () => {
    const wrong = {
      maxReceiveCount: 0,
      deliveryDelay: Duration.hours(1),
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_QUEUE,
    };

    expect(failuresOf(wrong)).toHaveLength(3);
    expect(() => new WorkQueue(new Stack(new App(), 'Test'), 'Orders', wrong)).toThrow(
      /^WorkQueue 'Test\/Orders' cannot be made:\n {2}- .*\n {2}- .*\n {2}- .*$/,
    );
  });
});
