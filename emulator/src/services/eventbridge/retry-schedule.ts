const shortest = 1_000;
const longest = 8 * 60_000;

/**
 * How long to wait before the `retry`-th retry, counted from 0, in milliseconds.
 *
 * AWS says that delays grow exponentially and are spread at random, and publishes no numbers. Here they double from
 * a second to eight minutes, exactly, so that the 185 retries of the default policy fill its 24 hours.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html
 */
export function retryDelay(retry: number): number {
  return Math.min(longest, shortest * 2 ** Math.min(retry, 20));
}
