import type { Caller } from '../../iam/caller';

/** A message as an event source mapping receives it. */
export interface SourceMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string;
  /** `SentTimestamp`, `ApproximateReceiveCount` and the others, as ReceiveMessage returns them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SourceMessageAttribute>>;
}

export interface SourceMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: Uint8Array;
}

/** What an event source mapping needs to know of its queue. */
export interface SourceQueueDescription {
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
}

/**
 * Queues as Lambda's event source mappings see them: the same operations that a client calls, made
 * as the function's role, and a signal in place of empty polls. The composition root adapts SQS to it.
 */
export interface QueueSource {
  /** Undefined if there is no such queue. */
  describe(queueArn: string): SourceQueueDescription | undefined;
  /** ReceiveMessage without waiting: up to 10 messages that can be received now. */
  receive(queueArn: string, maxMessages: number, caller: Caller): SourceMessage[];
  delete(queueArn: string, receiptHandles: readonly string[], caller: Caller): void;
  /**
   * Calls `listener` synchronously whenever a message becomes receivable: sent, its delay or
   * visibility timeout over, or a FIFO group free again. Returns the function that ends it.
   */
  onReceivable(queueArn: string, listener: () => void): () => void;
}
