import type { Duration } from 'aws-cdk-lib';
import type { XmlElement } from './xml-element';

/** What all that keep dead letters have in common. */
export interface DeadLetterOptions {
  /**
   * Whether messages that have expired are kept too.
   *
   * @default true
   */
  readonly keepExpired?: boolean;

  /**
   * Whether messages that were not persistent are kept too.
   *
   * @default false
   */
  readonly keepNonPersistent?: boolean;

  /**
   * How long dead letters are kept. Without an end they fill the store, and a full store takes no messages.
   *
   * @default - until somebody takes them
   */
  readonly expiration?: Duration;
}

/** A dead-letter queue for each destination. */
export interface IndividualDeadLetterOptions extends DeadLetterOptions {
  /**
   * What comes before the name of the queue or topic in the name of its dead-letter queue.
   *
   * @default 'DLQ.'
   */
  readonly prefix?: string;
}

/** One dead-letter queue for several destinations. */
export interface SharedDeadLetterOptions extends DeadLetterOptions {
  /**
   * Name of the queue.
   *
   * @default 'ActiveMQ.DLQ'
   */
  readonly queue?: string;
}

/**
 * Where messages go that could not be delivered as often as they are tried.
 *
 * @see https://activemq.apache.org/components/classic/documentation/message-redelivery-and-dlq-handling
 */
export class DeadLetterStrategy {
  /** Into a queue for each queue, and for each topic: which consumer has trouble is seen at once. */
  public static individual(options: IndividualDeadLetterOptions = {}): DeadLetterStrategy {
    const { prefix = 'DLQ.' } = options;
    return new DeadLetterStrategy({
      name: 'individualDeadLetterStrategy',
      attributes: {
        queuePrefix: prefix,
        topicPrefix: prefix,
        useQueueForTopicMessages: true,
        ...kept(options),
      },
    });
  }

  /** Into one queue for all that the policy is for: ActiveMQ's own way. */
  public static shared(options: SharedDeadLetterOptions = {}): DeadLetterStrategy {
    const { queue } = options;
    return new DeadLetterStrategy({
      name: 'sharedDeadLetterStrategy',
      attributes: kept(options),
      children:
        queue === undefined
          ? []
          : [
              {
                name: 'deadLetterQueue',
                children: [{ name: 'queue', attributes: { physicalName: queue } }],
              },
            ],
    });
  }

  /** They are dropped: for messages that nobody misses. */
  public static discard(): DeadLetterStrategy {
    return new DeadLetterStrategy({ name: 'discarding' });
  }

  private constructor(
    /** As the configuration has it. */
    public readonly element: XmlElement,
  ) {}
}

function kept({ expiration, keepExpired, keepNonPersistent }: DeadLetterOptions) {
  return {
    processExpired: keepExpired ?? true,
    processNonPersistent: keepNonPersistent ?? false,
    expiration: expiration?.toMilliseconds(),
  };
}
