import type { Duration } from 'aws-cdk-lib';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { WorkQueueProps } from '../work-queue';
import type { ISink } from './sink-contract';

/** What of a WorkQueue's props is passed on; the rest is derived from the sink. */
export type BufferedQueueProps = Omit<
  WorkQueueProps,
  | 'consumerTimeout'
  | 'consumerBatchingWindow'
  | 'visibilityTimeout'
  | 'maxReceiveCount'
  | 'retentionPeriod'
>;

/**
 * What a {@link WriteBuffer} is told: where to write, and how long the sink may be away.
 *
 * The props of the queue (`fifo`, `retentionPeriod`, `encryptionKey`, `alarmTopic` …) are those of
 * `WorkQueueProps`.
 */
export interface WriteBufferProps extends BufferedQueueProps {
  /** Where the messages are written to: `Sink.postgres({...})`, `Sink.dynamoDb({...})`, or `Sink.function(fn)`. */
  readonly sink: ISink;

  /**
   * How long the sink may be unreachable before messages begin to move to the dead-letter queue; at least 1
   * minute, up to about 11 days.
   *
   * The queue's maximum receive count and retention are made large enough for it. What can never be written does not wait for
   * that: the shipped functions send it to the dead-letter queue at once. A message that makes the function itself
   * crash is tried for this long.
   *
   * @default Duration.hours(6)
   */
  readonly outageTolerance?: Duration;

  /**
   * How long a message waits to be written before SQS drops it; just under the retention of the dead-letter queue at
   * most, and longer than it takes to get there after `outageTolerance` (a quarter more than that, and some receives).
   *
   * @default - 4 days, or as long as `outageTolerance` needs
   */
  readonly retentionPeriod?: Duration;

  /**
   * Messages that the function is given at a time; up to 10,000, for a FIFO queue and without `maxBatchingWindow` up to 10.
   *
   * @default 10
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
   */
  readonly batchSize?: number;

  /**
   * How long messages are collected before the function is called with less than `batchSize` of them; up to
   * 5 minutes. Not for FIFO queues.
   *
   * @default Duration.seconds(0)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * A queue that exists, in place of one made here; the props of the queue then do not apply.
   *
   * Of a queue made in this app the visibility timeout, the retention and the dead-letter queue are checked; of an
   * imported one nothing can be, and a warning says what it has to be like. Alarms on the queue itself are not made.
   *
   * @default - a {@link WorkQueue} is made
   */
  readonly queue?: sqs.IQueue;

  /**
   * The dead-letter queue of `queue`, where that cannot be known from it.
   *
   * @default - that of `queue`; required if `queue` is imported
   */
  readonly deadLetterQueue?: sqs.IQueue;
}
