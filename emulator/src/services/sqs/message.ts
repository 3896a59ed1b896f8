import type { MessageContent } from './message-content';
import type { HeapItem } from './ordered-heap';

/** A message attribute as it was sent. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** Message attributes by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What only some messages have, kept apart so that a plain message stays small. */
export interface MessageDetails {
  readonly attributes?: MessageAttributes;
  readonly md5OfAttributes?: string;
  readonly traceHeader?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** ARN of the queue that gave the message up, on a message in a dead-letter queue. */
  readonly deadLetterSourceArn?: string;
  /** When it came to the dead-letter queue, in milliseconds since the epoch. */
  readonly deadLetteredAt?: number;
  /** How often it was received in queues before this one, which does not count against maxReceiveCount here. */
  readonly receivedElsewhere?: number;
}

/** What is handed in to be sent. */
export interface MessageDraft {
  readonly content: MessageContent;
  readonly senderId: string;
  /** Bytes of body and message attributes. */
  readonly size: number;
  /** Seconds until it can be received. @default - the queue's DelaySeconds */
  readonly delaySeconds?: number;
  readonly details?: MessageDetails;
}

/** `gone`: deleted, expired, purged or moved to another queue; entries that still point to it are skipped. */
export type MessageState = 'delayed' | 'visible' | 'in-flight' | 'gone';

/** When a message was received. */
export interface Receives {
  readonly firstAt: number;
  lastAt: number;
}

/** The instant at which a delayed or in-flight message becomes visible. */
export class Schedule implements HeapItem {
  index = -1;

  constructor(
    readonly key: number,
    readonly message: Message,
  ) {}

  get order(): number {
    return this.message.order;
  }
}

/** A message in one queue. A move to another queue makes a new one. */
export class Message {
  state: MessageState = 'gone';
  /** ApproximateReceiveCount, which counts receives in all queues it has been in. */
  receiveCount = 0;
  receives: Receives | undefined = undefined;
  schedule: Schedule | undefined = undefined;
  /** Neighbours in order of arrival; kept by {@link Retention}. */
  older: Message | undefined = undefined;
  newer: Message | undefined = undefined;

  constructor(
    /** Position in the order of arrival at this queue. */
    readonly order: number,
    readonly id: string,
    readonly content: MessageContent,
    readonly senderId: string,
    /** SentTimestamp, from which the retention period counts. */
    readonly sentTimestamp: number,
    readonly details: MessageDetails | undefined,
  ) {}

  get body(): string {
    return this.content.body;
  }

  get md5OfBody(): string {
    return this.content.md5OfBody;
  }

  /** How often it was received in this queue. */
  get receivedHere(): number {
    return this.receiveCount - (this.details?.receivedElsewhere ?? 0);
  }

  /** When it arrived at this queue, which for a dead-lettered message is not when it was sent. */
  get arrivedAt(): number {
    return this.details?.deadLetteredAt ?? this.sentTimestamp;
  }
}

/**
 * SequenceNumber of the message that is `order`-th in its FIFO queue: 20 digits, growing, with gaps.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queue-message-identifiers.html
 */
export function sequenceNumber(order: number): string {
  return (18_850_000_000_000_000_000n + BigInt(order) * 256n).toString();
}
