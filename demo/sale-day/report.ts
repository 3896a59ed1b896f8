import { decimalAmount } from '../shop/order';
import { count, duration, tableOf } from '../shop/table';

/** How a sale ended. */
export interface SaleResult {
  /** Orders and poison messages that the front end accepted. */
  readonly accepted: number;
  /** Rows in the database. */
  readonly written: number;
  /** Sum of the orders accepted and of the rows written, in pennies. */
  readonly acceptedPennies: bigint;
  readonly writtenPennies: bigint;
  /** Deliveries of an order that was in the database already. */
  readonly duplicatesAbsorbed: number;
  /** Messages in the dead-letter queue by the reason that their attribute gives. */
  readonly deadLettered: ReadonlyMap<string, number>;
  /** Ids that were accepted and are neither in the database nor in the dead-letter queue. */
  readonly lost: readonly string[];
  readonly deepestQueue: number;
  /** Emulated milliseconds from the last order to the empty queue. */
  readonly drainedAfter: number;
  /** Emulated milliseconds from the opening to the empty queue. */
  readonly emulatedTime: number;
  /** Real milliseconds for the same. */
  readonly realTime: number;
}

/** The table that a person reads after a sale. */
export function saleTable(result: SaleResult): string {
  const rows: [string, string][] = [
    ['accepted', count(result.accepted)],
    [
      'written',
      `${count(result.written)}  (amounts: ${decimalAmount(result.writtenPennies)} of ${decimalAmount(result.acceptedPennies)})`,
    ],
    ['duplicates absorbed', count(result.duplicatesAbsorbed)],
    ...[...result.deadLettered].map(([reason, messages]): [string, string] => [
      `dead-lettered: ${reason}`,
      count(messages),
    ]),
    ['lost', count(result.lost.length)],
    ['deepest queue', count(result.deepestQueue)],
    ['drained after', `${duration(result.drainedAfter)} (emulated, after the last order)`],
    ['emulated time', duration(result.emulatedTime)],
    ['real time', duration(result.realTime)],
  ];
  return tableOf(rows);
}
