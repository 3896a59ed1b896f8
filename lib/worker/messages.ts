/** What SQS keeps about a message besides its body: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** A message as SQS delivers it, with all of its attributes. */
export interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  /** SQS's own, such as `ApproximateReceiveCount`, `SentTimestamp` and `MessageGroupId`. */
  readonly Attributes: Readonly<Record<string, string>>;
  /** The producer's. */
  readonly MessageAttributes: Readonly<Record<string, MessageAttribute>>;
}

/** What a handler is told besides the message. */
export interface MessageContext {
  /**
   * Aborts when the worker is to leave. What it holds it may finish; a long job can save how far it has got, throw, and be continued by
   * another worker.
   */
  readonly leaving: AbortSignal;
}

/**
 * Works on a message. When it returns, the message is deleted; when it throws, the message is delivered again after its visibility
 * timeout.
 */
export type MessageHandler = (message: Message, context: MessageContext) => Promise<void>;

/**
 * Works on all messages that were received at a time.
 *
 * @returns the ids of those that are to be delivered again; the others are deleted
 */
export type BatchHandler = (messages: readonly Message[]) => Promise<ReadonlySet<string>>;

/** What a worker does with messages: one by one, or as many as come in at a time. */
export type Work = { readonly each: MessageHandler } | { readonly batch: BatchHandler };
