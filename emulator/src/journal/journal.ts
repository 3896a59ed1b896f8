/** What happened to a message at one hop of its way. */
export type HopKind =
  | 'published'
  | 'sent'
  | 'deduplicated'
  | 'delivered'
  | 'duplicated'
  | 'received'
  | 'deleted'
  | 'visibility-changed'
  | 'visibility-expired'
  | 'dead-lettered'
  | 'redriven'
  | 'expired'
  | 'purged'
  | 'filtered-out'
  | 'invoked'
  | 'succeeded'
  | 'failed'
  | 'throttled';

/** One hop of one message. */
export interface Hop {
  /** Counts up from 0 over the life of the journal. */
  readonly index: number;
  /** Emulated time in milliseconds since the epoch. */
  readonly time: number;
  readonly kind: HopKind;
  /** The service's id of the message. */
  readonly messageId: string;
  /** ARN of the queue, function or other resource at which it happened. */
  readonly resource: string;
  /** What else is worth knowing, such as a receive count or a reason. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** A bounded record of every hop of every message: the oldest go first. */
export interface Journal {
  /** How many hops it holds at most; 0 records nothing. */
  readonly capacity: number;
  /** How many hops have been pushed out by newer ones. */
  readonly evicted: number;
  record(kind: HopKind, messageId: string, resource: string, detail?: Hop['detail']): void;
  /** Every hop of one message that is still held, oldest first. */
  trace(messageId: string): Hop[];
  /** Every hop still held, oldest first, of a kind or a resource where given. */
  hops(filter?: { kind?: HopKind; resource?: string }): Hop[];
  clear(): void;
}

/** Makes a journal that holds the last `capacity` hops. */
export function createJournal(capacity: number, now: () => number): Journal {
  return new RingJournal(capacity, now);
}

class RingJournal implements Journal {
  private ring: Hop[] = [];
  private count = 0;

  constructor(
    readonly capacity: number,
    private readonly now: () => number,
  ) {}

  get evicted(): number {
    return Math.max(0, this.count - this.capacity);
  }

  record(kind: HopKind, messageId: string, resource: string, detail?: Hop['detail']): void {
    if (this.capacity === 0) return;
    const hop = { index: this.count, time: this.now(), kind, messageId, resource, detail };
    this.ring[this.count % this.capacity] = hop;
    this.count += 1;
  }

  trace(messageId: string): Hop[] {
    return this.ordered().filter((hop) => hop.messageId === messageId);
  }

  hops(filter: { kind?: HopKind; resource?: string } = {}): Hop[] {
    return this.ordered().filter(
      (hop) =>
        (filter.kind === undefined || hop.kind === filter.kind) &&
        (filter.resource === undefined || hop.resource === filter.resource),
    );
  }

  clear(): void {
    this.ring = [];
    this.count = 0;
  }

  private ordered(): Hop[] {
    if (this.count <= this.capacity) return [...this.ring];
    const start = this.count % this.capacity;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)];
  }
}
