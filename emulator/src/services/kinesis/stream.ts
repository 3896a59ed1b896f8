import type { MetricSink } from '../../metrics/metric-sink';
import type { Consumer } from './consumer';
import { evenRanges, evenStarts, type HashKeyRange, shardFor } from './hash-keys';
import { type StreamMetrics, streamMetrics } from './metrics';
import { type StreamAddress, streamArn } from './names';
import type { StoredRecord } from './record-log';
import { Shard } from './shard';

const hour = 60 * 60 * 1000;

export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

/** What a stream is made with. */
export interface StreamSettings {
  readonly mode: StreamMode;
  readonly shardCount: number;
  readonly maxRecordKiB: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A data stream: its shards, those that are closed included for as long as they may hold records. */
export class Stream {
  readonly arn: string;
  readonly tags: Map<string, string>;
  readonly consumers = new Map<string, Consumer>();
  readonly shardLevelMetrics = new Set<string>();
  readonly metrics: StreamMetrics;
  status: StreamStatus = 'CREATING';
  mode: StreamMode;
  maxRecordKiB: number;
  retentionHours = 24;
  /** As callers gave it. */
  keyId: string | undefined;
  policy: string | undefined;
  /** When UpdateShardCount was called, in the last 24 hours. */
  readonly scalings: number[] = [];
  private shardList: Shard[];
  private openShards: Shard[];
  private nextIndex: number;
  private readonly listeners = new Set<(shard: Shard) => void>();

  /** @param created - emulated time */
  constructor(
    readonly address: StreamAddress,
    settings: StreamSettings,
    readonly created: number,
    sink: MetricSink,
  ) {
    this.arn = streamArn(address);
    this.tags = new Map(Object.entries(settings.tags));
    this.mode = settings.mode;
    this.maxRecordKiB = settings.maxRecordKiB;
    this.metrics = streamMetrics(sink, address);
    this.shardList = evenRanges(settings.shardCount).map(
      (range, index) => new Shard(index, range, created, []),
    );
    this.openShards = [...this.shardList];
    this.nextIndex = this.shardList.length;
  }

  /** Whether records can be put and read: not while it is made or deleted. */
  get usable(): boolean {
    return this.status === 'ACTIVE' || this.status === 'UPDATING';
  }

  /** In the order of their hash keys. */
  get open(): readonly Shard[] {
    return this.openShards;
  }

  /** In the order of their ids; closed ones go when the last record that they may hold has gone. */
  shards(now: number): readonly Shard[] {
    const horizon = this.horizon(now);
    if (this.shardList.some(({ closedAt }) => closedAt !== undefined && closedAt <= horizon))
      this.shardList = this.shardList.filter(
        ({ closedAt }) => closedAt === undefined || closedAt > horizon,
      );
    return this.shardList;
  }

  shard(index: number, now: number): Shard | undefined {
    return this.shards(now).find((shard) => shard.index === index);
  }

  /** What arrived by then has gone. */
  horizon(now: number): number {
    return now - this.retentionHours * hour;
  }

  /** Drops what has been kept long enough. */
  expire(shard: Shard, now: number): void {
    shard.log.dropUntil(this.horizon(now));
  }

  /** Where a record of that hash key goes. */
  shardFor(hashKey: bigint): Shard | undefined {
    return shardFor(this.openShards, hashKey);
  }

  append(shard: Shard, record: Omit<StoredRecord, 'position'>): StoredRecord {
    this.expire(shard, record.arrival);
    const stored = shard.log.append(record);
    this.tell(shard);
    return stored;
  }

  /** Calls back with every shard that gets a record or is closed, until the function is called that this returns. */
  onChange(listener: (shard: Shard) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Gives a shard two children, the second of which begins with a hash key. */
  split(shard: Shard, at: bigint, now: number): [Shard, Shard] {
    const left = this.child({ start: shard.range.start, end: at - 1n }, [shard], now);
    const right = this.child({ start: at, end: shard.range.end }, [shard], now);
    this.replace([shard], [left, right], now);
    return [left, right];
  }

  /** Joins two shards, the second of which follows the first. */
  merge(left: Shard, right: Shard, now: number): Shard {
    const range = { start: left.range.start, end: right.range.end };
    const child = this.child(range, [left, right], now);
    this.replace([left, right], [child], now);
    return child;
  }

  /**
   * Splits and merges until that many shards divide the hash keys evenly. On the way shards come into being that do not last, as on AWS.
   */
  scaleTo(count: number, now: number): void {
    const starts = evenStarts(count);
    const boundaries = new Set(starts);
    for (const start of starts) {
      const shard = this.shardFor(start);
      if (shard && shard.range.start !== start) this.split(shard, start, now);
    }
    let previous: Shard | undefined;
    for (const shard of [...this.openShards])
      previous =
        previous && !boundaries.has(shard.range.start) ? this.merge(previous, shard, now) : shard;
  }

  private child(range: HashKeyRange, parents: readonly Shard[], now: number): Shard {
    const shard = new Shard(this.nextIndex, range, now, parents);
    this.nextIndex += 1;
    this.shardList.push(shard);
    return shard;
  }

  private replace(parents: readonly Shard[], children: readonly Shard[], now: number): void {
    const [first] = parents;
    if (!first) return;
    this.openShards.splice(this.openShards.indexOf(first), parents.length, ...children);
    for (const parent of parents) parent.close(now, children);
    for (const parent of parents) this.tell(parent);
  }

  private tell(shard: Shard): void {
    for (const listener of [...this.listeners]) listener(shard);
  }
}
