import { CsvFileError, csvText } from './csv-file';
import { csvRecords } from './csv-records';

/** A day has no more minutes. */
const longest = 24 * 60;

/**
 * Reads how many arrive in each minute from a CSV file: a whole number a line, or the column `arrivals` of a file with a header line.
 * Up to a day.
 *
 * @throws CsvFileError that names the line that is no number.
 */
export async function readTrace(path: string): Promise<number[]> {
  let column = 0;
  const trace: number[] = [];
  for (const { fields = [], line } of csvRecords(await csvText(path))) {
    if (trace.length === 0 && fields.includes('arrivals')) {
      column = fields.indexOf('arrivals');
      continue;
    }
    const field = fields[column] ?? '';
    if (!/^\d{1,9}$/.test(field)) {
      throw new CsvFileError(
        `${path}:${line}: ${field || '(empty)'} is no whole number of arrivals; a header line has to name the column arrivals`,
      );
    }
    trace.push(Number(field));
  }
  if (trace.length > longest) {
    throw new CsvFileError(`${path} has ${trace.length} minutes, and may have ${longest}: a day`);
  }
  if (trace.every((arrivals) => arrivals === 0)) throw new CsvFileError(`${path} holds no arrival`);
  return trace;
}
