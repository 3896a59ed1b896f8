import { readFile } from 'node:fs/promises';

/** A file cannot be used at all: it is not there, or does not hold what it has to. */
export class CsvFileError extends Error {}

/**
 * The text of a CSV file.
 *
 * @throws CsvFileError if it cannot be read.
 */
export async function csvText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CsvFileError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

/** In words where it is a common one; the errors of Node's own modules are told by their code. */
function reasonOf(error: unknown): string {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES') return 'no permission';
  return String(message ?? error);
}
