import { parse } from 'csv-parse/sync';

/** A record of a CSV file. */
export interface CsvRecord {
  /** Number of its first line, counting from 1. */
  readonly line: number;
  /** Undefined if it opens a quote that nothing closes. */
  readonly fields: string[] | undefined;
}

/** How many lines a quoted field may go over. */
const longestField = 50;

/**
 * The records of a CSV text. One that is broken costs its own line only: where a quote is not closed within a record
 * of the header's length, the next line begins a record of its own.
 */
export function* csvRecords(text: string): Generator<CsvRecord> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  let headerLength: number | undefined;
  let next = 0;
  while (next < lines.length) {
    const line = next + 1;
    const first = lines[next] ?? '';
    next += 1;
    if (first.trim() === '') continue;
    let fields = fieldsOf(first);
    for (let more = 1; !fields && more < longestField && line + more <= lines.length; more += 1) {
      const longer = fieldsOf(lines.slice(line - 1, line + more).join('\n'));
      if (!longer || (headerLength !== undefined && longer.length !== headerLength)) continue;
      fields = longer;
      next = line + more;
    }
    headerLength ??= fields?.length;
    yield { line, fields };
  }
}

function fieldsOf(record: string): string[] | undefined {
  if (!record.includes('"')) return record.split(',').map((field) => field.trim());
  try {
    const records: string[][] = parse(record, {
      relax_column_count: true,
      relax_quotes: true,
      trim: true,
    });
    return records.length === 1 ? records[0] : undefined;
  } catch {
    return undefined;
  }
}
