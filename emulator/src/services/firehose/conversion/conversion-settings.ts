import { NotImplementedError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { ExtendedS3Configuration } from '../api';
import { invalidArgument } from '../errors';
import { UnknownPatternError } from './joda-pattern';
import type { ParquetSettings } from './parquet-file';
import { hiveSerDe, openXSerDe, type SerDe } from './serde';

export type ConversionConfiguration = NonNullable<
  ExtendedS3Configuration['DataFormatConversionConfiguration']
>;
type ParquetConfiguration = NonNullable<
  NonNullable<ConversionConfiguration['OutputFormatConfiguration']>['Serializer']
>['ParquetSerDe'];

/** The table whose columns are taken. */
export interface TableSettings {
  readonly roleArn: string;
  /** @default - the account's own */
  readonly catalogId: string | undefined;
  readonly databaseName: string;
  readonly tableName: string;
  /** @default - the delivery stream's own */
  readonly region: string | undefined;
  /** A number, or `LATEST`. */
  readonly versionId: string;
}

/** How JSON records become Parquet files. */
export interface ConversionSettings {
  readonly table: TableSettings;
  readonly serDe: SerDe;
  readonly parquet: Omit<ParquetSettings, 'groupRows'>;
  /** Largest size of a group of rows, as JSON. */
  readonly groupBytes: number;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const word = '^\\S+$';
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ParquetSerDe.html */
const defaultPage = mebibyte;
const smallestPage = 64 * kibibyte;
const defaultBlock = 256 * mebibyte;
const smallestBlock = 64 * mebibyte;
/** https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html */
const smallestBuffer = 64;
const defaultBuffer = { SizeInMBs: 128, IntervalInSeconds: 300 };

/** A destination that converts records buffers more of them, unless it says how many. */
export function withConversionDefaults(
  configuration: ExtendedS3Configuration,
): ExtendedS3Configuration {
  return isEnabled(configuration.DataFormatConversionConfiguration)
    ? { BufferingHints: defaultBuffer, ...configuration }
    : configuration;
}

/**
 * Reads what a request says of the conversion of records.
 *
 * @param path - of the destination in the request
 * @returns undefined if records stay as they are
 * @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented
 */
export function conversionSettings(
  destination: ExtendedS3Configuration,
  path: string,
): ConversionSettings | undefined {
  const configuration = destination.DataFormatConversionConfiguration;
  if (!configuration) return undefined;
  acceptOnly('CreateDeliveryStream.DataFormatConversionConfiguration', configuration, [
    'Enabled',
    'InputFormatConfiguration',
    'OutputFormatConfiguration',
    'SchemaConfiguration',
  ]);
  checkValues(configuration, `${path}.dataFormatConversionConfiguration`);
  if (!isEnabled(configuration)) return undefined;
  if ((destination.CompressionFormat ?? 'UNCOMPRESSED') !== 'UNCOMPRESSED')
    throw invalidArgument(
      'CompressionFormat must be UNCOMPRESSED when data format conversion is enabled.',
    );
  if ((destination.BufferingHints?.SizeInMBs ?? smallestBuffer) < smallestBuffer)
    throw invalidArgument(
      `BufferingHints.SizeInMBs must be at least ${smallestBuffer} when data format conversion is enabled.`,
    );
  const parquet = parquetOf(configuration);
  return {
    serDe: serDeOf(configuration),
    parquet: {
      compression: parquet?.Compression ?? 'SNAPPY',
      dictionaries: parquet?.EnableDictionaryCompression ?? false,
      pageBytes: parquet?.PageSizeBytes ?? defaultPage,
    },
    groupBytes: parquet?.BlockSizeBytes ?? defaultBlock,
    table: tableOf(configuration),
  };
}

/** What an update does not mention stays as it is, member by member. */
export function mergedConversion(
  before: ConversionConfiguration | undefined,
  update: ConversionConfiguration | undefined,
): ConversionConfiguration | undefined {
  if (!before || !update) return update ?? before;
  return {
    ...before,
    ...update,
    SchemaConfiguration: { ...before.SchemaConfiguration, ...update.SchemaConfiguration },
  };
}

/** Without a word about it, it is. */
function isEnabled(configuration: ConversionConfiguration | undefined): boolean {
  return configuration !== undefined && configuration.Enabled !== false;
}

function tableOf({ SchemaConfiguration: schema }: ConversionConfiguration): TableSettings {
  if (!schema) throw invalidArgument('SchemaConfiguration must be specified');
  const { RoleARN: roleArn, DatabaseName: databaseName, TableName: tableName } = schema;
  if (roleArn === undefined) throw missing('SchemaConfiguration.RoleArn');
  if (databaseName === undefined) throw missing('SchemaConfiguration.DatabaseName');
  if (tableName === undefined) throw missing('SchemaConfiguration.TableName');
  return {
    roleArn,
    databaseName,
    tableName,
    catalogId: schema.CatalogId,
    region: schema.Region,
    versionId: schema.VersionId ?? 'LATEST',
  };
}

function serDeOf({ InputFormatConfiguration: input }: ConversionConfiguration): SerDe {
  const { OpenXJsonSerDe: openX, HiveJsonSerDe: hive } = input?.Deserializer ?? {};
  if (openX && hive)
    throw invalidArgument('More than one deserializer is specified in InputFormatConfiguration');
  if (openX) return openXSerDe(openX);
  if (!hive) throw missing('InputFormatConfiguration.Deserializer');
  try {
    return hiveSerDe(hive.TimestampFormats);
  } catch (error) {
    if (!(error instanceof UnknownPatternError)) throw error;
    throw new NotImplementedError(`TimestampFormats of CreateDeliveryStream: ${error.message}`);
  }
}

function parquetOf({
  OutputFormatConfiguration: output,
}: ConversionConfiguration): ParquetConfiguration {
  const { OrcSerDe: orc, ParquetSerDe: parquet } = output?.Serializer ?? {};
  if (orc && parquet)
    throw invalidArgument('More than one serializer is specified in OutputFormatConfiguration');
  if (orc) throw new NotImplementedError('parameter OrcSerDe of CreateDeliveryStream');
  if (!parquet) throw missing('OutputFormatConfiguration.Serializer');
  if ((parquet.MaxPaddingBytes ?? 0) > 0)
    throw new NotImplementedError('parameter MaxPaddingBytes of CreateDeliveryStream');
  return parquet;
}

/** What is checked although the conversion may be turned off. */
function checkValues(configuration: ConversionConfiguration, path: string): void {
  const constraints = new Constraints('ValidationException');
  const parquet = configuration.OutputFormatConfiguration?.Serializer?.ParquetSerDe;
  const at = `${path}.outputFormatConfiguration.serializer.parquetSerDe`;
  const most = Number.MAX_SAFE_INTEGER;
  constraints
    .range(`${at}.maxPaddingBytes`, parquet?.MaxPaddingBytes, 0, most)
    .range(`${at}.blockSizeBytes`, parquet?.BlockSizeBytes, smallestBlock, most)
    .range(`${at}.pageSizeBytes`, parquet?.PageSizeBytes, smallestPage, most)
    .oneOf(`${at}.compression`, parquet?.Compression, ['SNAPPY', 'GZIP', 'UNCOMPRESSED'])
    .oneOf(`${at}.writerVersion`, parquet?.WriterVersion, ['V1', 'V2']);
  const { SchemaConfiguration: schema = {} } = configuration;
  const members = {
    versionId: schema.VersionId,
    catalogId: schema.CatalogId,
    databaseName: schema.DatabaseName,
    roleARN: schema.RoleARN,
    region: schema.Region,
    tableName: schema.TableName,
  };
  for (const [name, value] of Object.entries(members))
    constraints
      .length(`${path}.schemaConfiguration.${name}`, value, 1, 1024)
      .pattern(`${path}.schemaConfiguration.${name}`, value, word);
  constraints.check();
}

function missing(member: string): Error {
  return invalidArgument(`${member} must be specified`);
}
