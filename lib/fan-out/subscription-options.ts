import type { DeliveryPolicy } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { WorkQueueProps } from '../work-queue';
import type { AttributeFilterPolicy, BodyFilterPolicy } from './filter-policy';

/** What every subscription can be told. */
export interface SubscriptionOptions {
  /**
   * Which messages it gets, by their message attributes. Give this or `filterPolicyWithMessageBody`, not both.
   *
   * A change takes up to 15 minutes to be in force.
   *
   * @default - every message
   */
  readonly filterPolicy?: AttributeFilterPolicy;

  /**
   * Which messages it gets, by what is in their body, which must be JSON.
   *
   * @default - every message
   */
  readonly filterPolicyWithMessageBody?: BodyFilterPolicy;

  /**
   * A queue of yours for what cannot be delivered: in the region of the topic, and FIFO if the topic is.
   *
   * @default - a queue is made, unless the topic is in another region
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/** What a subscription can be told whose messages may come without SNS's envelope. */
export interface RawSubscriptionOptions extends SubscriptionOptions {
  /**
   * Whether the message arrives as it was published, its attributes as attributes of the SQS message, instead of in
   * SNS's JSON envelope.
   *
   * SQS takes 10 attributes: a message with more is not delivered, and goes to the subscription's dead-letter queue.
   *
   * @default true for queues, false for HTTP endpoints
   */
  readonly rawMessageDelivery?: boolean;
}

/** A queue that is made for its subscription. */
export interface SubscribedQueueOptions
  extends RawSubscriptionOptions,
    Omit<WorkQueueProps, 'fifo' | 'encryptionKey' | 'alarmTopic'> {
  /**
   * Whether the queue is FIFO too. A FIFO topic may deliver to standard queues, which then neither keep order nor
   * deduplicate; a standard topic cannot deliver to FIFO queues.
   *
   * @default - as the topic is
   */
  readonly fifo?: boolean;
}

/** An HTTPS endpoint. */
export interface HttpEndpointOptions extends RawSubscriptionOptions {
  /**
   * How deliveries that fail are tried again, and how many a second there are at most.
   *
   * @default - SNS's own: three retries, 20 seconds apart
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
   */
  readonly deliveryPolicy?: DeliveryPolicy;

  /**
   * Whether the URL may be `http`: messages then cross the network readable for everybody on the way.
   *
   * @default false
   */
  readonly allowPlainHttp?: boolean;
}

/** An email address. */
export interface EmailOptions extends SubscriptionOptions {
  /**
   * Whether the mail holds SNS's JSON instead of the bare text.
   *
   * @default false
   */
  readonly json?: boolean;
}
