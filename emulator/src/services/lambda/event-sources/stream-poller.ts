import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock/clock';
import type { Journal } from '../../../journal/journal';
import type { RandomStream } from '../../../random/random';
import type { SourceShard, StreamSource } from '../stream-source';
import { ShardLane } from './shard-lane';
import type { MappedFunction } from './sqs-poller';
import type { StreamFilter } from './stream-filter';
import type { FailureDestinations, StreamSettings } from './stream-settings';

/** What a mapping of a stream is set to. */
export interface StreamPollerSettings extends StreamSettings {
  readonly id: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchingWindow: number;
  readonly filter: StreamFilter;
  readonly reportsItemFailures: boolean;
}

/** What a poller of a stream works with. */
export interface StreamSurroundings {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly source: StreamSource;
  readonly destinations: FailureDestinations;
  readonly requestIds: RandomStream;
  /** Undefined while the function does not exist. */
  target(): MappedFunction | undefined;
  /** Told of each batch: `OK`, or what was wrong. */
  onResult(result: string): void;
}

/** A shard that is being read. */
interface Reader {
  lanes: ShardLane[];
  wakes: boolean;
}

/**
 * Takes the records of a stream to a function, shard by shard: the children of a shard only when all of it is done with.
 *
 * It is woken by an arrival, the end of a batch or a timer, never by an empty poll. It keeps its places while its mapping is disabled.
 */
export class StreamPoller {
  private readonly readers = new Map<string, Reader>();
  private readonly done = new Set<string>();
  /** Where to begin the shards of when the mapping was made; those that come later are read from their beginning. */
  private readonly starts = new Map<string, number>();
  private stopListening: (() => void) | undefined;

  constructor(
    public settings: StreamPollerSettings,
    private readonly surroundings: StreamSurroundings,
  ) {
    const { sourceArn, start } = settings;
    const { source } = surroundings;
    for (const { id, open } of source.shards(sourceArn)) {
      if (start.type === 'LATEST' && !open) this.done.add(id);
      else this.starts.set(id, source.startOf(sourceArn, id, start));
    }
  }

  start(): void {
    if (this.stopListening) return;
    const { source } = this.surroundings;
    this.stopListening = source.onChange(this.settings.sourceArn, (shardId) =>
      this.wakeShard(shardId),
    );
    this.discover();
    this.wake();
  }

  /** Reads nothing more; what runs goes on. */
  stop(): void {
    this.stopListening?.();
    this.stopListening = undefined;
  }

  /** As {@link stop}, for good. */
  end(): void {
    this.stop();
    for (const { lanes } of this.readers.values()) for (const lane of lanes) lane.stop();
  }

  /** Looks at every shard. */
  wake(): void {
    for (const shardId of this.readers.keys()) this.wakeShard(shardId);
  }

  /** Looks at a shard later in this instant, so that records that arrive together are taken together. */
  private wakeShard(shardId: string): void {
    const reader = this.readers.get(shardId);
    if (!reader || reader.wakes || !this.stopListening) return;
    reader.wakes = true;
    const { clock } = this.surroundings;
    clock.at(clock.now(), `poll of ${shardId} of ${this.settings.sourceArn}`, () => {
      reader.wakes = false;
      this.poll(shardId, reader);
    });
  }

  private poll(shardId: string, reader: Reader): void {
    if (!this.stopListening) return;
    const { parallelization } = this.settings;
    if (reader.lanes.length !== parallelization) {
      // Lanes with other keys begin when nothing runs any more, from where all of the others have been.
      if (reader.lanes.some(({ busy }) => busy)) return;
      const from = Math.min(...reader.lanes.map(({ checkpoint }) => checkpoint));
      for (const lane of reader.lanes) lane.stop();
      reader.lanes = this.lanesOf(shardId, from);
    }
    for (const lane of reader.lanes) lane.poll();
    if (!reader.lanes.every(({ ended }) => ended) || this.done.has(shardId)) return;
    this.done.add(shardId);
    this.readers.delete(shardId);
    this.discover();
  }

  /** Begins with the shards whose parents are done with, or have gone. */
  private discover(): void {
    const { source } = this.surroundings;
    const { sourceArn } = this.settings;
    const shards = source.shards(sourceArn);
    const present = new Set(shards.map(({ id }) => id));
    const ready = ({ id, parents }: SourceShard) =>
      !this.readers.has(id) &&
      !this.done.has(id) &&
      parents.every((parent) => this.done.has(parent) || !present.has(parent));
    for (const shard of shards.filter(ready)) {
      const from =
        this.starts.get(shard.id) ?? source.startOf(sourceArn, shard.id, { type: 'TRIM_HORIZON' });
      this.readers.set(shard.id, { lanes: this.lanesOf(shard.id, from), wakes: false });
      this.wakeShard(shard.id);
    }
  }

  private lanesOf(shardId: string, from: number): ShardLane[] {
    const { parallelization } = this.settings;
    return Array.from(
      { length: parallelization },
      (_, index) =>
        new ShardLane(
          shardId,
          from,
          (key) => parallelization === 1 || laneOf(key, parallelization) === index,
          () => this.settings,
          this.surroundings,
          () => this.wakeShard(shardId),
        ),
    );
  }
}

/** The lane of a partition key: the same for as long as their number stays. */
function laneOf(partitionKey: string, lanes: number): number {
  return createHash('md5').update(partitionKey).digest().readUInt32BE(12) % lanes;
}
