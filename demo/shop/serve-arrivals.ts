import type { Clock } from 'cdk-decouple-emulator';

/** How many entries a batch of SQS or SNS holds at most. */
const largestBatch = 10;
/** How often the front end passes on what has arrived, in emulated milliseconds. */
const interval = 1_500;

/**
 * Passes on each arrival when its time has come.
 *
 * @param opening - emulated time that `at` counts from
 * @param pass - takes up to ten of them
 */
export async function serveArrivals<A extends { readonly at: number }>(
  arrivals: readonly A[],
  clock: Clock,
  opening: number,
  pass: (batch: readonly A[]) => Promise<void>,
): Promise<void> {
  let next = 0;
  while (next < arrivals.length) {
    const elapsed = clock.now() - opening;
    const due: A[] = [];
    for (let arrival = arrivals[next]; arrival && arrival.at <= elapsed; arrival = arrivals[next]) {
      due.push(arrival);
      next += 1;
    }
    for (let i = 0; i < due.length; i += largestBatch) await pass(due.slice(i, i + largestBatch));
    const waiting = arrivals[next];
    if (waiting) {
      await clock.sleep(Math.max(interval, waiting.at - (clock.now() - opening)), 'next orders');
    }
  }
}
