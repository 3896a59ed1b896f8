import { count, duration, tableOf } from '../shop/table';

/** How a failover went. */
export interface FailoverResult {
  /** Orders that the broker confirmed. */
  readonly confirmed: number;
  /** Orders that the warehouse got. */
  readonly received: number;
  /** Ids of orders that it did not. */
  readonly lost: readonly string[];
  /** Orders that it got more than once. */
  readonly duplicates: number;
  /** Orders that were sent and not confirmed when the active member was killed. */
  readonly inFlight: number;
  /** Orders that the shop sent more than once. */
  readonly sentAgain: number;
  /** Real milliseconds from the kill until the standby served. */
  readonly failover: number;
  /** Real milliseconds from the kill until the shop had the next confirmation. */
  readonly pause: number;
  /** Which member served before, and which afterwards. */
  readonly members: readonly [before: number, after: number];
  /** Real milliseconds from the first order to the last. */
  readonly realTime: number;
}

/** The table that a person reads afterwards. */
export function failoverTable(result: FailoverResult): string {
  const [before, after] = result.members;
  return tableOf([
    ['sent and confirmed', count(result.confirmed)],
    ['received', count(result.received)],
    ['lost', count(result.lost.length)],
    ['in flight at the kill', `${count(result.inFlight)} (sent again: ${count(result.sentAgain)})`],
    ['duplicates absorbed', count(result.duplicates)],
    ['active member', `${before}, then ${after}`],
    ['failover', `${count(Math.round(result.failover))} ms, until the standby served`],
    ['pause', `${count(Math.round(result.pause))} ms, until the shop had its next confirmation`],
    ['real time', duration(result.realTime)],
  ]);
}
