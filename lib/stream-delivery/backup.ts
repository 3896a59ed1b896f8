import type { Duration } from 'aws-cdk-lib';
import { secondsBetween, type ValidationRule } from '../validation';
import { type S3ObjectsOptions, s3ObjectsRules } from './s3-objects';

/** Which records are kept in a bucket. */
export enum BackedUpRecords {
  /** Those that could not be delivered. */
  FAILED = 'FAILED',
  /** All, as they came. Firehose can be changed to this, but not back. */
  ALL = 'ALL',
}

/** Where the records are kept that a destination other than a bucket does not take. */
export interface BackupOptions extends S3ObjectsOptions {
  /**
   * Which.
   *
   * @default BackedUpRecords.FAILED
   */
  readonly records?: BackedUpRecords;
}

/** What destinations other than a bucket have in common. */
export interface BackedUpOptions {
  /** Where the records are kept that could not be delivered: without it they would be lost. */
  readonly backup: BackupOptions;

  /**
   * How long Firehose tries to deliver again, before records go to the backup; up to 2 hours.
   *
   * @default Duration.minutes(5); an hour for Redshift and Splunk
   */
  readonly retryDuration?: Duration;
}

/** What Firehose would refuse of them. */
export function backedUpRules<T extends BackedUpOptions>(): ReadonlyArray<ValidationRule<T>> {
  return [
    secondsBetween('retryDuration', ({ retryDuration }) => retryDuration, { min: 0, max: 7_200 }),
    ...s3ObjectsRules<T>('backup.', ({ backup }) => backup),
  ];
}

/**
 * Which records are kept, as a destination calls it.
 *
 * @param what - such as `Events`, of `FailedEventsOnly` and `AllEvents`
 */
export function backupMode(what: string, { records }: BackupOptions): string {
  return records === BackedUpRecords.ALL ? `All${what}` : `Failed${what}Only`;
}
