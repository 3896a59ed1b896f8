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
 * What a failure destination is told of a batch: where its records are, not the records themselves.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function discardMessage(batch: StreamBatch, discard: Discard): string {
  const first = batch.records[0]?.record;
  const last = batch.records.at(-1)?.record;
  return JSON.stringify({
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
  });
}
