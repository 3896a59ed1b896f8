import type { ExtendedS3Configuration } from '../api';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { FailedRecord, FirehoseRecord } from '../record';

export type ConversionConfiguration = NonNullable<
  ExtendedS3Configuration['DataFormatConversionConfiguration']
>;

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
 * Makes files of JSON records in another format, such as Parquet, by the schema of a table.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 */
export interface RecordFormat {
  /** With its dot, such as `.parquet`. */
  readonly extension: string;
  /** Never rejects for what is in the records. It counts its own metrics. */
  encode(records: readonly FirehoseRecord[]): Promise<EncodedRecords>;
}

/** Formats of records. */
export interface RecordFormats {
  /** Roles that a conversion acts as. @throws ServiceError for a configuration that makes no sense */
  check(configuration: ConversionConfiguration): { readonly roleArns: readonly string[] };
  open(configuration: ConversionConfiguration, surroundings: DeliverySurroundings): RecordFormat;
}
