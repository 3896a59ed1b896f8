import { builtFile } from '../../built-file';

type Library = typeof import('hyparquet-writer', { with: { 'resolution-mode': 'import' }});

/** An element of the schema of a Parquet file. */
export type SchemaElement = import('hyparquet-writer', { with: {
  'resolution-mode': 'import',
}}).SchemaElement;

/**
 * The library that writes Parquet files; loaded when it is first asked for.
 *
 * It is an ES module, which CommonJS cannot load on every Node.js from 20.16 on, least of all inside jest:
 * the package has it in one CommonJS file (scripts/build-libraries.mjs).
 */
export function parquetLibrary(): Pick<Library, 'ByteWriter' | 'parquetWrite'> {
  return require(builtFile(__dirname, 'hyparquet-writer'));
}
