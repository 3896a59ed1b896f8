import type { OutputOf } from '../../protocol/handlers';
import type { Delivery } from './delivery';
import { sequenceNumber } from './message';
import { md5OfAttributes, selectAttributes } from './message-attributes';
import type { Queue } from './queue';

type Messages = NonNullable<
  OutputOf<typeof import('@aws-sdk/client-sqs'), 'ReceiveMessage'>['Messages']
>;

type SystemAttributeReader = (delivery: Delivery, queue: Queue) => string | undefined;

/**
 * Attributes that SQS itself gives to a message.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
const systemAttributes = {
  SenderId: ({ message }) => message.senderId,
  SentTimestamp: ({ message }) => String(message.sentTimestamp),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ message }) => String(message.receives?.firstAt ?? ''),
  AWSTraceHeader: ({ message }) => message.details?.traceHeader,
  MessageGroupId: ({ message }) => message.details?.groupId,
  MessageDeduplicationId: ({ message }) => message.details?.deduplicationId,
  SequenceNumber: ({ message }, queue) => (queue.fifo ? sequenceNumber(message.order) : undefined),
  DeadLetterQueueSourceArn: ({ message }) => message.details?.deadLetterSourceArn,
} satisfies Record<string, SystemAttributeReader>;

type SystemAttributeName = keyof typeof systemAttributes;

const systemAttributeEntries = Object.entries(systemAttributes) as [
  SystemAttributeName,
  SystemAttributeReader,
][];

/** Whether ReceiveMessage may ask for it. */
export function isSystemAttribute(name: string): boolean {
  // Listed by the API's documentation, though a queue's and not a message's.
  return name === 'All' || name === 'SqsManagedSseEnabled' || Object.hasOwn(systemAttributes, name);
}

/** The system attributes of a received message that are asked for, by name or by `All`. */
export function readSystemAttributes(
  queue: Queue,
  delivery: Delivery,
  wanted: ReadonlySet<string>,
): Partial<Record<SystemAttributeName, string>> | undefined {
  if (wanted.size === 0) return undefined;
  const all = wanted.has('All');
  const values: Partial<Record<SystemAttributeName, string>> = {};
  let any = false;
  for (const [name, read] of systemAttributeEntries) {
    const value = all || wanted.has(name) ? read(delivery, queue) : undefined;
    if (value === undefined) continue;
    values[name] = value;
    any = true;
  }
  return any ? values : undefined;
}

/** A message as ReceiveMessage returns it. */
export function receivedMessage(
  queue: Queue,
  delivery: Delivery,
  wantedSystemAttributes: ReadonlySet<string>,
  wantedAttributes: readonly string[] | undefined,
): Messages[number] {
  const { message, receiptHandle } = delivery;
  const selected = selectAttributes(message.details?.attributes, wantedAttributes);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    Attributes: readSystemAttributes(queue, delivery, wantedSystemAttributes),
    MessageAttributes: selected && { ...selected },
    // Of the attributes that are returned, not of all.
    MD5OfMessageAttributes:
      selected === message.details?.attributes
        ? message.details?.md5OfAttributes
        : md5OfAttributes(selected),
  };
}
