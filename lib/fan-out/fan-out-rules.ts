import type * as sns from 'aws-cdk-lib/aws-sns';
import { integerBetween, isKnown, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { FanOutProps } from './fan-out-props';
import { filterPolicyFailures } from './filter-policy-rules';
import type { RawSubscriptionOptions } from './subscription-options';

/** Largest message of a topic that takes every kind of subscription. */
const LARGEST_ORDINARY_MESSAGE = 262_144;

/** Everything about the topic that SNS or CloudFormation would refuse at deployment. */
export const FAN_OUT_RULES: ReadonlyArray<ValidationRule<FanOutProps>> = [
  {
    fails: (props) => props.topic !== undefined && topicPropsIn(props).length > 0,
    message: (props) =>
      `${topicPropsIn(props).join(', ')} cannot be applied to a topic that exists: leave them out or leave out topic`,
  },
  {
    fails: ({ topicName }) =>
      isKnown(topicName) && !/^[A-Za-z0-9_-]{1,256}(\.fifo)?$/.test(topicName),
    message: ({ topicName }) =>
      `topicName must be 1 to 256 letters, digits, hyphens and underscores, got '${topicName}'`,
  },
  {
    fails: ({ fifo, topicName }) =>
      isKnown(topicName) && topicName.endsWith('.fifo') !== (fifo === true),
    message: ({ fifo, topicName }) =>
      fifo === true
        ? `the name of a FIFO topic must end in .fifo, got '${topicName}'`
        : `the name of a standard topic must not end in .fifo, got '${topicName}': set fifo, or rename it`,
  },
  {
    fails: ({ contentBasedDeduplication, fifo, fifoThroughputScope, topic }) =>
      topic === undefined &&
      fifo !== true &&
      (contentBasedDeduplication !== undefined || fifoThroughputScope !== undefined),
    message: () =>
      'contentBasedDeduplication and fifoThroughputScope are for FIFO topics: set fifo',
  },
  integerBetween('maxMessageSizeBytes', (props) => props.maxMessageSizeBytes, {
    min: 1_024,
    max: 1_048_576,
  }),
  ALARM_TOPIC_RULE,
];

const TOPIC_PROPS: ReadonlyArray<keyof FanOutProps> = [
  'topicName',
  'fifo',
  'contentBasedDeduplication',
  'fifoThroughputScope',
  'maxMessageSizeBytes',
];

function topicPropsIn(props: FanOutProps): string[] {
  return TOPIC_PROPS.filter((name) => props[name] !== undefined);
}

/** What subscriptions of every kind have to keep to. */
export function subscriptionFailures(
  topic: sns.ITopic,
  { deadLetterQueue, filterPolicy, filterPolicyWithMessageBody }: RawSubscriptionOptions,
): string[] {
  return [
    ...(deadLetterQueue !== undefined && deadLetterQueue.fifo !== topic.fifo
      ? [
          `deadLetterQueue must be a ${topic.fifo ? 'FIFO' : 'standard'} queue, as its topic is a ${topic.fifo ? 'FIFO' : 'standard'} one`,
        ]
      : []),
    ...(filterPolicy !== undefined && filterPolicyWithMessageBody !== undefined
      ? [
          'filterPolicy and filterPolicyWithMessageBody exclude each other: a subscription looks at the attributes or at the body',
        ]
      : []),
    ...(filterPolicy === undefined ? [] : filterPolicyFailures('filterPolicy', filterPolicy)),
    ...(filterPolicyWithMessageBody === undefined
      ? []
      : filterPolicyFailures('filterPolicyWithMessageBody', filterPolicyWithMessageBody)),
  ];
}

/**
 * Which topics deliver where.
 *
 * @param protocol of the subscription
 * @param fifoQueue whether the endpoint is a FIFO queue
 * @param maxMessageSizeBytes of the topic
 * @see https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html
 */
export function topicFailures(
  protocol: string,
  topic: sns.ITopic,
  fifoQueue = false,
  maxMessageSizeBytes?: number,
): string[] {
  if (topic.fifo && protocol !== 'sqs') {
    return [
      `a FIFO topic delivers to queues only: subscribe a queue, and let that feed what ${protocol} was meant for`,
    ];
  }
  if (!topic.fifo && fifoQueue) {
    return [
      'a FIFO queue cannot be subscribed to a standard topic: make the topic FIFO too, or the queue a standard one',
    ];
  }
  return isKnown(maxMessageSizeBytes) && maxMessageSizeBytes > LARGEST_ORDINARY_MESSAGE
    ? [
        `a topic whose messages may be larger than 262,144 bytes delivers to queues, functions and archives only, not by ${protocol}`,
      ]
    : [];
}
