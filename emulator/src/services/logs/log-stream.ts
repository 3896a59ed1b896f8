import { invalid } from './errors';

/** An event as it comes in. */
export interface LogEvent {
  /** Milliseconds since the epoch, as given. */
  readonly timestamp: number;
  readonly message: string;
}

/** One event of a stream. */
export interface StoredEvent extends LogEvent {
  /** Counts up within the group, in the order of arrival. */
  readonly index: number;
  /** Emulated time of arrival. */
  readonly ingestionTime: number;
  /** ARN of the key under which it was written. */
  readonly kmsKeyId: string | undefined;
}

/** What PutLogEvents did not take, by position in its list. */
export interface Rejected {
  tooNewLogEventStartIndex?: number;
  tooOldLogEventEndIndex?: number;
  expiredLogEventEndIndex?: number;
}

/** What CloudWatch Logs adds to each event when it counts bytes. */
const eventOverhead = 26;
const batchBytes = 1_048_576;
const hour = 3_600_000;
const day = 24 * hour;

/** A sequence of events of one source. */
export class LogStream {
  private events: StoredEvent[] = [];
  lastIngestionTime: number | undefined;
  private accepted = 0;

  /** @param creationTime - emulated time */
  constructor(
    readonly name: string,
    readonly creationTime: number,
  ) {}

  /** A number that grows with each event: part of the stream's upload token. */
  get written(): number {
    return this.accepted;
  }

  get firstTimestamp(): number | undefined {
    return this.events[0]?.timestamp;
  }

  get lastTimestamp(): number | undefined {
    return this.events.at(-1)?.timestamp;
  }

  get storedBytes(): number {
    return this.events.reduce((sum, event) => sum + sizeOf(event.message), 0);
  }

  /** In order of their timestamps, then of their arrival. */
  list(): readonly StoredEvent[] {
    return this.events;
  }

  append(event: StoredEvent): void {
    const { ingestionTime, timestamp } = event;
    this.lastIngestionTime = ingestionTime;
    this.accepted += 1;
    let at = this.events.length;
    while (at > 0 && (this.events[at - 1]?.timestamp ?? 0) > timestamp) at -= 1;
    if (at === this.events.length) this.events.push(event);
    else this.events.splice(at, 0, event);
  }

  /** Drops events from before `limit`. */
  expire(limit: number): void {
    if ((this.firstTimestamp ?? limit) < limit)
      this.events = this.events.filter((event) => event.timestamp >= limit);
  }
}

/**
 * Checks a batch as PutLogEvents does, and says which of its events are taken.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 *
 * @param retention - milliseconds for which events are kept; undefined for ever
 * @throws ServiceError InvalidParameterException for a batch that is not taken at all
 */
export function checkBatch(
  events: readonly { timestamp: number; message: string }[],
  now: number,
  retention: number | undefined,
): { first: number; end: number; rejected: Rejected | undefined } {
  if (events.some((event, i) => event.timestamp < (events[i - 1]?.timestamp ?? 0)))
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  if (events.reduce((sum, event) => sum + sizeOf(event.message), 0) > batchBytes)
    throw invalid('Upload too large: the batch must not be larger than 1048576 bytes.');
  const span = (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  if (span > day)
    throw invalid(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  const tooOld = events.filter((event) => event.timestamp < now - 14 * day).length;
  const expired = events.filter(
    (event) => retention !== undefined && event.timestamp < now - retention,
  ).length;
  const tooNew = events.findIndex((event) => event.timestamp > now + 2 * hour);
  const rejected: Rejected = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    first: Math.max(tooOld, expired),
    end: tooNew < 0 ? events.length : tooNew,
    rejected: Object.keys(rejected).length > 0 ? rejected : undefined,
  };
}

function sizeOf(message: string): number {
  return Buffer.byteLength(message) + eventOverhead;
}
