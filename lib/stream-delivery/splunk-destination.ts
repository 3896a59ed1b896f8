import { Duration, type Size } from 'aws-cdk-lib';
import type { CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import {
  failuresOf,
  isKnown,
  mebibytesBetween,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import { type BackedUpOptions, backedUpRules, backupMode } from './backup';
import { credentialsFrom } from './credentials';
import type { DestinationContext, IDestination } from './destination-contract';
import { processing } from './processing';
import { writeObjects } from './s3-objects';

const DEFAULT_INTERVAL = Duration.minutes(1);

/** What {@link Destination.splunk} can be told. */
export interface SplunkOptions extends BackedUpOptions {
  /** Splunk's HTTP Event Collector: `https` only, with the port. */
  readonly hecEndpoint: string;

  /**
   * Whether records are events of their own, in JSON, instead of raw text.
   *
   * @default false
   */
  readonly events?: boolean;

  /** A secret of JSON with the key `hec_token`. */
  readonly hecToken: secretsmanager.ISecret;

  /**
   * How long Firehose waits for Splunk to tell that it has indexed what it was sent; 3 to 10 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly acknowledgementTimeout?: Duration;

  /**
   * How long records are collected before they are sent; up to a minute.
   *
   * @default Duration.minutes(1)
   */
  readonly bufferingInterval?: Duration;

  /**
   * How many bytes are collected before they are sent; 1 to 5 MiB.
   *
   * @default Size.mebibytes(5)
   */
  readonly bufferingSize?: Size;
}

const RULES: ReadonlyArray<ValidationRule<SplunkOptions>> = [
  {
    fails: ({ hecEndpoint }) => isKnown(hecEndpoint) && !/^https:\/\/./.test(hecEndpoint),
    message: ({ hecEndpoint }) => `hecEndpoint must begin with https://, got '${hecEndpoint}'`,
  },
  secondsBetween('acknowledgementTimeout', (options) => options.acknowledgementTimeout, {
    min: 180,
    max: 600,
  }),
  secondsBetween('bufferingInterval', (options) => options.bufferingInterval, { min: 0, max: 60 }),
  mebibytesBetween('bufferingSize', (options) => options.bufferingSize, { min: 1, max: 5 }),
  ...backedUpRules<SplunkOptions>(),
];

/** An index of Splunk, by its HTTP Event Collector. */
export class SplunkDestination implements IDestination {
  public readonly kind = 'Splunk';
  public readonly ownProcessors = 0;
  public readonly metrics = {
    freshness: 'DeliveryToSplunk.DataFreshness',
    success: 'DeliveryToSplunk.Success',
  };

  constructor(private readonly options: SplunkOptions) {}

  public get bufferingInterval(): Duration {
    return this.options.bufferingInterval ?? DEFAULT_INTERVAL;
  }

  public validate(): readonly string[] {
    return failuresOf(this.options, RULES);
  }

  public bind(_scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps> {
    const { acknowledgementTimeout, backup, events, hecEndpoint, hecToken, retryDuration } =
      this.options;
    return {
      splunkDestinationConfiguration: {
        hecEndpoint,
        hecEndpointType: events === true ? 'Event' : 'Raw',
        hecAcknowledgmentTimeoutInSeconds: acknowledgementTimeout?.toSeconds() ?? 300,
        secretsManagerConfiguration: credentialsFrom(hecToken, context.role),
        bufferingHints: {
          intervalInSeconds: this.bufferingInterval.toSeconds(),
          sizeInMBs: this.options.bufferingSize?.toMebibytes() ?? 5,
        },
        retryOptions: { durationInSeconds: retryDuration?.toSeconds() ?? 3_600 },
        processingConfiguration: processing(context.processors),
        cloudWatchLoggingOptions: context.loggingTo('SplunkDestination'),
        s3BackupMode: backupMode('Events', backup),
        s3Configuration: writeObjects(context, backup, 'S3Backup'),
      },
    };
  }
}
