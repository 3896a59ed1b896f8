import type { FailedRecord, FirehoseRecord } from '../record';

/** Records as a file. */
export interface EncodedRecords {
  /** Undefined if no record could be encoded. */
  readonly file: Uint8Array | undefined;
  /** Those that are in it. */
  readonly records: readonly FirehoseRecord[];
  /** Those that could not be encoded, which go to the error output as `format-conversion-failed`. */
  readonly failures: readonly FailedRecord[];
}

/**
 * Makes files of records in another format, such as Parquet.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 */
export interface RecordFormat {
  /** With its dot, such as `.parquet`. */
  readonly extension: string;
  /** Never throws for what is in the records. It counts its own metrics. */
  encode(records: readonly FirehoseRecord[]): EncodedRecords;
}
