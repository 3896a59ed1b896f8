import { Duration } from 'aws-cdk-lib';
import { ShardLevelMetrics } from 'aws-cdk-lib/aws-kinesis';
import {
  integerBetween,
  isKnown,
  knownSeconds,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import type { StreamOptions } from './source';

const HOUR = Duration.hours(1).toSeconds();

/**
 * Everything about a stream that Kinesis or CloudFormation would refuse at deployment.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
export const STREAM_RULES: ReadonlyArray<ValidationRule<StreamOptions>> = [
  {
    fails: ({ streamName }) => isKnown(streamName) && !/^[a-zA-Z0-9_.-]{1,128}$/.test(streamName),
    message: ({ streamName }) =>
      `streamName must be 1 to 128 letters, digits, hyphens, underscores and full stops, got '${streamName}'`,
  },
  integerBetween('shardCount', ({ shardCount }) => shardCount, { min: 1, max: 100_000 }),
  secondsBetween('retentionPeriod', ({ retentionPeriod }) => retentionPeriod, {
    min: 24 * HOUR,
    max: 365 * 24 * HOUR,
  }),
  {
    fails: ({ retentionPeriod }) => (knownSeconds(retentionPeriod) ?? 0) % HOUR !== 0,
    message: ({ retentionPeriod }) =>
      `retentionPeriod must be in whole hours, got ${knownSeconds(retentionPeriod)} seconds`,
  },
  {
    fails: ({ shardLevelMetrics = [] }) =>
      shardLevelMetrics.includes(ShardLevelMetrics.ALL) && shardLevelMetrics.length > 1,
    message: () => 'shardLevelMetrics must be ALL, or some by name, not both',
  },
  integerBetween('maxRecordSizeKiB', ({ maxRecordSizeKiB }) => maxRecordSizeKiB, {
    min: 1_024,
    max: 10_240,
  }),
];
