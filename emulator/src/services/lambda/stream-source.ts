import type { Caller } from '../../iam/caller';

/** A record of a stream as an event source mapping reads it. */
export interface SourceRecord {
  /** Place in the shard. */
  readonly position: number;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Emulated milliseconds since the epoch. */
  readonly arrival: number;
}

/** A shard as an event source mapping sees it. */
export interface SourceShard {
  readonly id: string;
  readonly parents: readonly string[];
  readonly open: boolean;
}

/** Some of a shard's records. */
export interface SourceReading {
  readonly records: readonly SourceRecord[];
  /** The position to read from next. */
  readonly next: number;
  /** Whether the shard is closed and nothing is left in it. */
  readonly ended: boolean;
}

/** Where a mapping begins to read. */
export interface SourceStart {
  readonly type: 'AT_TIMESTAMP' | 'LATEST' | 'TRIM_HORIZON';
  /** Emulated milliseconds since the epoch. */
  readonly timestamp?: number | undefined;
}

/**
 * Streams as Lambda's event source mappings see them: reads made as the function's role, and a signal in place of empty polls. The
 * composition root adapts Kinesis to it. ARNs are those of streams or of their consumers.
 */
export interface StreamSource {
  exists(arn: string): boolean;
  shards(arn: string): readonly SourceShard[];
  /** The position at which to begin a shard. */
  startOf(arn: string, shardId: string, start: SourceStart): number;
  /** @throws ServiceError if the caller may not, or the stream is gone */
  read(
    arn: string,
    shardId: string,
    position: number,
    limit: number,
    caller: Caller,
  ): SourceReading;
  /** Records that arrived at that time or before have gone: emulated milliseconds since the epoch. */
  horizon(arn: string): number;
  /** Calls `listener` synchronously for each record and each change of shards. Returns the function that ends it. */
  onChange(arn: string, listener: (shardId: string) => void): () => void;
}
