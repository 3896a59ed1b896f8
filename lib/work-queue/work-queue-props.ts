import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * What a {@link WorkQueue} can be told. Everything has a default.
 */
export interface WorkQueueProps {
  /**
   * Name of the queue, up to 76 characters; the dead-letter queue gets the same name with `-dlq`.
   *
   * A named FIFO queue ends in `.fifo`. Naming the queue also closes its dead-letter queue to other
   * queues, which CloudFormation cannot express otherwise (each queue would refer to the other).
   * Leave it out unless somebody outside the stack has to know it: a named queue cannot be replaced.
   * `PhysicalName.GENERATE_IF_NEEDED` is for standard queues that another account or region refers to.
   *
   * @default - a name made by CloudFormation; any queue of the account may use the dead-letter queue
   */
  readonly queueName?: string;

  /**
   * Whether messages keep their order within a message group and are taken in once.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * Whether SQS takes the SHA-256 of the body as deduplication id where the producer gives none. FIFO only.
   *
   * Two messages that are meant to be two but have equal bodies within 5 minutes become one, so it is
   * off unless asked for; without it a message that has no deduplication id is refused, loudly.
   *
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * Whether a deduplication id counts within the queue or within its message group. FIFO only.
   *
   * @default sqs.DeduplicationScope.QUEUE
   */
  readonly deduplicationScope?: sqs.DeduplicationScope;

  /**
   * Whether the throughput quota counts for the queue or for each message group. FIFO only.
   *
   * Per group ("high throughput") needs `deduplicationScope` to be the message group.
   *
   * @default sqs.FifoThroughputLimit.PER_QUEUE
   */
  readonly fifoThroughputLimit?: sqs.FifoThroughputLimit;

  /**
   * How long the consumer may take for one batch: the function's timeout, or the time a worker needs.
   *
   * The visibility timeout becomes six times as long (plus `consumerBatchingWindow`), which leaves
   * room for the retries that Lambda makes while it is throttled. Up to 2 hours. Give this or
   * `visibilityTimeout`, not both.
   *
   * @default - `visibilityTimeout` counts
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  readonly consumerTimeout?: Duration;

  /**
   * How long the consumer's event source collects messages before it calls the function.
   *
   * @default Duration.seconds(0)
   */
  readonly consumerBatchingWindow?: Duration;

  /**
   * How long a received message stays hidden from other consumers; 0 seconds to 12 hours.
   *
   * @default - six times `consumerTimeout`, else 30 seconds
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How long a message waits to be consumed before SQS drops it; 1 minute to just under the
   * retention of the dead-letter queue.
   *
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;

  /**
   * How long the dead-letter queue keeps a message; up to 14 days and longer than `retentionPeriod`.
   *
   * Of a standard queue it is counted from when the message was **first sent**, not from when it failed.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetentionPeriod?: Duration;

  /**
   * How often a message is received before it moves to the dead-letter queue; 1 to 1,000.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * How long a new message is hidden before its first delivery; up to 15 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly deliveryDelay?: Duration;

  /**
   * How long ReceiveMessage waits for a message where the caller does not say; up to 20 seconds.
   *
   * Long polling asks all of SQS's servers and costs fewer empty calls.
   *
   * @default Duration.seconds(20)
   */
  readonly receiveMessageWaitTime?: Duration;

  /**
   * Largest message in bytes, its attributes included; 1,024 to 1,048,576.
   *
   * @default 1048576
   */
  readonly maxMessageSizeBytes?: number;

  /**
   * A KMS key of your own for both queues. Its policy gets what the `allow…` methods need.
   *
   * @default - encrypted with a key that SQS owns (SSE-SQS), which costs nothing
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long SQS reuses a data key before it calls KMS again; 1 minute to 24 hours, `encryptionKey` only.
   *
   * @default - 5 minutes
   */
  readonly dataKeyReuse?: Duration;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * CloudWatch is let publish there by the topic's policy; that of an imported topic cannot be changed from here. If
   * the topic is encrypted with a key of yours, CloudWatch is given the use of that key; with the AWS managed key
   * `alias/aws/sns` it could not publish.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Messages in the queue, waiting or in flight, from which on the depth alarm goes off.
   *
   * @default 10000
   */
  readonly maxDepth?: number;

  /**
   * Age of the oldest message from which on the age alarm goes off; at least 1 minute.
   *
   * SQS leaves out messages that were received three times or more, so the alarm tells of a consumer
   * that is too slow, not of one that fails.
   *
   * @default Duration.hours(1)
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  readonly maxAge?: Duration;

  /**
   * What becomes of the queues, and of the messages in them, when they leave the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}
