import { invalidArgument } from './errors';
import { parseSequenceNumber } from './sequence-number';
import type { Shard } from './shard';
import type { Stream } from './stream';

/** Where in a shard to begin, as requests say it. */
export interface StartingPosition {
  readonly type: string;
  readonly sequenceNumber?: string | undefined;
  readonly timestamp?: Date | undefined;
}

export const positionTypes = [
  'AFTER_SEQUENCE_NUMBER',
  'AT_SEQUENCE_NUMBER',
  'AT_TIMESTAMP',
  'LATEST',
  'TRIM_HORIZON',
];

/**
 * The position of the record to be read first.
 *
 * @param operation - whose name its errors give, such as `GetShardIterator`
 * @throws ServiceError InvalidArgumentException
 */
export function resolvePosition(
  stream: Stream,
  shard: Shard,
  { type, sequenceNumber, timestamp }: StartingPosition,
  operation: string,
  now: number,
): number {
  stream.expire(shard, now);
  if (type === 'AT_TIMESTAMP') {
    if (!timestamp)
      throw invalidArgument(
        'Must specify timestampInMillis parameter for AT_TIMESTAMP iterator type.',
      );
    if (timestamp.getTime() > now)
      throw invalidArgument(
        `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${timestamp.getTime()}, currentTimestampInMillis: ${now}`,
      );
    return shard.log.positionAt(timestamp.getTime());
  }
  const bySequence = type.endsWith('_SEQUENCE_NUMBER');
  if (bySequence !== (sequenceNumber !== undefined))
    throw invalidArgument(
      `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${bySequence ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  if (sequenceNumber !== undefined) {
    const position = positionOf(stream, shard, sequenceNumber, operation);
    return type === 'AT_SEQUENCE_NUMBER' ? position : position + 1;
  }
  return type === 'LATEST' ? shard.log.next : shard.log.first;
}

function positionOf(
  { address: { name, account } }: Stream,
  shard: Shard,
  sequenceNumber: string,
  operation: string,
): number {
  const parts = parseSequenceNumber(sequenceNumber);
  const used = `StartingSequenceNumber ${sequenceNumber} used in ${operation} on shard ${shard.id} in stream ${name} under account ${account} is invalid`;
  if (!parts) throw invalidArgument(`${used}.`);
  if (parts.shardIndex !== shard.index)
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes shardId-${String(parts.shardIndex).padStart(12, '0')}, while it was used in a call to a shard with ${shard.id}`,
    );
  if (parts.shardCreated !== shard.sequence.created)
    throw invalidArgument(`${used} because it did not come from this stream.`);
  // The end of a closed shard is far behind its last record.
  return parts.position > shard.log.next ? shard.log.next : Number(parts.position);
}
