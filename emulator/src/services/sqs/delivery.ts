import type { Message } from './message';

/** What a ReceiveMessage call asks for. */
export interface ReceiveRequest {
  /** 1 to 10. */
  readonly maxMessages: number;
  /** In milliseconds. @default - the queue's VisibilityTimeout */
  readonly visibilityTimeout?: number;
  /** ReceiveRequestAttemptId, on FIFO queues. */
  readonly attemptId?: string;
}

/** A message as one receive hands it out. */
export interface Delivery {
  readonly message: Message;
  readonly receiptHandle: string;
  /** Of this receive; the message's own count may have grown since. */
  readonly receiveCount: number;
}

/** The answer to sending one message. */
export interface SentMessage {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}
