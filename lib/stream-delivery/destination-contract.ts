import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream, CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';
import type { IProcessor } from './processor-contract';

/** What a destination finds when its delivery stream is made. */
export interface DestinationContext {
  /** What Firehose delivers as; a destination gives it the rights that it needs. */
  readonly role: iam.Role;
  /** What the delivery stream does to records, in its order; a destination that partitions adds to it. */
  readonly processors: readonly CfnDeliveryStream.ProcessorProperty[];
  /** Where Firehose logs errors; undefined if it shall not. */
  readonly loggingTo: (
    logStream: string,
  ) => CfnDeliveryStream.CloudWatchLoggingOptionsProperty | undefined;
}

/** Names of the metrics of namespace `AWS/Firehose` that tell how deliveries go. */
export interface DestinationMetrics {
  /** Seconds since the oldest record came that is not delivered. */
  readonly freshness: string;
  /** Share of the attempts that succeeded: 0 to 1. */
  readonly success: string;
}

/** Where a delivery stream writes to: {@link Destination} has all that there are. */
export interface IDestination {
  /** What Firehose calls it, such as `S3` or `Splunk`. */
  readonly kind: string;
  readonly metrics: DestinationMetrics;
  /** How long records are collected before they are delivered. */
  readonly bufferingInterval: Duration;

  /** How many processors it adds to those of the delivery stream. */
  readonly ownProcessors: number;

  /** What is wrong with it, given what is done to the records before. */
  validate(processors: readonly IProcessor[]): readonly string[];

  /**
   * Gives the role its rights, and makes what else is needed.
   *
   * @returns the properties of the delivery stream that say where to
   */
  bind(scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps>;
}
