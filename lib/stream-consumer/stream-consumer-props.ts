import type { Duration } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { FilterPattern } from '../event-filters/filter-pattern';
import type { FailureDestination } from './failure-destination';

/** What a {@link StreamConsumer} can be told. */
export interface StreamConsumerProps {
  /** The stream. */
  readonly stream: kinesis.IStream;

  /** The function that is called with batches of records; a shard's in their order. */
  readonly function: lambda.IFunction;

  /**
   * Whether it has a throughput of its own, 2 MB a second of each shard, pushed within 70 ms, instead of sharing 2 MB a second and five
   * reads a second with others that poll.
   *
   * @default false
   * @see https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html
   */
  readonly enhancedFanOut?: boolean;

  /**
   * Whether the account has On-demand Advantage, with which a stream has 50 consumers with enhanced fan-out instead of 20.
   *
   * @default false
   */
  readonly onDemandAdvantage?: boolean;

  /**
   * Largest batch; 1 to 10,000 records, of 6 MB at most.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * How long records are collected before the function is called; up to 5 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * A window of time over which the function carries a state from batch to batch of a shard; up to 15 minutes.
   *
   * @default - no state is carried
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
   */
  readonly tumblingWindow?: Duration;

  /**
   * How many batches of a shard are processed at a time; 1 to 10. Order is then kept for each partition key.
   *
   * @default 1
   */
  readonly parallelizationFactor?: number;

  /**
   * Whether the function answers `{ batchItemFailures: [{ itemIdentifier }] }` with the sequence number of the first record that failed: what
   * came before it is done with.
   *
   * @default true
   */
  readonly reportBatchItemFailures?: boolean;

  /**
   * Whether a batch that failed is halved, until the record that fails is alone.
   *
   * @default true
   */
  readonly bisectBatchOnError?: boolean;

  /**
   * How often a batch that failed is tried again, before `onFailure` is told: 0 to 10,000, or -1 for as long as the stream keeps it.
   * Nothing behind it in its shard is processed meanwhile.
   *
   * @default 10
   */
  readonly retryAttempts?: number;

  /**
   * Records that are older are given up on; a minute to 7 days.
   *
   * @default - as long as the stream keeps them
   */
  readonly maxRecordAge?: Duration;

  /**
   * Which records the function is called with: those that one of the patterns matches. At most 5.
   *
   * A record that no pattern matches is done with.
   *
   * @default - all
   */
  readonly filters?: readonly FilterPattern[];

  /**
   * Where it begins to read: at the oldest record, at what comes next, or at a time.
   *
   * @default lambda.StartingPosition.TRIM_HORIZON
   */
  readonly startingPosition?:
    | lambda.StartingPosition.TRIM_HORIZON
    | lambda.StartingPosition.LATEST
    | Date;

  /**
   * Where Lambda tells of records that it gave up on.
   *
   * @default - a queue is made, which keeps it for 14 days
   */
  readonly onFailure?: FailureDestination;

  /**
   * Key of the queue that is made for `onFailure`.
   *
   * @default - a key that SQS owns
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How old the last record of a batch may be when the function is called, before the alarm on it goes off.
   *
   * @default Duration.hours(1)
   */
  readonly maxIteratorAge?: Duration;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
