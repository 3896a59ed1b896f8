import type { Caller } from '../../../iam/caller';
import { invalid } from '../errors';
import { constraint } from '../function-settings';
import type { SourceStart, StreamSource } from '../stream-source';
import { StreamFilter } from './stream-filter';

/** What only mappings of streams are set to. */
export interface StreamSettings {
  readonly start: SourceStart;
  /** Batches of a shard that run at a time. @default 1 */
  readonly parallelization: number;
  /** Whether a batch that fails is cut in two. */
  readonly bisects: boolean;
  /** -1: until the records have gone. */
  readonly maximumRetries: number;
  /** Seconds; -1: without limit. */
  readonly maximumAge: number;
  /** ARN of a queue or topic that is told of batches that are given up, or of a bucket that gets them. */
  readonly failureDestination: string | undefined;
}

/** Where mappings tell of batches that they gave up, as the function's role. */
export interface FailureDestinations {
  /** Tells a queue or a topic. @throws ServiceError if there is none, or the caller may not send there */
  send(arn: string, message: string, caller: Caller): void;
  /** Writes to a bucket. @throws ServiceError if there is none, or the caller may not write there */
  store(bucketArn: string, key: string, text: string, caller: Caller): void;
}

/**
 * Checks a mapping's settings for a stream as Lambda does.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 *
 * @throws ServiceError InvalidParameterValueException
 */
export function checkStreamSettings(
  {
    batchSize,
    batchingWindow,
    filters,
    maximumConcurrency,
    sourceArn,
    stream,
  }: {
    readonly batchSize: number;
    readonly batchingWindow: number;
    readonly filters: readonly string[];
    readonly maximumConcurrency: number | undefined;
    readonly sourceArn: string;
    readonly stream: StreamSettings;
  },
  source: StreamSource,
): void {
  if (!source.exists(sourceArn)) throw invalid(`Stream not found: ${sourceArn}`);
  range('batchSize', batchSize, 1, 10_000);
  range('maximumBatchingWindowInSeconds', batchingWindow, 0, 300);
  range('parallelizationFactor', stream.parallelization, 1, 10);
  range('maximumRetryAttempts', stream.maximumRetries, -1, 10_000);
  range('maximumRecordAgeInSeconds', stream.maximumAge, -1, 604_800);
  if (stream.maximumAge !== -1 && stream.maximumAge < 60)
    throw invalid('MaximumRecordAgeInSeconds must be -1 or at least 60.');
  if (maximumConcurrency !== undefined)
    throw invalid('ScalingConfig is not supported for Kinesis event sources.');
  if (stream.start.type === 'AT_TIMESTAMP' && stream.start.timestamp === undefined)
    throw invalid('StartingPositionTimestamp is required for StartingPosition AT_TIMESTAMP.');
  new StreamFilter(filters);
}

function range(member: string, value: number, min: number, max: number): void {
  if (value < min)
    throw constraint(value, member, `Member must have value greater than or equal to ${min}`);
  if (value > max)
    throw constraint(value, member, `Member must have value less than or equal to ${max}`);
}
