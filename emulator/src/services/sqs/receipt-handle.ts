import { receiptHandleIsInvalid } from './errors';

/** What a receipt handle stands for: one receive of one message. */
export interface Receipt {
  /** The message's position in its queue. */
  readonly order: number;
  /** Which receive it was: ApproximateReceiveCount at that time. */
  readonly receive: number;
}

const prefix = 'AQEB';

/** Makes the receipt handle of one receive. `queueId` ties it to one queue, even among queues of the same name. */
export function encodeReceiptHandle(queueId: string, receipt: Receipt): string {
  const text = `${queueId}/${receipt.order}/${receipt.receive}`;
  return prefix + Buffer.from(text.padEnd(48), 'latin1').toString('base64');
}

/**
 * Reads a receipt handle.
 *
 * @throws ReceiptHandleIsInvalid if the queue did not give it out.
 */
export function decodeReceiptHandle(queueId: string, handle: string): Receipt {
  const text = handle.startsWith(prefix)
    ? Buffer.from(handle.slice(prefix.length), 'base64').toString('latin1')
    : '';
  const match = /^([0-9a-f]+)\/(\d+)\/(\d+) *$/.exec(text);
  if (match?.[1] !== queueId) throw receiptHandleIsInvalid(handle);
  return { order: Number(match[2]), receive: Number(match[3]) };
}
