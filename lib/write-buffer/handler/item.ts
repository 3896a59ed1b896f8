import type { SQSRecord } from 'aws-lambda';
import type { Rejection } from './rejection';
import type { SinkWriter } from './sink-writer';

/** What became of a message. */
export type Outcome =
  /** It is in the database, now or already before. */
  | 'written'
  /** It can never be written and is to be sent to the dead-letter queue. */
  | 'rejected'
  /** It is in the dead-letter queue. */
  | 'deadLettered'
  /** It is to be delivered again. */
  | 'retry';

/**
 * A message on its way through the function.
 *
 * @typeParam V - what its sink writes
 */
export interface Item<V = unknown> {
  readonly record: SQSRecord;
  /** Undefined where order does not count: messages of a standard queue. */
  readonly group: string | undefined;
  /** Undefined if the message cannot be read as something to write. */
  readonly values: V | undefined;
  rejection: Rejection | undefined;
  outcome: Outcome | undefined;
}

/**
 * The messages of a batch, in the order of delivery.
 */
export function itemsOf<V>(
  records: readonly SQSRecord[],
  { read }: Pick<SinkWriter<V>, 'read'>,
): Item<V>[] {
  return records.map((record) => {
    const reading = read(record);
    const isFifo = record.eventSourceARN.endsWith('.fifo');
    return {
      record,
      group: isFifo ? record.attributes.MessageGroupId : undefined,
      values: 'values' in reading ? reading.values : undefined,
      rejection: 'rejection' in reading ? reading.rejection : undefined,
      outcome: undefined,
    };
  });
}
