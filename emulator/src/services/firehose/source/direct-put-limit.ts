const second = 1000;
const mebibyte = 1024 * 1024;

/** What producers may put into a delivery stream in a second. */
export interface DirectPutQuota {
  readonly bytes: number;
  readonly records: number;
  readonly requests: number;
}

const largeRegions: ReadonlySet<string> = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);

/** @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export function directPutQuota(region: string): DirectPutQuota {
  return largeRegions.has(region)
    ? { bytes: 5 * mebibyte, records: 500_000, requests: 2000 }
    : { bytes: mebibyte, records: 100_000, requests: 1000 };
}

/**
 * A second of a delivery stream, which begins with the first put after the one before, and its limits. Who keeps to them evenly is
 * never throttled; how AWS measures bursts is not documented.
 */
export class DirectPutLimit {
  private end = Number.NEGATIVE_INFINITY;
  private bytes = 0;
  private records = 0;
  private requests = 0;

  constructor(readonly quota: DirectPutQuota) {}

  /** Whether there is room for a request, which is then taken. */
  takeRequest(now: number): boolean {
    this.roll(now);
    if (this.requests >= this.quota.requests) return false;
    this.requests += 1;
    return true;
  }

  /** Whether there is room for a record, which is then taken. */
  takeRecord(bytes: number, now: number): boolean {
    this.roll(now);
    if (this.records >= this.quota.records || this.bytes + bytes > this.quota.bytes) return false;
    this.records += 1;
    this.bytes += bytes;
    return true;
  }

  private roll(now: number): void {
    if (now < this.end) return;
    this.end = now + second;
    this.bytes = 0;
    this.records = 0;
    this.requests = 0;
  }
}
