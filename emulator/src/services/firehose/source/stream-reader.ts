import type { Clock, Timer } from '../../../clock/clock';
import { ServiceError } from '../../../protocol/errors';
import type { DeliveryStream, SourceReader, StreamSourceSettings } from '../delivery-stream';
import type { SourceShard, SourceStreamRecord, SourceStreams } from '../ports';
import { userRecordsOf } from './aggregated-record';

/** Records that are read in one go. */
const readLimit = 10_000;
const firstRetry = 1000;
const longestRetry = 60_000;
/** Milliseconds between looks at how far behind it is, while it cannot go on. */
const measuring = 60_000;

/** A shard that is being read. */
interface ShardReader {
  position: number;
  /** The next look at it. */
  timer: Timer | undefined;
  /** Milliseconds until it is tried again, if it cannot be read. */
  retryDelay: number;
  /** Whether it waits for the delivery stream to have room. */
  waits: boolean;
  /** Whether all of the shard has been read. */
  ended: boolean;
}

/**
 * Takes the records of a data stream into a delivery stream, as its role, shard by shard: the children of a shard only when all of it
 * has been read and processed, so that none of their records overtakes one of its. It begins with what comes after it was made, and is woken by arrivals. It stops while the delivery stream has more than
 * it can deliver. A shard that it may not read is tried again, after a second, then twice as long each time, up to a minute: nothing is
 * lost that the stream keeps.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
 */
export class StreamReader implements SourceReader {
  private readonly readers = new Map<string, ShardReader>();
  private readonly done = new Set<string>();
  /** Where to begin the shards of when it was made; those that come later are read from their beginning. */
  private readonly starts = new Map<string, number>();
  private readonly stopListening: () => void;
  private stopped = false;

  constructor(
    private readonly target: DeliveryStream,
    private readonly source: StreamSourceSettings,
    private readonly streams: SourceStreams,
    private readonly clock: Clock,
  ) {
    const { streamArn } = source;
    for (const { id, open } of streams.shards(streamArn)) {
      if (open) this.starts.set(id, streams.startOf(streamArn, id, { type: 'LATEST' }));
      else this.done.add(id);
    }
    this.stopListening = streams.onChange(streamArn, (shardId) => this.wake(shardId));
    this.discover();
  }

  stop(): void {
    this.stopped = true;
    this.stopListening();
    for (const reader of this.readers.values()) reader.timer?.cancel();
  }

  resume(): void {
    for (const [shardId, reader] of this.readers) {
      if (!reader.waits) continue;
      reader.waits = false;
      reader.timer?.cancel();
      this.schedule(shardId, reader, 0);
    }
  }

  /** Looks at a shard later in this instant, so that records that arrive together are taken together. */
  private wake(shardId: string): void {
    const reader = this.readers.get(shardId);
    if (reader && !reader.timer && !reader.ended) this.schedule(shardId, reader, 0);
  }

  private schedule(shardId: string, reader: ShardReader, delay: number): void {
    reader.timer = this.clock.after(delay, `reading of ${shardId} for ${this.target.arn}`, () => {
      reader.timer = undefined;
      if (!this.stopped) this.read(shardId, reader);
    });
  }

  private read(shardId: string, reader: ShardReader): void {
    const { target } = this;
    for (;;) {
      reader.waits = target.backedUp;
      const reading = this.readFrom(shardId, reader, reader.waits ? 1 : readLimit);
      if (!reading) return;
      const now = this.clock.now();
      if (reader.waits) {
        const [oldest] = reading.records;
        target.metrics.add('KinesisMillisBehindLatest', now, oldest ? now - oldest.arrival : 0);
        this.schedule(shardId, reader, measuring);
        return;
      }
      reader.position = reading.next;
      for (const record of reading.records) this.take(shardId, record);
      target.metrics.add('KinesisMillisBehindLatest', now, reading.millisBehindLatest);
      if (reading.ended) {
        reader.ended = true;
        target.whenShardProcessed(shardId, () => {
          this.readers.delete(shardId);
          this.done.add(shardId);
          if (!this.stopped) this.discover();
        });
        return;
      }
      if (reading.records.length === 0) return;
    }
  }

  /** @returns undefined if it may not, and is to be tried again */
  private readFrom(shardId: string, reader: ShardReader, limit: number) {
    const { source, streams, target } = this;
    try {
      const caller = target.assumeRole(source.roleArn);
      const reading = streams.read(source.streamArn, shardId, reader.position, limit, caller);
      reader.retryDelay = firstRetry;
      return reading;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.schedule(shardId, reader, reader.retryDelay);
      reader.retryDelay = Math.min(reader.retryDelay * 2, longestRetry);
      return undefined;
    }
  }

  private take(shardId: string, record: SourceStreamRecord): void {
    const { arrival, data, partitionKey, sequenceNumber } = record;
    const { metrics } = this.target;
    const now = this.clock.now();
    metrics.add('DataReadFromKinesisStream.Records', now);
    metrics.add('DataReadFromKinesisStream.Bytes', now, data.byteLength);
    const userRecords = userRecordsOf(data) ?? [{ data, partitionKey }];
    userRecords.forEach((user, subsequenceNumber) => {
      metrics.add('IncomingRecords', now);
      metrics.add('IncomingBytes', now, user.data.byteLength);
      this.target.accept(user.data, arrival, {
        shardId,
        sequenceNumber,
        subsequenceNumber,
        partitionKey: user.partitionKey,
      });
    });
  }

  /** Begins with the shards whose parents are done with, or have gone. */
  private discover(): void {
    const { streamArn } = this.source;
    const shards = this.streams.shards(streamArn);
    const present = new Set(shards.map(({ id }) => id));
    const ready = ({ id, parents }: SourceShard) =>
      !this.readers.has(id) &&
      !this.done.has(id) &&
      parents.every((parent) => this.done.has(parent) || !present.has(parent));
    for (const { id } of shards.filter(ready)) {
      const position =
        this.starts.get(id) ?? this.streams.startOf(streamArn, id, { type: 'TRIM_HORIZON' });
      const reader: ShardReader = {
        position,
        timer: undefined,
        retryDelay: firstRetry,
        waits: false,
        ended: false,
      };
      this.readers.set(id, reader);
      this.schedule(id, reader, 0);
    }
  }
}
