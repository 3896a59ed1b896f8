/** How the delay grows from the shortest to the longest in the backoff phase. */
export type BackoffFunction = 'arithmetic' | 'exponential' | 'geometric' | 'linear';

/** When a delivery that has failed is tried again; delays in milliseconds. */
export interface RetrySchedule {
  /** Retries at once. */
  readonly noDelay: number;
  /** Retries after the shortest delay, before the backoff. */
  readonly minDelay: number;
  readonly backoff: number;
  /** Retries after the longest delay, behind the backoff. */
  readonly maxDelay: number;
  readonly shortest: number;
  readonly longest: number;
  readonly growth: BackoffFunction;
}

/**
 * What SNS does for queues and functions: 100,015 retries over 23 days.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export const awsEndpointSchedule: RetrySchedule = {
  noDelay: 3,
  minDelay: 2,
  backoff: 10,
  maxDelay: 100_000,
  shortest: 1_000,
  longest: 20_000,
  growth: 'exponential',
};

/**
 * How long to wait before the `retry`-th retry, counted from 0; undefined if there is none any more.
 *
 * AWS spreads the delays at random, by how much it does not say; here they are exact.
 */
export function retryDelay(schedule: RetrySchedule, retry: number): number | undefined {
  const { noDelay, minDelay, backoff, maxDelay, shortest, longest } = schedule;
  let step = retry;
  if (step < noDelay) return 0;
  step -= noDelay;
  if (step < minDelay) return shortest;
  step -= minDelay;
  if (step < backoff) return backoffDelay(schedule, step);
  step -= backoff;
  return step < maxDelay ? longest : undefined;
}

/**
 * The ends are AWS's: the shortest delay first, the longest last. Between them AWS publishes curves, not
 * formulas; of the four, linear is the highest and exponential the lowest.
 */
function backoffDelay({ backoff, shortest, longest, growth }: RetrySchedule, step: number): number {
  const last = backoff - 1;
  if (last < 1) return shortest;
  const range = longest - shortest;
  switch (growth) {
    case 'linear':
      return Math.round(shortest + (range * step) / last);
    case 'arithmetic':
      return Math.round(shortest + (range * step * (step + 1)) / (last * (last + 1)));
    case 'geometric':
      return Math.round(shortest * (longest / shortest) ** (step / last));
    case 'exponential':
      return Math.round(shortest + (range * (2 ** step - 1)) / (2 ** last - 1));
  }
}
