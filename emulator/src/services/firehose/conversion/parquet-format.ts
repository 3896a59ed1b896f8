import { ServiceError } from '../../../protocol/errors';
import type { ErrorLog } from '../delivery/error-log';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { invalidArgument } from '../errors';
import type { FailedRecord, FirehoseRecord } from '../record';
import type { EncodedRecords, RecordFormat } from '../s3-delivery/record-format';
import type { ConversionSettings, TableSettings } from './conversion-settings';
import { HiveTypeError, parseHiveType } from './hive-type';
import { parquetFile } from './parquet-file';
import type { ParquetColumn } from './parquet-schema';
import { type ConversionFailure, RecordRows, type Row } from './record-rows';

const notFoundText =
  'The specified table/database could not be found. Please ensure that the table/database exists and that the values provided in the schema configuration are correct, especially with regards to casing.';

/** Why nothing can be converted by a table. */
interface SchemaFailure {
  readonly code: string;
  readonly message: string;
}

/** Parquet files of JSON records, by the columns that a table in the Glue Data Catalog has when they are written. */
export class ParquetFormat implements RecordFormat {
  readonly extension = '.parquet';

  /** @param log - of the bucket that the files go to */
  constructor(
    private readonly settings: ConversionSettings,
    private readonly surroundings: DeliverySurroundings,
    private readonly log: Pick<ErrorLog, 'write'>,
  ) {}

  encode(records: readonly FirehoseRecord[]): EncodedRecords {
    const columns = columnsOf(this.settings.table, this.surroundings);
    if ('code' in columns) {
      const failures = records.map((record) => this.failed(record, columns));
      return this.counted({ file: undefined, records: [], failures });
    }
    const converter = new RecordRows(columns, this.settings.serDe);
    const rows: Row[] = [];
    const converted: FirehoseRecord[] = [];
    const failures: FailedRecord[] = [];
    for (const record of records) {
      const made = converter.of(record.data);
      if ('code' in made) failures.push(this.failed(record, made));
      else {
        converted.push(record);
        for (const row of made) rows.push(row);
      }
    }
    const file = rows.length === 0 ? undefined : this.fileOf(columns, rows, bytesOf(converted));
    return this.counted({ file, records: converted, failures });
  }

  private fileOf(columns: readonly ParquetColumn[], rows: readonly Row[], bytes: number) {
    const { groupBytes, parquet } = this.settings;
    const groupRows = Math.max(1, Math.floor((rows.length * groupBytes) / Math.max(1, bytes)));
    return parquetFile(columns, rows, { ...parquet, groupRows });
  }

  private failed(record: FirehoseRecord, { code, message }: ConversionFailure | SchemaFailure) {
    const { sequenceNumber = record.id, subsequenceNumber = 0 } = record.origin ?? {};
    return {
      record,
      errorCode: code,
      errorMessage: message,
      attemptsMade: 1,
      details: {
        sequenceNumber,
        subSequenceNumber: subsequenceNumber,
        dataCatalogTable: this.catalogTable(),
      },
    };
  }

  private catalogTable() {
    const { catalogId, databaseName, tableName, region, versionId, roleArn } = this.settings.table;
    const { address } = this.surroundings;
    return {
      catalogId: catalogId ?? address.account,
      databaseName,
      tableName,
      region: region ?? address.region,
      versionId,
      roleArn,
    };
  }

  private counted(encoded: EncodedRecords): EncodedRecords {
    const { clock, metrics } = this.surroundings;
    const now = clock.now();
    const { records, failures } = encoded;
    metrics.add('SucceedConversion.Records', now, records.length);
    metrics.add('SucceedConversion.Bytes', now, bytesOf(records));
    metrics.add('FailedConversion.Records', now, failures.length);
    metrics.add('FailedConversion.Bytes', now, bytesOf(failures.map(({ record }) => record)));
    // One line for each reason: AWS logs a sample as well.
    const reasons = new Map(failures.map((failure) => [failure.errorMessage, failure]));
    for (const { errorCode, errorMessage } of reasons.values())
      this.log.write(errorCode, errorMessage);
    return encoded;
  }
}

/**
 * Checks that the table is there, as AWS does before it takes a configuration.
 *
 * @throws ServiceError InvalidArgumentException
 */
export function checkTable(
  table: TableSettings,
  surroundings: Pick<DeliverySurroundings, 'address' | 'assumeRole' | 'ports'>,
): void {
  const columns = columnsOf(table, surroundings);
  if ('code' in columns) throw invalidArgument(columns.message);
}

function columnsOf(
  { catalogId, databaseName, tableName, region, roleArn, versionId }: TableSettings,
  { address, assumeRole, ports }: Pick<DeliverySurroundings, 'address' | 'assumeRole' | 'ports'>,
): readonly ParquetColumn[] | SchemaFailure {
  const reference = {
    catalogId: catalogId ?? address.account,
    databaseName,
    tableName,
    region: region ?? address.region,
    versionId,
  };
  try {
    const { columns } = ports.tables.schema(reference, assumeRole(roleArn));
    if (columns.length === 0)
      return { code: 'DataFormatConversion.InvalidSchema', message: 'The table has no columns.' };
    return columns.map(({ name, type }) => ({ name, type: parseHiveType(type) }));
  } catch (error) {
    if (error instanceof HiveTypeError)
      return { code: 'DataFormatConversion.InvalidSchema', message: error.message };
    if (!(error instanceof ServiceError)) throw error;
    if (error.code === 'EntityNotFoundException')
      return { code: 'DataFormatConversion.EntityNotFound', message: notFoundText };
    return { code: `DataFormatConversion.${error.code}`, message: error.message };
  }
}

function bytesOf(records: readonly FirehoseRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.byteLength, 0);
}
