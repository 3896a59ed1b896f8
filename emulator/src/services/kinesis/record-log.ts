/** A record as a shard keeps it. */
export interface StoredRecord {
  /** Place in the shard, from 1. */
  readonly position: number;
  /** Emulated milliseconds since the epoch. */
  readonly arrival: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Whether the stream was encrypted when it came. */
  readonly encrypted: boolean;
}

/** How many dropped places are kept before the list is moved up. */
const slack = 1024;

/** The records of a shard in the order of their arrival; the oldest are dropped. */
export class RecordLog {
  private records: StoredRecord[] = [];
  private head = 0;
  /** The position of the next record. */
  next = 1;

  /** The position of the oldest record that is still there; {@link next} if none is. */
  get first(): number {
    return this.next - (this.records.length - this.head);
  }

  append(record: Omit<StoredRecord, 'position'>): StoredRecord {
    const stored = { position: this.next, ...record };
    this.records.push(stored);
    this.next += 1;
    return stored;
  }

  /** Drops what arrived at that time or before. */
  dropUntil(time: number): void {
    while (this.head < this.records.length && this.arrivalAt(this.head) <= time) this.head += 1;
    if (this.head < slack || this.head * 2 < this.records.length) return;
    this.records = this.records.slice(this.head);
    this.head = 0;
  }

  /** Undefined if it was dropped, or has not come yet. */
  at(position: number): StoredRecord | undefined {
    return position < this.first ? undefined : this.records[this.head + position - this.first];
  }

  /** The position of the first record that arrived at that time or later. */
  positionAt(time: number): number {
    let low = this.head;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.arrivalAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return this.first + low - this.head;
  }

  private arrivalAt(place: number): number {
    return this.records[place]?.arrival ?? 0;
  }
}
