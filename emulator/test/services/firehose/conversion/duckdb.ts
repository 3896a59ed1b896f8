import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance, type JS } from '@duckdb/node-api';

/** What an independent engine finds in Parquet files. */
export interface ParquetContent {
  /** Names and types of the columns, in DuckDB's notation. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, JS>>[];
}

/** Reads Parquet files, by their names, as DuckDB does. @param query - of `files`, a list of the paths */
export async function readParquet(
  files: Readonly<Record<string, Uint8Array>>,
  query = (paths: string) => `SELECT * FROM read_parquet(${paths})`,
): Promise<ParquetContent> {
  const directory = await mkdtemp(path.join(tmpdir(), 'parquet-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const paths: string[] = [];
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(directory, name.replaceAll('/', '_'));
      await writeFile(file, bytes);
      paths.push(`'${file.replaceAll("'", "''")}'`);
    }
    const sql = query(`[${paths.join(', ')}]`);
    const described = await connection.runAndReadAll(`DESCRIBE ${sql}`);
    const columns = described
      .getRowObjectsJS()
      .map((row) => [String(row.column_name), String(row.column_type)]);
    const found = await connection.runAndReadAll(sql);
    return { columns: Object.fromEntries(columns), rows: found.getRowObjectsJS() };
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(directory, { recursive: true });
  }
}
