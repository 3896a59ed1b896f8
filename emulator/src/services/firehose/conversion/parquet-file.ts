import { gzipSync } from 'node:zlib';
import { parquetLibrary } from './parquet-library';
import { type ParquetColumn, parquetSchema } from './parquet-schema';

/** How a file is laid out. */
export interface ParquetSettings {
  readonly compression: 'GZIP' | 'SNAPPY' | 'UNCOMPRESSED';
  /** Whether columns of few distinct values are written as numbers of a list of these. */
  readonly dictionaries: boolean;
  /** Largest size of a page, before compression. */
  readonly pageBytes: number;
  /** Most rows in a row group. */
  readonly groupRows: number;
}

/** A value as the writer takes it: bytes, a number, a list, a map, a struct … */
export type ParquetValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly ParquetValue[]
  | ReadonlyMap<ParquetValue, ParquetValue>
  | { readonly [member: string]: ParquetValue };

/**
 * Writes a Parquet file.
 *
 * @param rows - each with a value for every column, in their order
 */
export function parquetFile(
  columns: readonly ParquetColumn[],
  rows: readonly (readonly ParquetValue[])[],
  settings: ParquetSettings,
): Uint8Array {
  const { ByteWriter, parquetWrite } = parquetLibrary();
  const writer = new ByteWriter();
  void parquetWrite({
    writer,
    schema: parquetSchema(columns),
    columnData: columns.map(({ name }, index) => ({
      name,
      data: rows.map((row) => row[index]),
      ...(settings.dictionaries ? {} : { encoding: 'PLAIN' as const }),
    })),
    codec: settings.compression,
    compressors: { GZIP: (bytes) => gzipSync(bytes) },
    pageSize: settings.pageBytes,
    rowGroupSize: settings.groupRows,
    createdBy: 'cdk-decouple-emulator',
  });
  return writer.getBytes();
}
