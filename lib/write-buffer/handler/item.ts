import type { SQSRecord } from 'aws-lambda';
import type { WritePlan } from '../mapping/settings';
import type { Rejection } from './rejection';
import { keyRejection, type RowValues, rowOf } from './row';

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

/** A message on its way through the function. */
export interface Item {
  readonly record: SQSRecord;
  /** Undefined where order does not count: messages of a standard queue. */
  readonly group: string | undefined;
  /** Undefined if the message cannot be read as a row. */
  readonly values: RowValues | undefined;
  rejection: Rejection | undefined;
  outcome: Outcome | undefined;
}

/**
 * The messages of a batch, in the order of delivery.
 */
export function itemsOf(records: readonly SQSRecord[], plan: WritePlan): Item[] {
  const sources =
    plan.kind === 'table' ? plan.columns.map(({ source }) => source) : plan.parameters;
  return records.map((record) => {
    const row = rowOf(record, sources);
    const isFifo = record.eventSourceARN.endsWith('.fifo');
    const rejection = 'rejection' in row ? row.rejection : keyRejection(plan, row.values);
    return {
      record,
      group: isFifo ? record.attributes.MessageGroupId : undefined,
      values: 'values' in row && rejection === undefined ? row.values : undefined,
      rejection,
      outcome: undefined,
    };
  });
}
