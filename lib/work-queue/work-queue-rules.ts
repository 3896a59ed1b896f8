import { Duration, Token } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  integerBetween,
  isKnown,
  knownSeconds,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import type { WorkQueueProps } from './work-queue-props';

/** 80 characters are allowed; the dead-letter queue's name takes four more than its queue's. */
const MAX_NAME_LENGTH = 76;
const DAY = Duration.days(1).toSeconds();
const MAX_VISIBILITY = Duration.hours(12).toSeconds();
/** AWS's advice for a queue that Lambda consumes. */
const VISIBILITY_PER_CONSUMER_TIMEOUT = 6;
const MAX_CONSUMER_TIMEOUT = MAX_VISIBILITY / VISIBILITY_PER_CONSUMER_TIMEOUT;

/** Retention of a queue where the props do not say; also SQS's own default. */
export const DEFAULT_RETENTION = Duration.days(4);

/** Retention of a dead-letter queue where the props do not say; the longest that SQS has. */
export const DEFAULT_DEAD_LETTER_RETENTION = Duration.days(14);

/** CloudWatch gives no message group, without which a FIFO topic takes nothing. */
export const ALARM_TOPIC_RULE: ValidationRule<Pick<WorkQueueProps, 'alarmTopic'>> = {
  fails: ({ alarmTopic }) => alarmTopic?.fifo === true,
  message: () =>
    'alarmTopic must be a standard topic: CloudWatch alarms cannot publish to FIFO topics',
};

/**
 * Everything that SQS or CloudFormation would refuse at deployment, and what they accept but nobody wants.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
export const WORK_QUEUE_RULES: ReadonlyArray<ValidationRule<WorkQueueProps>> = [
  {
    fails: ({ queueName }) =>
      isKnown(queueName) &&
      (queueName.length > MAX_NAME_LENGTH || !/^[A-Za-z0-9_-]+(\.fifo)?$/.test(queueName)),
    message: ({ queueName }) =>
      `queueName must be 1 to ${MAX_NAME_LENGTH} letters, digits, hyphens and underscores (a dead-letter queue adds 4 to SQS's 80), got '${queueName}'`,
  },
  {
    fails: ({ queueName, fifo }) => fifo === true && Token.isUnresolved(queueName),
    message: () =>
      'the name of a FIFO queue must be known at synthesis: the name of its dead-letter queue is made from it',
  },
  {
    fails: ({ consumerTimeout, consumerBatchingWindow }) =>
      consumerTimeout?.isUnresolved() === true || consumerBatchingWindow?.isUnresolved() === true,
    message: () =>
      'consumerTimeout and consumerBatchingWindow must be known at synthesis: the visibility timeout is derived from them',
  },
  {
    fails: ({ queueName, fifo }) =>
      isKnown(queueName) && fifo === true && !queueName.endsWith('.fifo'),
    message: ({ queueName }) => `the name of a FIFO queue must end in '.fifo', got '${queueName}'`,
  },
  {
    fails: ({ queueName, fifo }) =>
      isKnown(queueName) && fifo !== true && queueName.endsWith('.fifo'),
    message: ({ queueName }) =>
      `the name of a standard queue must not end in '.fifo', got '${queueName}'; set 'fifo: true' or rename it`,
  },
  fifoOnly('contentBasedDeduplication', (props) => props.contentBasedDeduplication === true),
  fifoOnly('deduplicationScope', (props) => props.deduplicationScope !== undefined),
  fifoOnly('fifoThroughputLimit', (props) => props.fifoThroughputLimit !== undefined),
  {
    fails: ({ fifoThroughputLimit, deduplicationScope }) =>
      fifoThroughputLimit === sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID &&
      deduplicationScope !== sqs.DeduplicationScope.MESSAGE_GROUP,
    message: () =>
      "fifoThroughputLimit PER_MESSAGE_GROUP_ID needs 'deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP'",
  },
  {
    fails: ({ consumerTimeout, visibilityTimeout }) =>
      consumerTimeout !== undefined && visibilityTimeout !== undefined,
    message: () =>
      'consumerTimeout and visibilityTimeout exclude each other: the visibility timeout is derived from consumerTimeout',
  },
  {
    fails: ({ consumerTimeout, consumerBatchingWindow }) =>
      consumerBatchingWindow !== undefined && consumerTimeout === undefined,
    message: () => 'consumerBatchingWindow has no effect without consumerTimeout',
  },
  secondsBetween('consumerTimeout', (props) => props.consumerTimeout, {
    min: 1,
    max: MAX_CONSUMER_TIMEOUT,
  }),
  secondsBetween('consumerBatchingWindow', (props) => props.consumerBatchingWindow, {
    min: 0,
    max: 300,
  }),
  {
    fails: (props) =>
      (knownSeconds(props.consumerTimeout) ?? 0) <= MAX_CONSUMER_TIMEOUT &&
      (derivedVisibility(props) ?? 0) > MAX_VISIBILITY,
    message: (props) =>
      `six times consumerTimeout and consumerBatchingWindow must not be more than the longest visibility timeout (43,200 seconds), got ${derivedVisibility(props)}`,
  },
  secondsBetween('visibilityTimeout', (props) => props.visibilityTimeout, {
    min: 0,
    max: MAX_VISIBILITY,
  }),
  secondsBetween('retentionPeriod', (props) => props.retentionPeriod, { min: 60, max: 14 * DAY }),
  secondsBetween('deadLetterRetentionPeriod', (props) => props.deadLetterRetentionPeriod, {
    min: 60,
    max: 14 * DAY,
  }),
  {
    fails: (props) => {
      const source = knownSeconds(props.retentionPeriod ?? DEFAULT_RETENTION);
      const deadLetter = knownSeconds(
        props.deadLetterRetentionPeriod ?? DEFAULT_DEAD_LETTER_RETENTION,
      );
      return source !== undefined && deadLetter !== undefined && deadLetter <= source;
    },
    message: () =>
      'deadLetterRetentionPeriod must be longer than retentionPeriod: SQS counts it from when the message was first sent, so a shorter one drops messages as they fail',
  },
  integerBetween('maxReceiveCount', (props) => props.maxReceiveCount, { min: 1, max: 1_000 }),
  secondsBetween('deliveryDelay', (props) => props.deliveryDelay, { min: 0, max: 900 }),
  secondsBetween('receiveMessageWaitTime', (props) => props.receiveMessageWaitTime, {
    min: 0,
    max: 20,
  }),
  integerBetween('maxMessageSizeBytes', (props) => props.maxMessageSizeBytes, {
    min: 1_024,
    max: 1_048_576,
  }),
  {
    fails: ({ dataKeyReuse, encryptionKey }) =>
      dataKeyReuse !== undefined && encryptionKey === undefined,
    message: () => 'dataKeyReuse has no effect without encryptionKey',
  },
  secondsBetween('dataKeyReuse', (props) => props.dataKeyReuse, { min: 60, max: 86_400 }),
  integerBetween('maxDepth', (props) => props.maxDepth, { min: 1, max: Number.MAX_SAFE_INTEGER }),
  secondsBetween('maxAge', (props) => props.maxAge, { min: 60, max: 14 * DAY }),
  ALARM_TOPIC_RULE,
];

/** The visibility timeout that a consumer needs, in seconds; undefined where none is given or known. */
export function derivedVisibility({
  consumerTimeout,
  consumerBatchingWindow,
}: WorkQueueProps): number | undefined {
  const timeout = knownSeconds(consumerTimeout);
  return timeout === undefined
    ? undefined
    : timeout * VISIBILITY_PER_CONSUMER_TIMEOUT + (knownSeconds(consumerBatchingWindow) ?? 0);
}

function fifoOnly(
  prop: string,
  isSet: (props: WorkQueueProps) => boolean,
): ValidationRule<WorkQueueProps> {
  return {
    fails: (props) => props.fifo !== true && isSet(props),
    message: () => `${prop} is for FIFO queues only: set 'fifo: true' or leave it out`,
  };
}
