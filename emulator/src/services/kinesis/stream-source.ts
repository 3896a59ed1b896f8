import type { Caller } from '../../iam/caller';
import { resourceNotFound } from './errors';
import { shardIndex } from './names';
import { readShard } from './reading';
import type { StoredRecord } from './record-log';
import type { Shard } from './shard';
import { resolvePosition } from './starting-position';
import type { KinesisState } from './state';
import type { Stream } from './stream';

const readBytes = 10 * 1024 * 1024;

/** A record with its sequence number. */
export type SourceStreamRecord = StoredRecord & { readonly sequenceNumber: string };

/**
 * Streams as event source mappings of Lambda and delivery streams of Firehose read them. What it reads is not counted against the limits of shards: they read when
 * something has come, and not once a second as on AWS.
 */
export class KinesisStreamSource {
  constructor(private readonly state: KinesisState) {}

  exists(arn: string): boolean {
    const stream = this.state.findByArn(arn);
    return (
      stream !== undefined && (stream.arn === arn || this.state.findConsumer(arn) !== undefined)
    );
  }

  shards(arn: string) {
    const stream = this.state.findByArn(arn);
    return (stream?.shards(this.state.now) ?? []).map(({ id, parents, open }) => ({
      id,
      open,
      parents: parents.map((parent) => parent.id),
    }));
  }

  startOf(
    arn: string,
    shardId: string,
    { type, timestamp }: { readonly type: string; readonly timestamp?: number | undefined },
  ): number {
    const { now } = this.state;
    const { stream, shard } = this.find(arn, shardId);
    // A mapping may begin in the future: at what comes next.
    if (type === 'AT_TIMESTAMP' && timestamp !== undefined && timestamp > now)
      return shard.log.next;
    const at = timestamp === undefined ? undefined : new Date(timestamp);
    return resolvePosition(stream, shard, { type, timestamp: at }, 'GetShardIterator', now);
  }

  /** @throws ServiceError */
  read(arn: string, shardId: string, position: number, limit: number, caller: Caller) {
    const { now } = this.state;
    const { stream, shard } = this.find(arn, shardId);
    this.state.environment.authorize(
      arn === stream.arn
        ? { caller, action: 'kinesis:GetRecords', resource: arn }
        : { caller, action: 'kinesis:SubscribeToShard', resource: arn },
    );
    this.state.useKey(stream, 'Decrypt', { caller });
    const reading = readShard(stream, shard, position, limit, readBytes, now);
    const { ended, millisBehindLatest, next, records } = reading;
    return {
      ended,
      millisBehindLatest,
      next,
      records: records.map(
        (record): SourceStreamRecord => ({
          ...record,
          sequenceNumber: shard.sequenceNumberOf(record),
        }),
      ),
    };
  }

  horizon(arn: string): number {
    return this.state.findByArn(arn)?.horizon(this.state.now) ?? this.state.now;
  }

  onChange(arn: string, listener: (shardId: string) => void): () => void {
    return this.state.findByArn(arn)?.onChange(({ id }) => listener(id)) ?? (() => undefined);
  }

  private find(arn: string, shardId: string): { stream: Stream; shard: Shard } {
    const stream = this.state.findByArn(arn);
    const shard = stream?.shard(shardIndex(shardId) ?? -1, this.state.now);
    if (!stream?.usable || !shard) throw resourceNotFound(`Shard ${shardId} of ${arn} not found.`);
    return { stream, shard };
  }
}
