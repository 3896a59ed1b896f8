import type { OutputOf } from '../../protocol/handlers';
import type { Shard } from './shard';
import type { Stream } from './stream';

/** The SDK client module of Kinesis. */
export type KinesisApi = typeof import('@aws-sdk/client-kinesis');

type ShardDescription = NonNullable<OutputOf<KinesisApi, 'ListShards'>['Shards']>[number];
/** A shard as DescribeStream and ListShards show it. */
export function describeShard(shard: Shard): ShardDescription {
  const [parent, adjacent] = shard.parents;
  return {
    ShardId: shard.id,
    ...(parent && { ParentShardId: parent.id }),
    ...(adjacent && { AdjacentParentShardId: adjacent.id }),
    HashKeyRange: {
      StartingHashKey: String(shard.range.start),
      EndingHashKey: String(shard.range.end),
    },
    SequenceNumberRange: {
      StartingSequenceNumber: shard.sequence.first,
      ...(shard.lastSequenceNumber !== undefined && {
        EndingSequenceNumber: shard.lastSequenceNumber,
      }),
    },
  };
}

/** The shards that took the place of a closed one, as consumers are told at its end. */
export function describeChildren(shard: Shard) {
  return shard.children.map((child) => ({
    ShardId: child.id,
    ParentShards: child.parents.map(({ id }) => id),
    HashKeyRange: {
      StartingHashKey: String(child.range.start),
      EndingHashKey: String(child.range.end),
    },
  }));
}

/** What DescribeStream and DescribeStreamSummary have in common. */
export function describeStream(stream: Stream) {
  return {
    StreamName: stream.address.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: new Date(stream.created),
    EnhancedMonitoring: [{ ShardLevelMetrics: monitoredMetrics(stream) }],
    ...(stream.keyId === undefined
      ? { EncryptionType: 'NONE' as const }
      : { EncryptionType: 'KMS' as const, KeyId: stream.keyId }),
  };
}

export const shardLevelMetrics = [
  'IncomingBytes',
  'IncomingRecords',
  'IteratorAgeMilliseconds',
  'OutgoingBytes',
  'OutgoingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
] as const;

/** The shard-level metrics that are turned on. */
export function monitoredMetrics(stream: Stream) {
  return shardLevelMetrics.filter((name) => stream.shardLevelMetrics.has(name));
}
