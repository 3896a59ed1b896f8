import type { Duration } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { DeliveryLogsOptions } from './delivery-stream';
import type { IDestination } from './destination-contract';
import type { IProcessor } from './processor-contract';
import type { Source } from './source';

/** What a {@link StreamDelivery} can be told. */
export interface StreamDeliveryProps {
  /** Where records are delivered to. */
  readonly destination: IDestination;

  /**
   * Where records come from. A delivery stream that exists cannot be given another kind of source.
   *
   * @default Source.stream()
   */
  readonly source?: Source;

  /**
   * What is done to records before they are delivered, in this order: up to five, those of the destination's partitioning included.
   *
   * @default - nothing
   */
  readonly processors?: readonly IProcessor[];

  /**
   * Name of the delivery stream: up to 64 letters, digits, hyphens, underscores and full stops.
   *
   * @default - a name made by CloudFormation
   */
  readonly deliveryStreamName?: string;

  /**
   * How Firehose logs what it cannot process or deliver.
   *
   * @default - in a log group of its own, for a month
   */
  readonly logs?: DeliveryLogsOptions;

  /**
   * How old a record may be that is not delivered before the freshness alarm goes off; more than the destination's buffering interval.
   *
   * @default - 15 minutes more than the destination's buffering interval
   */
  readonly maxFreshness?: Duration;

  /**
   * How far Firehose may be behind in the stream before the alarm on its age goes off. Records that grow older than the stream's
   * retention are lost.
   *
   * @default Duration.hours(1)
   */
  readonly maxIteratorAge?: Duration;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
