import type { Clock, Timer } from '../../../clock/clock';
import { ServiceError } from '../../../protocol/errors';
import type { DeliveryStream, StreamSourceSettings } from '../delivery-stream';
import type { SourceShard, SourceStreamRecord, SourceStreams } from '../ports';
import { userRecordsOf } from './aggregated-record';

/** Records that are read in one go. */
const readLimit = 10_000;
const firstRetry = 1000;
const longestRetry = 60_000;

/** A shard that is being read. */
interface ShardReader {
  position: number;
  /** The next look at it. */
  timer: Timer | undefined;
  /** Milliseconds until it is tried again, if it cannot be read. */
  retryDelay: number;
}

/**
 * Takes the records of a data stream into a delivery stream, as its role, shard by shard: the children of a shard only when all of it
 * has been read. It begins with what comes after it was made, and is woken by arrivals. A shard that it may not read is tried again,
 * after a second, then twice as long each time, up to a minute: nothing is lost that the stream keeps.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
 */
export class StreamReader {
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

  /** Looks at a shard later in this instant, so that records that arrive together are taken together. */
  private wake(shardId: string): void {
    const reader = this.readers.get(shardId);
    if (reader && !reader.timer) this.schedule(shardId, reader, 0);
  }

  private schedule(shardId: string, reader: ShardReader, delay: number): void {
    reader.timer = this.clock.after(delay, `reading of ${shardId} for ${this.target.arn}`, () => {
      reader.timer = undefined;
      if (!this.stopped) this.read(shardId, reader);
    });
  }

  private read(shardId: string, reader: ShardReader): void {
    const { source, streams, target } = this;
    for (;;) {
      const before = reader.position;
      let reading: ReturnType<SourceStreams['read']>;
      try {
        const caller = target.assumeRole(source.roleArn);
        reading = streams.read(source.streamArn, shardId, before, readLimit, caller);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        this.schedule(shardId, reader, reader.retryDelay);
        reader.retryDelay = Math.min(reader.retryDelay * 2, longestRetry);
        return;
      }
      reader.retryDelay = firstRetry;
      reader.position = reading.next;
      for (const record of reading.records) this.take(shardId, record);
      target.metrics.add('KinesisMillisBehindLatest', this.clock.now(), reading.millisBehindLatest);
      if (reading.ended) {
        this.readers.delete(shardId);
        this.done.add(shardId);
        this.discover();
        return;
      }
      if (reading.records.length === 0) return;
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
      const reader: ShardReader = { position, timer: undefined, retryDelay: firstRetry };
      this.readers.set(id, reader);
      this.schedule(id, reader, 0);
    }
  }
}
