import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';

/** What a {@link FanOut} can be told. Everything has a default. */
export interface FanOutProps {
  /**
   * A topic that exists: one of this app, or one imported by its ARN, from another account or region too.
   *
   * Its owner must let this account subscribe (`allowSubscriptionsOf` does on the topic's side). What is about the
   * topic itself cannot be given beside it.
   *
   * @default - a topic is made
   */
  readonly topic?: sns.ITopic;

  /**
   * Name of the topic, up to 256 letters, digits, hyphens and underscores; that of a FIFO topic ends in `.fifo`.
   *
   * @default - a name made by CloudFormation
   */
  readonly topicName?: string;

  /**
   * Whether messages keep their order within a message group and are taken in once. Only queues can be subscribed then.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * Whether SNS takes the SHA-256 of the body as deduplication id where the publisher gives none. FIFO only.
   *
   * Two messages that are meant to be two but have equal bodies within 5 minutes become one, so it is off unless asked for.
   *
   * @default false
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * Whether the throughput quota and deduplication count for the topic or for each message group. FIFO only.
   *
   * @default sns.FifoThroughputScope.MESSAGE_GROUP
   */
  readonly fifoThroughputScope?: sns.FifoThroughputScope;

  /**
   * Largest message in bytes; 1,024 to 1,048,576.
   *
   * Above 262,144 a topic has at most 100 subscriptions, all of them queues, functions or archives.
   *
   * @default 262144
   * @see https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
   */
  readonly maxMessageSizeBytes?: number;

  /**
   * A KMS key of your own for the topic and all queues made here. Its policy gets what SNS needs to deliver.
   *
   * @default - the topic is encrypted by SNS itself, the queues with a key that SQS owns
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Where the alarms tell of their going off and of their end. Another topic than this one.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * What becomes of the queues made here, and of the messages in them, when they leave the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}
