import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { type Order, parseAmount } from './order';

/** Which column of the file holds which part of an order. */
export interface ColumnMap {
  readonly order_id: string;
  readonly date: string;
  readonly customer_id: string;
  readonly amount: string;
}

/** The parts of an order, as `--map` names them. */
export const orderFields = ['order_id', 'date', 'customer_id', 'amount'] as const;

/** A line that is not an order. */
export interface MalformedLine {
  /** Line number in the file, counting from 1. */
  readonly line: number;
  readonly reason: string;
}

/** What an order file holds. */
export interface OrderFile {
  readonly orders: Order[];
  readonly malformed: MalformedLine[];
}

/** The file cannot be used at all: it is not there, or columns are missing. */
export class OrderFileError extends Error {}

/**
 * Reads orders from a CSV file with a header line. A malformed line is reported and left out.
 *
 * @param map - columns that are not named `order_id`, `date` (or `time`), `customer_id` and `amount`
 * @throws OrderFileError if the file cannot be read or lacks a column.
 */
export async function readOrderFile(
  path: string,
  map: Partial<ColumnMap> = {},
): Promise<OrderFile> {
  const orders: Order[] = [];
  const malformed: MalformedLine[] = [];
  const seen = new Set<string>();
  let columns: ColumnMap | undefined;
  const parser = createReadStream(path)
    .on('error', (error) => parser.destroy(error))
    .pipe(
      parse({
        bom: true,
        info: true,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        trim: true,
      }),
    );
  let header: string[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedLine>) {
      if (!columns) {
        header = record;
        columns = locateColumns(path, header, map);
        continue;
      }
      const result =
        record.length === header.length
          ? parseOrder(record, header, columns, seen)
          : `${record.length} fields where the header has ${header.length}`;
      if (typeof result === 'string') malformed.push({ line: info.lines, reason: result });
      else orders.push(result);
    }
  } catch (error) {
    if (error instanceof OrderFileError) throw error;
    throw new OrderFileError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!columns) throw new OrderFileError(`${path} is empty: a header line is expected`);
  return { orders, malformed };
}

interface ParsedLine {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function locateColumns(path: string, header: string[], map: Partial<ColumnMap>): ColumnMap {
  const columns = {
    order_id: map.order_id ?? 'order_id',
    date: map.date ?? (header.includes('date') ? 'date' : 'time'),
    customer_id: map.customer_id ?? 'customer_id',
    amount: map.amount ?? 'amount',
  };
  const missing = Object.values(columns).filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new OrderFileError(
      `${path} has no column ${missing.join(', ')} (it has ${header.join(', ')}); name yours with --map, such as --map order_id=InvoiceNo`,
    );
  }
  return columns;
}

/** The order, or the reason why the line is none. */
function parseOrder(
  record: string[],
  header: string[],
  columns: ColumnMap,
  seen: Set<string>,
): Order | string {
  const field = (name: string): string => record[header.indexOf(name)] ?? '';
  const orderId = field(columns.order_id);
  if (orderId === '') return `${columns.order_id} is empty`;
  if (seen.has(orderId)) return `${columns.order_id} ${orderId} has occurred before`;
  const placedAt = field(columns.date);
  if (Number.isNaN(Date.parse(placedAt)))
    return `${columns.date} ${placedAt || '(empty)'} is not a date`;
  const customerId = field(columns.customer_id);
  if (customerId === '') return `${columns.customer_id} is empty`;
  const pennies = parseAmount(field(columns.amount));
  if (pennies === undefined) {
    return `${columns.amount} ${field(columns.amount) || '(empty)'} is not an amount with at most two decimal places`;
  }
  if (pennies < 0n) return `${columns.amount} ${field(columns.amount)} is negative`;
  seen.add(orderId);
  return { orderId, placedAt, customerId, pennies };
}
