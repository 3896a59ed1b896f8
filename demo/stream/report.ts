import { count, duration, tableOf } from '../shop/table';

/** How the clicks of a sale ended. */
export interface ClicksResult {
  /** Clicks that the stream has taken, broken ones included. */
  readonly published: number;
  /** Clicks in the bucket. */
  readonly delivered: number;
  readonly duplicates: number;
  /** Clicks behind a later one of the same customer in an object. */
  readonly outOfOrder: number;
  /** Clicks that still had the address of the visitor. */
  readonly addresses: number;
  /** Records that the function turned away, in the error prefix. */
  readonly turnedAway: number;
  /** Records that were put into the stream again after the function had been stopped. */
  readonly putAgain: number;
  readonly objects: number;
  readonly shards: number;
  /** Ids of clicks that are neither in the bucket nor turned away. */
  readonly lost: readonly string[];
  /** Emulated milliseconds from the last click to the last delivery. */
  readonly deliveredAfter: number;
  /** Emulated milliseconds from the opening to the last delivery. */
  readonly emulatedTime: number;
  /** Real milliseconds for the same. */
  readonly realTime: number;
}

/** The table that a person reads afterwards. */
export function clicksTable(result: ClicksResult): string {
  return tableOf([
    ['published', count(result.published)],
    ['delivered', `${count(result.delivered)} in ${count(result.objects)} objects`],
    ['turned away, kept', `${count(result.turnedAway)} (not JSON)`],
    ['failed, put again', count(result.putAgain)],
    ['duplicates', count(result.duplicates)],
    [
      'out of order',
      `${count(result.outOfOrder)} (by customer, in an object; not those put again)`,
    ],
    ['addresses of visitors left', count(result.addresses)],
    ['shards', `2, then ${count(result.shards)}`],
    ['lost', count(result.lost.length)],
    ['delivered after', `${duration(result.deliveredAfter)} (emulated, after the last click)`],
    ['emulated time', duration(result.emulatedTime)],
    ['real time', duration(result.realTime)],
  ]);
}
