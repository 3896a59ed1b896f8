import { Duration } from 'aws-cdk-lib';
import { failuresOf, integerBetween, type ValidationRule } from '../../validation';
import { patternRule } from './destination-name';
import type { XmlElement } from './xml-element';

/** How often and when the broker tries a message again that a consumer gave back. */
export interface RedeliveryOptions {
  /**
   * How often after the first time, before it is a dead letter; 0 or more.
   *
   * @default 6
   */
  readonly maximumRedeliveries?: number;

  /**
   * How long it waits before each try.
   *
   * @default Duration.seconds(1)
   */
  readonly delay?: Duration;

  /**
   * What the delay is multiplied with from one try to the next, such as 2.
   *
   * @default - the delay stays the same
   */
  readonly backOffMultiplier?: number;

  /**
   * The longest delay that multiplying comes to.
   *
   * @default - none
   */
  readonly maximumDelay?: Duration;
}

/**
 * Has the broker itself try messages again, later and for consumers of every protocol: those of JMS do it by themselves, and stand still meanwhile.
 *
 * @see https://activemq.apache.org/components/classic/documentation/message-redelivery-and-dlq-handling
 */
export class RedeliveryPolicy {
  /** @param pattern - such as `orders` or `orders.>` */
  public static queue(pattern: string, options: RedeliveryOptions = {}): RedeliveryPolicy {
    return new RedeliveryPolicy(pattern, options);
  }

  /** What is wrong with the options. */
  public readonly failures: readonly string[];

  /** As the configuration has it. */
  public readonly element: XmlElement;

  private constructor(pattern: string, options: RedeliveryOptions) {
    const { backOffMultiplier, delay = Duration.seconds(1), maximumDelay } = options;
    this.failures = failuresOf({ ...options, pattern }, REDELIVERY_RULES);
    this.element = {
      name: 'redeliveryPolicy',
      attributes: {
        queue: pattern,
        maximumRedeliveries: options.maximumRedeliveries ?? 6,
        initialRedeliveryDelay: delay.toMilliseconds(),
        redeliveryDelay: delay.toMilliseconds(),
        useExponentialBackOff: backOffMultiplier === undefined ? undefined : true,
        backOffMultiplier,
        maximumRedeliveryDelay: maximumDelay?.toMilliseconds(),
      },
    };
  }
}

const REDELIVERY_RULES: ReadonlyArray<
  ValidationRule<RedeliveryOptions & { readonly pattern: string }>
> = [
  patternRule('the pattern of a redelivery policy', ({ pattern }) => pattern),
  integerBetween('maximumRedeliveries', ({ maximumRedeliveries }) => maximumRedeliveries, {
    min: 0,
    max: 1_000,
  }),
  {
    fails: ({ backOffMultiplier }) => backOffMultiplier !== undefined && backOffMultiplier <= 1,
    message: ({ backOffMultiplier }) =>
      `backOffMultiplier must be above 1, got ${backOffMultiplier}`,
  },
];
