/** How long a deduplication id, or a receive request's attempt id, is remembered: 5 minutes. */
export const deduplicationInterval = 5 * 60 * 1000;

/**
 * Remembers values for 5 minutes after they were set.
 *
 * Every entry lives equally long, so that a map's insertion order is the order of expiry, and old
 * entries are dropped from its front at each use.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
 */
export class DeduplicationWindow<T> {
  private readonly entries = new Map<string, { readonly expires: number; readonly value: T }>();

  get(key: string, now: number): T | undefined {
    this.forget(now);
    return this.entries.get(key)?.value;
  }

  set(key: string, value: T, now: number): void {
    this.forget(now);
    this.entries.delete(key);
    this.entries.set(key, { expires: now + deduplicationInterval, value });
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  private forget(now: number): void {
    for (const [key, entry] of this.entries) {
      if (entry.expires > now) return;
      this.entries.delete(key);
    }
  }
}
