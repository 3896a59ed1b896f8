const second = 1000;
const megabyte = 1024 * 1024;

/** What may be written to a shard in a second. */
const writeBytes = megabyte;
const writeRecords = 1000;

/** What may be read from a shard in a second, by all GetRecords calls together. */
const readBytes = 2 * megabyte;
const readCalls = 5;

/**
 * A second of a shard, which begins with the first use after the one before, and its limits. Who keeps to the limits evenly is never
 * throttled; how AWS measures bursts is not documented.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
abstract class Second {
  private start = Number.NEGATIVE_INFINITY;
  protected end = Number.NEGATIVE_INFINITY;
  protected count = 0;
  protected bytes = 0;

  protected roll(now: number): void {
    if (now < this.end && now >= this.start) return;
    this.start = now;
    this.end = now + second;
    this.count = 0;
    this.bytes = 0;
  }

  /** What is more than a second's worth takes the seconds that it would have taken. */
  protected add(bytes: number, perSecond: number): void {
    this.count += 1;
    this.bytes += bytes;
    this.end = this.start + Math.max(1, this.bytes / perSecond) * second;
  }
}

/** 1 MiB/s and 1,000 records/s. */
export class WriteLimit extends Second {
  /** Whether there is room for a record, which is then taken. A record of more than a second's worth needs a second of its own. */
  take(bytes: number, now: number): boolean {
    this.roll(now);
    if (this.count >= writeRecords) return false;
    if (this.count > 0 && this.bytes + bytes > writeBytes) return false;
    this.add(bytes, writeBytes);
    return true;
  }
}

/** 5 calls/s and 2 MiB/s; a call that returns 10 MiB keeps the others out for five seconds. */
export class ReadLimit extends Second {
  /** Whether a call may read. */
  allows(now: number): boolean {
    this.roll(now);
    return this.count < readCalls && this.bytes < readBytes;
  }

  /** A call has read so much. */
  took(bytes: number): void {
    this.add(bytes, readBytes);
  }
}
