import type { StreamBatch } from './stream-batch';

/** Why a batch is given up. */
export type DiscardReason = 'RecordAgeExceeded' | 'RetryAttemptsExhausted';

/** What is known of a batch that is given up. */
export interface Discard {
  readonly reason: DiscardReason;
  readonly requestId: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly shardId: string;
  /** Emulated milliseconds since the epoch. */
  readonly time: number;
}

/**
 * What a queue or a topic is told of a batch: where its records are, not the records themselves.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function discardMessage(batch: StreamBatch, discard: Discard): string {
  return JSON.stringify(metadata(batch, discard));
}

/** What a bucket gets of a batch: the same, and the event as text. */
export function discardObject(batch: StreamBatch, discard: Discard): string {
  return JSON.stringify({ ...metadata(batch, discard), payload: batch.toJson() });
}

/** `aws/lambda/<mapping>/<shard>/2035/01/31/2035-01-31T08.30.00-<object>` */
export function discardKey(
  mappingId: string,
  { shardId, time }: Pick<Discard, 'shardId' | 'time'>,
  objectId: string,
): string {
  const second = new Date(time).toISOString().slice(0, 19);
  const day = second.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mappingId}/${shardId}/${day}/${second.replaceAll(':', '.')}-${objectId}`;
}

function metadata(batch: StreamBatch, discard: Discard) {
  const first = batch.records[0]?.record;
  const last = batch.records.at(-1)?.record;
  return {
    requestContext: {
      requestId: discard.requestId,
      functionArn: discard.functionArn,
      condition: discard.reason,
      approximateInvokeCount: batch.attempts,
    },
    ...(batch.attempts > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: 'Unhandled',
      },
    }),
    version: '1.0',
    timestamp: new Date(discard.time).toISOString(),
    KinesisBatchInfo: {
      shardId: discard.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first?.arrival ?? 0).toISOString(),
      approximateArrivalOfLastRecord: new Date(last?.arrival ?? 0).toISOString(),
      batchSize: batch.size,
      streamArn: discard.sourceArn.replace(/\/consumer\/.*$/, ''),
    },
  };
}
