import { CsvFileError, csvText } from './csv-file';
import { csvRecords } from './csv-records';
import { type Order, parseAmount, parseDay } from './order';

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

/**
 * Reads orders from a CSV file with a header line. A malformed line is reported and left out.
 *
 * @param map - columns that are not named `order_id`, `date` (or `time`), `customer_id` and `amount`
 * @throws CsvFileError if the file cannot be read or lacks a column.
 */
export async function readOrderFile(
  path: string,
  map: Partial<ColumnMap> = {},
): Promise<OrderFile> {
  const orders: Order[] = [];
  const malformed: MalformedLine[] = [];
  const seen = new Set<string>();
  let header: string[] | undefined;
  let columns: ColumnMap | undefined;
  for (const { line, fields } of csvRecords(await csvText(path))) {
    if (!header || !columns) {
      header = fields ?? [];
      columns = locateColumns(path, header, map);
      continue;
    }
    const result = fields
      ? fields.length === header.length
        ? parseOrder(fields, header, columns, seen)
        : `the header has ${header.length} fields, this line ${fields.length}`
      : 'a quote is not closed';
    if (typeof result === 'string') malformed.push({ line, reason: result });
    else orders.push(result);
  }
  if (!columns) throw new CsvFileError(`${path} is empty: a header line is expected`);
  return { orders, malformed };
}

function locateColumns(path: string, header: string[], map: Partial<ColumnMap>): ColumnMap {
  const columns = {
    order_id: map.order_id ?? 'order_id',
    date: map.date ?? (header.includes('date') ? 'date' : 'time'),
    customer_id: map.customer_id ?? 'customer_id',
    amount: map.amount ?? 'amount',
  };
  const missing = Object.entries(columns)
    .filter(([, name]) => !header.includes(name))
    .map(([field, name]) => (field === 'date' && !map.date ? 'date (or time)' : name));
  if (missing.length > 0) {
    throw new CsvFileError(
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
  const placedAt = parseDay(field(columns.date));
  if (placedAt === undefined)
    return `${columns.date} ${field(columns.date) || '(empty)'} is not a date such as 2026-11-27 or 11/27/2026`;
  const customerId = field(columns.customer_id);
  if (customerId === '') return `${columns.customer_id} is empty`;
  const pennies = parseAmount(field(columns.amount));
  if (pennies === undefined) {
    return `${columns.amount} ${field(columns.amount) || '(empty)'} is not an amount of at most 12 digits and two decimal places`;
  }
  if (pennies < 0n) return `${columns.amount} ${field(columns.amount)} is negative`;
  seen.add(orderId);
  return { orderId, placedAt, customerId, pennies };
}
