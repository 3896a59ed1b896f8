import type { Batch, Buffering, Destination } from '../delivery/destination';
import { ErrorLog } from '../delivery/error-log';
import type { Attempts } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { DeliveryMetricPrefix } from '../metrics';
import type { FailedRecord, FirehoseRecord } from '../record';
import type { ErrorOutputType } from '../s3-delivery/prefix';
import { oldestOf, S3Backup } from '../s3-delivery/s3-backup';
import { S3Output } from '../s3-delivery/s3-output';
import type { BackedSettings } from './backed-settings';

/** A destination besides S3, with a bucket for what it gives up, and for copies of all records if they are wanted. */
export abstract class BackedDestination implements Destination {
  readonly buffering: Buffering;
  protected readonly backup: S3Backup;
  protected readonly log: ErrorLog;

  /**
   * @param metrics - what its metrics are called
   * @param name - of the endpoint, in the log
   */
  constructor(
    protected readonly settings: BackedSettings,
    protected readonly surroundings: DeliverySurroundings,
    private readonly metrics: Exclude<DeliveryMetricPrefix, 'BackupToS3' | 'DeliveryToS3'>,
    name: string,
  ) {
    const { bucket, buffering, logging } = settings;
    this.buffering = buffering;
    this.backup = new S3Backup(new S3Output(bucket, surroundings, 'BackupToS3'), surroundings);
    this.log = new ErrorLog(surroundings, logging, bucket.roleArn, name);
  }

  abstract deliver(batch: Batch): Promise<void>;

  received(record: FirehoseRecord): void {
    if (this.settings.backsUpAll) this.backup.keep(record);
  }

  processingFailed(failures: readonly FailedRecord[]): void {
    this.backup.failed('processing-failed', failures);
  }

  flush(): void {
    this.backup.flush();
  }

  discard(): void {
    this.backup.discard();
  }

  /** Counts an attempt to deliver records. */
  protected attempted(records: readonly FirehoseRecord[], successes: readonly number[]): void {
    const { clock, metrics } = this.surroundings;
    const now = clock.now();
    metrics.add(`${this.metrics}.DataFreshness`, now, (now - oldestOf(records)) / 1000);
    for (const success of successes) metrics.add(`${this.metrics}.Success`, now, success);
  }

  /** Counts records that are where they should be. */
  protected delivered(records: readonly FirehoseRecord[]): void {
    const { clock, metrics } = this.surroundings;
    metrics.add(`${this.metrics}.Records`, clock.now(), records.length);
    metrics.add(`${this.metrics}.Bytes`, clock.now(), bytesOf(records));
  }

  /** Backs up records that are given up, each with what it was to be known by. */
  protected givenUp(
    type: ErrorOutputType,
    records: readonly FirehoseRecord[],
    { failure, made }: Attempts,
    details: (record: FirehoseRecord) => Readonly<Record<string, unknown>>,
  ): void {
    if (!failure) return;
    const { code, message } = failure;
    const failures = records.map((record) => ({
      record,
      errorCode: code,
      errorMessage: message,
      attemptsMade: made,
      details: details(record),
    }));
    this.backup.failed(type, failures);
  }
}

/** What a record is known by at its destination. */
export function dataId({ id, origin }: FirehoseRecord): string {
  return `${origin?.sequenceNumber ?? id}.${origin?.subsequenceNumber ?? 0}`;
}

export function bytesOf(records: readonly FirehoseRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.byteLength, 0);
}
