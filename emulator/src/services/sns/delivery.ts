import type { ServiceCaller } from '../../iam/caller';
import type { SnsDocument } from './documents';
import type { Notification } from './notification';
import type { RetrySchedule } from './retry-schedule';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

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
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<
    Record<
      string,
      {
        readonly DataType: string;
        readonly StringValue?: string;
        readonly BinaryValue?: Uint8Array;
      }
    >
  >;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** SNS, as it calls others on behalf of a topic. */
export function serviceCaller(topic: Topic): ServiceCaller {
  return {
    kind: 'service',
    service: 'sns.amazonaws.com',
    account: topic.address.account,
    arn: 'sns.amazonaws.com',
    sourceArn: topic.arn,
  };
}

/** What a queue gets: the message as it is with raw delivery, else the document. */
export function queueMessage(delivery: Delivery, queueArn: string): QueueMessage {
  const { subscription, notification, document } = delivery;
  if (!notification) return { MessageBody: document.text(subscription.arn) };
  const { message, topic } = notification;
  const raw = subscription.attributes.rawDelivery;
  const fifoQueue = queueArn.endsWith('.fifo');
  return {
    MessageBody: raw ? notification.textFor(subscription) : document.text(subscription.arn),
    ...(raw && message.attributes && { MessageAttributes: message.attributes }),
    // A group of a standard topic makes a standard queue fair; one of a FIFO topic means nothing there.
    ...(message.groupId !== undefined &&
      (fifoQueue || !topic.fifo) && { MessageGroupId: message.groupId }),
    ...(message.deduplicationId !== undefined &&
      fifoQueue && { MessageDeduplicationId: message.deduplicationId }),
  };
}
