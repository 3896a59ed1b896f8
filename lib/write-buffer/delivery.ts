import { Duration } from 'aws-cdk-lib';

/** SQS's largest maxReceiveCount. */
const MAX_RECEIVES = 1_000;
/** Deliveries that a message has even if no outage is tolerated: some are lost to throttling and restarts. */
const SPARE_RECEIVES = 3;
/** What an outage costs may be a quarter more than reckoned: pollers receive ahead, clocks of queues are distributed. */
const MARGIN = 1.25;
/** AWS's advice for a queue that Lambda consumes. */
const VISIBILITY_PER_TIMEOUT = 6;

/** What is derived from a consumer's timeout and the outage that messages have to survive. */
export interface Delivery {
  /** Six times the timeout plus the window; longer if the outage would need more than 1,000 deliveries. */
  readonly visibilityTimeout: Duration;
  /** Deliveries that the outage may cost, and some to spare. */
  readonly maxReceiveCount: number;
  /**
   * How old a message is at least when it has been delivered that often. SQS must keep it for longer, or it would
   * drop it before its redrive policy can move it to the dead-letter queue.
   */
  readonly lifetime: Duration;
}

/**
 * How often and how far apart a message has to be delivered so that an outage does not fill the dead-letter queue.
 *
 * During an outage each message is received once in every visibility timeout, and every time counts.
 *
 * @param timeout of the consumer for a batch
 * @param window in which batches are collected
 * @param outage that has to be survived
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function deliveryOf(timeout: Duration, window: Duration, outage: Duration): Delivery {
  const span = outage.toSeconds() * MARGIN;
  const shortest = timeout.toSeconds() * VISIBILITY_PER_TIMEOUT + window.toSeconds();
  const visibility = Math.max(shortest, Math.ceil(span / (MAX_RECEIVES - SPARE_RECEIVES)));
  const maxReceiveCount = Math.ceil(span / visibility) + SPARE_RECEIVES;
  return {
    visibilityTimeout: Duration.seconds(visibility),
    maxReceiveCount,
    lifetime: Duration.seconds(visibility * maxReceiveCount),
  };
}
