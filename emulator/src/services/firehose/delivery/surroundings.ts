import type { Clock } from '../../../clock/clock';
import type { Caller } from '../../../iam/caller';
import type { Journal } from '../../../journal/journal';
import type { RandomStream } from '../../../random/random';
import type { FirehoseMetrics } from '../metrics';
import type { DeliveryStreamAddress } from '../names';
import type { FirehosePorts } from '../ports';

/**
 * What everything inside a delivery stream works with: processors, buffers, destinations. Each configuration of a
 * delivery stream has its own.
 */
export interface DeliverySurroundings {
  readonly address: DeliveryStreamAddress;
  readonly arn: string;
  /** Of the configuration: 1 at first, one more with every UpdateDestination. */
  readonly versionId: number;
  readonly clock: Clock;
  /** Of this delivery stream alone. */
  readonly random: RandomStream;
  readonly metrics: FirehoseMetrics;
  readonly ports: FirehosePorts;
  readonly journal: Journal;
  /**
   * Acts as a role, which has to trust Firehose.
   *
   * @throws ServiceError if it does not, or is gone
   */
  assumeRole(roleArn: string): Caller;
  /** Asks whether a role may do something. @throws ServiceError if it may not */
  authorize(roleArn: string, action: string, resource: string): void;
  /**
   * Until when Firehose keeps a record that cannot be delivered to S3: for 24 hours, or for as long as the source stream does.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html
   */
  keptUntil(arrival: number): number;
  /** Whether the delivery stream has been deleted: nothing is tried any more, what it still holds is lost. */
  deleted(): boolean;
}
