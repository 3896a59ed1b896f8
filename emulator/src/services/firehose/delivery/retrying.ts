import type { DeliverySurroundings } from './surroundings';

const second = 1000;

/** Milliseconds until the next attempt; AWS documents none. */
const firstDelay = second;
const longestDelay = 60 * second;

/** Why an attempt failed. */
export interface AttemptFailure {
  /** As the log and the documents of failures name it, such as `S3.AccessDenied`. */
  readonly code: string;
  readonly message: string;
  /** Whether there is no point in trying again. @default false */
  readonly final?: boolean;
}

/** What came of all attempts. */
export interface Attempts {
  readonly made: number;
  /** Of the last; undefined if it succeeded. */
  readonly failure: AttemptFailure | undefined;
}

type Tried = Pick<DeliverySurroundings, 'arn' | 'clock' | 'deleted'>;
type Attempt = () => Promise<AttemptFailure | undefined> | AttemptFailure | undefined;
/** Milliseconds before a retry, of which the first is 0. */
type Delays = (retry: number) => number;

/** After a second, then twice as long each time, up to a minute. */
const doubling: Delays = (retry) => Math.min(firstDelay * 2 ** retry, longestDelay);

/**
 * Tries something until it succeeds, for a time that begins with the first failure, and once more when the time is up. It ends
 * early if the delivery stream is deleted. To be called inside work in hand, which is parked between attempts.
 *
 * @param duration - milliseconds; 0 tries once
 * @param attempt - @returns why it failed; undefined if it did not
 * @param delays - @default - a second, then twice as long each time, up to a minute
 */
export function tryFor(
  tried: Tried,
  duration: number,
  attempt: Attempt,
  delays: Delays = doubling,
): Promise<Attempts> {
  return tryWithin(tried, { duration, attempts: Number.POSITIVE_INFINITY }, attempt, delays);
}

/** As {@link tryFor}, so many times. */
export function tryTimes(tried: Tried, attempts: number, attempt: Attempt): Promise<Attempts> {
  return tryWithin(tried, { duration: Number.POSITIVE_INFINITY, attempts }, attempt, doubling);
}

async function tryWithin(
  { arn, clock, deleted }: Tried,
  limits: { readonly duration: number; readonly attempts: number },
  attempt: Attempt,
  delays: Delays,
): Promise<Attempts> {
  let made = 1;
  let failure = await attempt();
  const deadline = clock.now() + limits.duration;
  while (failure && !failure.final && made < limits.attempts && clock.now() < deadline) {
    const wait = Math.min(delays(made - 1), deadline - clock.now());
    await clock.park(() => clock.sleep(wait, `next attempt of ${arn}`));
    if (deleted()) break;
    made += 1;
    failure = await attempt();
  }
  return { made, failure };
}
