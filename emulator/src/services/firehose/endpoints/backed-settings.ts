import { Constraints } from '../../constraints';
import type { S3Configuration } from '../api';
import type { Buffering } from '../delivery/destination';
import type { LoggingOptions } from '../delivery/error-log';
import { invalidArgument } from '../errors';
import { type BucketSettings, otherBucketSettings } from '../s3-delivery/s3-settings';

/** What destinations besides S3 have in common. */
export interface BackedSettings {
  readonly buffering: Buffering;
  /** Where failures go, and copies of all records if it says so. */
  readonly bucket: BucketSettings;
  readonly backsUpAll: boolean;
  /** Milliseconds for which a delivery is tried again. */
  readonly retryFor: number;
  readonly logging: LoggingOptions | undefined;
}

/** What such a destination says of itself, by the names that all of them use. */
export interface BackedConfiguration {
  readonly BufferingHints?:
    | {
        readonly IntervalInSeconds?: number | undefined;
        readonly SizeInMBs?: number | undefined;
      }
    | undefined;
  readonly CloudWatchLoggingOptions?: LoggingOptions | undefined;
  readonly RetryOptions?: { readonly DurationInSeconds?: number | undefined } | undefined;
  readonly S3BackupMode?: string | undefined;
  readonly S3Configuration: S3Configuration;
}

/** Bounds and defaults of a kind of destinations. */
export interface BackedDefaults {
  readonly largestMegabytes: number;
  readonly megabytes: number;
  readonly longestSeconds: number;
  readonly seconds: number;
  readonly retrySeconds: number;
  /** Values of the backup mode: of failures only, which is the default, and of all records. */
  readonly backupModes: readonly [failed: string, all: string];
}

const mebibyte = 1024 * 1024;
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointRetryOptions.html, and of the others */
const longestRetrySeconds = 7200;

/**
 * Reads what a request says of a destination that has a bucket for what it cannot deliver.
 *
 * @param path - of the destination in the request
 * @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented
 */
export function backedSettings(
  configuration: BackedConfiguration,
  path: string,
  defaults: BackedDefaults,
): BackedSettings {
  const { BufferingHints: hints = {}, RetryOptions: retry = {} } = configuration;
  const { S3BackupMode: mode = defaults.backupModes[0] } = configuration;
  new Constraints('ValidationException')
    .range(`${path}.bufferingHints.sizeInMBs`, hints.SizeInMBs, 1, defaults.largestMegabytes)
    .range(
      `${path}.bufferingHints.intervalInSeconds`,
      hints.IntervalInSeconds,
      0,
      defaults.longestSeconds,
    )
    .range(
      `${path}.retryOptions.durationInSeconds`,
      retry.DurationInSeconds,
      0,
      longestRetrySeconds,
    )
    .oneOf(`${path}.s3BackupMode`, mode, defaults.backupModes)
    .check();
  if ((hints.SizeInMBs === undefined) !== (hints.IntervalInSeconds === undefined))
    throw invalidArgument(
      'Both SizeInMBs and IntervalInSeconds must be specified in BufferingHints.',
    );
  return {
    buffering: {
      bytes: (hints.SizeInMBs ?? defaults.megabytes) * mebibyte,
      milliseconds: (hints.IntervalInSeconds ?? defaults.seconds) * 1000,
    },
    bucket: otherBucketSettings(configuration.S3Configuration, `${path}.s3Configuration`),
    backsUpAll: mode === defaults.backupModes[1],
    retryFor: (retry.DurationInSeconds ?? defaults.retrySeconds) * 1000,
    logging: configuration.CloudWatchLoggingOptions,
  };
}

/** Members of descriptions that such destinations have in common, with what a request left out. */
export function describeBacked(
  {
    BufferingHints: hints,
    CloudWatchLoggingOptions: logging,
    RetryOptions: retry,
  }: BackedConfiguration,
  defaults: BackedDefaults,
) {
  return {
    BufferingHints: {
      SizeInMBs: hints?.SizeInMBs ?? defaults.megabytes,
      IntervalInSeconds: hints?.IntervalInSeconds ?? defaults.seconds,
    },
    CloudWatchLoggingOptions: logging ?? { Enabled: false },
    RetryOptions: { DurationInSeconds: retry?.DurationInSeconds ?? defaults.retrySeconds },
  };
}
