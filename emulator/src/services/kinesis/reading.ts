import type { OutputOf } from '../../protocol/handlers';
import { describeChildren, type KinesisApi } from './descriptions';
import type { StoredRecord } from './record-log';
import type { Shard } from './shard';
import type { Stream } from './stream';

/** Some of a shard's records. */
export interface Reading {
  readonly records: readonly StoredRecord[];
  /** Data and partition keys. */
  readonly bytes: number;
  /** The position to read from next. */
  readonly next: number;
  /** Milliseconds; 0 if nothing is left to read. */
  readonly millisBehindLatest: number;
  /** Whether the shard is closed and nothing is left in it. */
  readonly ended: boolean;
}

/** The size of a record, as limits and metrics count it. */
export function sizeOf({ data, partitionKey }: Pick<StoredRecord, 'data' | 'partitionKey'>) {
  return data.byteLength + Buffer.byteLength(partitionKey);
}

/**
 * Reads a shard from a position on; records that have gone meanwhile are skipped.
 *
 * @param limit - the most records
 * @param maximumBytes - the most bytes, but at least one record
 */
export function readShard(
  stream: Stream,
  shard: Shard,
  position: number,
  limit: number,
  maximumBytes: number,
  now: number,
): Reading {
  stream.expire(shard, now);
  const { log } = shard;
  const records: StoredRecord[] = [];
  let bytes = 0;
  let next = Math.max(position, log.first);
  for (let record = log.at(next); record && records.length < limit; record = log.at(next)) {
    const size = sizeOf(record);
    if (records.length > 0 && bytes + size > maximumBytes) break;
    records.push(record);
    bytes += size;
    next += 1;
  }
  const waiting = log.at(next);
  return {
    records,
    bytes,
    next,
    millisBehindLatest: waiting ? now - (records.at(-1) ?? waiting).arrival : 0,
    ended: !waiting && !shard.open,
  };
}

type RecordDescription = NonNullable<OutputOf<KinesisApi, 'GetRecords'>['Records']>[number];

/** A record as GetRecords and SubscribeToShard show it. */
export function describeRecord(shard: Shard, record: StoredRecord): RecordDescription {
  return {
    SequenceNumber: shard.sequenceNumberOf(record),
    ApproximateArrivalTimestamp: new Date(record.arrival),
    Data: record.data,
    PartitionKey: record.partitionKey,
    ...(record.encrypted && { EncryptionType: 'KMS' }),
  };
}

/** What readers are told at the end of a closed shard. */
export function childrenAtEnd(shard: Shard, { ended }: Reading) {
  return ended ? { ChildShards: describeChildren(shard) } : {};
}
