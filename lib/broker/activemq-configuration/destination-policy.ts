import type { Duration, Size } from 'aws-cdk-lib';
import { failuresOf, integerBetween, type ValidationRule } from '../../validation';
import type { DeadLetterStrategy } from './dead-letter-strategy';
import { type NamedDestination, patternRule } from './destination-name';
import { wrap, type XmlElement } from './xml-element';

/** What queues and topics can be told alike. */
export interface DestinationPolicyOptions {
  /**
   * Where messages go that cannot be delivered.
   *
   * @default DeadLetterStrategy.shared()
   */
  readonly deadLetters?: DeadLetterStrategy;

  /**
   * How much of the broker's memory messages may take.
   *
   * @default - as much as there is
   */
  readonly memoryLimit?: Size;

  /**
   * Whether producers have to wait when memory is full. Without it messages go to disk.
   *
   * @default true
   */
  readonly producerFlowControl?: boolean;

  /**
   * How many messages a consumer is sent before it has acknowledged any; 1 shares work evenly among slow consumers.
   *
   * @default - 1,000 for queues, 32,766 for topics
   */
  readonly prefetch?: number;

  /**
   * Removes a destination that has been empty and without consumers for so long.
   *
   * @default - it stays
   */
  readonly removeWhenUnusedFor?: Duration;
}

/** What queues can be told. */
export interface QueuePolicyOptions extends DestinationPolicyOptions {
  /**
   * Whether messages of a higher priority overtake others.
   *
   * @default false
   */
  readonly prioritizedMessages?: boolean;
}

/** What topics can be told. */
export interface TopicPolicyOptions extends DestinationPolicyOptions {
  /**
   * How many messages wait for a slow consumer that is not durable, before the oldest are dropped; 0 or more.
   *
   * @default - all
   */
  readonly pendingMessageLimit?: number;
}

/**
 * How the broker treats the queues or topics of a name or pattern. Of several that fit, the most exact one counts.
 *
 * @see https://activemq.apache.org/components/classic/documentation/per-destination-policies
 */
export class DestinationPolicy {
  /** @param pattern - such as `orders` or `orders.>` */
  public static queue(pattern: string, options: QueuePolicyOptions = {}): DestinationPolicy {
    const { prefetch, prioritizedMessages } = options;
    return new DestinationPolicy({ kind: 'queue', name: pattern }, options, {
      queuePrefetch: prefetch,
      prioritizedMessages,
    });
  }

  /** @param pattern - such as `prices` or `prices.>` */
  public static topic(pattern: string, options: TopicPolicyOptions = {}): DestinationPolicy {
    const { pendingMessageLimit: limit, prefetch } = options;
    return new DestinationPolicy(
      { kind: 'topic', name: pattern },
      options,
      { topicPrefetch: prefetch },
      limit === undefined
        ? []
        : [{ name: 'constantPendingMessageLimitStrategy', attributes: { limit } }],
    );
  }

  /** What is wrong with the options. */
  public readonly failures: readonly string[];

  /** As the configuration has it. */
  public readonly element: XmlElement;

  private constructor(
    /** What it is for. */
    public readonly destination: NamedDestination,
    options: QueuePolicyOptions & TopicPolicyOptions,
    attributes: XmlElement['attributes'],
    pendingMessageLimit: readonly XmlElement[] = [],
  ) {
    this.failures = failuresOf({ ...options, pattern: destination.name }, POLICY_RULES);
    const { deadLetters, memoryLimit, producerFlowControl, removeWhenUnusedFor } = options;
    this.element = {
      name: 'policyEntry',
      attributes: {
        [destination.kind]: destination.name,
        gcInactiveDestinations: removeWhenUnusedFor && true,
        // ActiveMQ's own spelling.
        inactiveTimoutBeforeGC: removeWhenUnusedFor?.toMilliseconds(),
        memoryLimit: memoryLimit?.toBytes(),
        producerFlowControl,
        ...attributes,
      },
      children: [
        ...wrap('deadLetterStrategy', deadLetters ? [deadLetters.element] : []),
        ...wrap('pendingMessageLimitStrategy', pendingMessageLimit),
      ],
    };
  }
}

const LARGEST_INTEGER = 2_147_483_647;

const POLICY_RULES: ReadonlyArray<
  ValidationRule<QueuePolicyOptions & TopicPolicyOptions & { readonly pattern: string }>
> = [
  patternRule('the pattern of a policy', ({ pattern }) => pattern),
  integerBetween('prefetch', ({ prefetch }) => prefetch, { min: 0, max: 32_766 }),
  integerBetween('pendingMessageLimit', ({ pendingMessageLimit }) => pendingMessageLimit, {
    min: 0,
    max: LARGEST_INTEGER,
  }),
];
