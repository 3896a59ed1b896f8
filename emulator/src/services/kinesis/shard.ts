import type { HashKeyRange } from './hash-keys';
import { shardId } from './names';
import { RecordLog, type StoredRecord } from './record-log';
import { SequenceNumbers } from './sequence-number';
import { ReadLimit, WriteLimit } from './throughput';

/** A shard of a stream: the records of a range of hash keys, in order. */
export class Shard {
  readonly id: string;
  readonly log = new RecordLog();
  readonly sequence: SequenceNumbers;
  readonly writes = new WriteLimit();
  readonly reads = new ReadLimit();
  /** What took its place when it was closed. */
  readonly children: Shard[] = [];
  /** Emulated time. */
  closedAt: number | undefined;

  /**
   * @param created - emulated time
   * @param parents - one if it came from a split, two from a merge; none if it was made with its stream
   */
  constructor(
    readonly index: number,
    readonly range: HashKeyRange,
    readonly created: number,
    readonly parents: readonly Shard[],
  ) {
    this.id = shardId(index);
    // Later than that of its parents, so that numbers also grow from parents to children.
    const seconds = parents.map(({ sequence }) => sequence.created + 1);
    this.sequence = new SequenceNumbers(index, Math.max(Math.floor(created / 1000), ...seconds));
  }

  get open(): boolean {
    return this.closedAt === undefined;
  }

  sequenceNumberOf({ position, arrival }: StoredRecord): string {
    return this.sequence.at(position, arrival);
  }

  /** The sequence number of what was last before a position: a checkpoint, even where nothing was written. */
  sequenceNumberBefore(position: number): string {
    const record = this.log.at(position - 1);
    return record ? this.sequenceNumberOf(record) : this.sequence.at(position - 1, this.created);
  }

  /** Undefined while it is open. */
  get lastSequenceNumber(): string | undefined {
    return this.closedAt === undefined ? undefined : this.sequence.last(this.closedAt);
  }

  /** Takes no more records. */
  close(now: number, children: readonly Shard[]): void {
    this.closedAt = now;
    this.children.push(...children);
  }
}
