import type { ServiceCaller } from '../../iam/caller';
import type { SnsDocument } from './documents';
import type { MessageAttributes } from './message-attributes';
import type { Notification } from './notification';
import type { RetrySchedule } from './retry-schedule';
import type { Subscription } from './subscription';

/** One document or message for one subscriber. */
export interface Delivery {
  readonly subscription: Subscription;
  /** Of a notification; undefined for confirmations. */
  readonly notification: Notification | undefined;
  readonly document: SnsDocument;
  /** Emulated time of the first attempt. */
  readonly startedAt: number;
  /** How often it has been tried. */
  attempts: number;
}

/** What came of an attempt. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly as?: string | undefined }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Whether it may well work later: an error of the receiver's side. */
      readonly passing: boolean;
    };

/** A way to get messages to subscribers of some protocols. */
export interface Channel {
  /** Tries once; what has to wait for another machine is returned to be run. */
  deliver(delivery: Delivery): Outcome | (() => Promise<Outcome>);
  readonly retries: (subscription: Subscription) => RetrySchedule;
  /** The most emulated milliseconds from the first attempt to the last. @default - no limit */
  readonly longestTrying?: number;
  /** Whether the metric of failures counts every attempt. */
  readonly countsAttempts?: boolean;
}

/** Queues, as far as topics need them. */
export interface TopicQueues {
  /**
   * What SendMessage does.
   *
   * @returns the message's id
   * @throws ServiceError
   */
  send(queueArn: string, message: QueueMessage, caller: ServiceCaller): string | undefined;
}

/** A message for a queue. */
export interface QueueMessage {
  /** Text, or how it is made when somebody reads it. */
  readonly MessageBody: string | { readonly bytes: number; render(): string };
  readonly MessageAttributes?: MessageAttributes | undefined;
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
}

/** What a queue gets: the message as it is with raw delivery, else the document. */
export function queueMessage(delivery: Delivery, queueArn: string): QueueMessage {
  const { subscription, notification, document } = delivery;
  if (!notification) return { MessageBody: document.deferredText(subscription.arn) };
  const { message, topic } = notification;
  const raw = subscription.attributes.rawDelivery;
  const fifoQueue = queueArn.endsWith('.fifo');
  return {
    MessageBody: raw ? notification.textFor(subscription) : document.deferredText(subscription.arn),
    MessageAttributes: raw ? message.attributes : undefined,
    // A group of a standard topic makes a standard queue fair; one of a FIFO topic means nothing there.
    MessageGroupId: fifoQueue || !topic.fifo ? message.groupId : undefined,
    MessageDeduplicationId: fifoQueue ? message.deduplicationId : undefined,
  };
}
