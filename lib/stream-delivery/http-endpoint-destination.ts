import type { Duration, Size } from 'aws-cdk-lib';
import type { CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { failuresOf, isKnown, type ValidationRule } from '../validation';
import { type BackedUpOptions, backedUpRules, backupMode } from './backup';
import { credentialsFrom } from './credentials';
import type { DestinationContext, IDestination } from './destination-contract';
import { processing } from './processing';
import {
  bufferingHints,
  bufferingRules,
  DEFAULT_BUFFERING_INTERVAL,
  writeObjects,
} from './s3-objects';

const LARGEST_BUFFER = 64;
const MOST_ATTRIBUTES = 50;

/** What every HTTP endpoint can be told. */
export interface HttpDeliveryOptions extends BackedUpOptions {
  /**
   * How long records are collected before they are sent; up to 15 minutes.
   *
   * @default - 5 minutes; a minute for Datadog, New Relic and MongoDB
   */
  readonly bufferingInterval?: Duration;

  /**
   * How many bytes are collected before they are sent; 1 to 64 MiB.
   *
   * @default - 5 MiB; 4 for Datadog, 1 for New Relic, 5 for MongoDB
   */
  readonly bufferingSize?: Size;

  /**
   * Whether requests are compressed with GZIP.
   *
   * @default true
   */
  readonly gzip?: boolean;

  /**
   * What each request says besides the records: names and values, up to 50.
   *
   * @default - nothing
   */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What {@link Destination.http} can be told. */
export interface HttpDestinationOptions extends HttpDeliveryOptions {
  /** The endpoint: `https` only. */
  readonly url: string;

  /**
   * What Firehose calls it, in logs and in the console.
   *
   * @default - nothing
   */
  readonly name?: string;

  /**
   * A secret of JSON with the key `api_key`, which Firehose sends with each request.
   *
   * @default - no key is sent
   * @see https://docs.aws.amazon.com/firehose/latest/dev/secrets-manager-whats-secret.html
   */
  readonly accessKey?: secretsmanager.ISecret;
}

const RULES: ReadonlyArray<ValidationRule<HttpDestinationOptions>> = [
  {
    fails: ({ url }) => isKnown(url) && !/^https:\/\/./.test(url),
    message: ({ url }) => `url must begin with https://, got '${url}'`,
  },
  ...bufferingRules<HttpDestinationOptions>('', (options) => options, LARGEST_BUFFER),
  {
    fails: ({ attributes = {} }) => Object.keys(attributes).length > MOST_ATTRIBUTES,
    message: ({ attributes = {} }) =>
      `attributes must be at most ${MOST_ATTRIBUTES}, got ${Object.keys(attributes).length}`,
  },
  ...backedUpRules<HttpDestinationOptions>(),
];

/**
 * An endpoint that speaks Firehose's own protocol over HTTPS.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
export class HttpEndpointDestination implements IDestination {
  public readonly kind = 'Http';
  public readonly ownProcessors = 0;
  public readonly metrics = {
    freshness: 'DeliveryToHttpEndpoint.DataFreshness',
    success: 'DeliveryToHttpEndpoint.Success',
  };

  constructor(private readonly options: HttpDestinationOptions) {}

  public get bufferingInterval(): Duration {
    return this.options.bufferingInterval ?? DEFAULT_BUFFERING_INTERVAL;
  }

  public validate(): readonly string[] {
    return failuresOf(this.options, RULES);
  }

  public bind(_scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps> {
    const { accessKey, attributes = {}, backup, gzip, name, retryDuration, url } = this.options;
    const { processors, role } = context;
    return {
      httpEndpointDestinationConfiguration: {
        endpointConfiguration: { url, name },
        roleArn: role.roleArn,
        secretsManagerConfiguration: accessKey && credentialsFrom(accessKey, role),
        bufferingHints: bufferingHints(this.options),
        requestConfiguration: {
          contentEncoding: gzip === false ? 'NONE' : 'GZIP',
          commonAttributes: Object.entries(attributes).map(([attributeName, attributeValue]) => ({
            attributeName,
            attributeValue,
          })),
        },
        retryOptions: { durationInSeconds: retryDuration?.toSeconds() ?? 300 },
        processingConfiguration: processing(processors),
        cloudWatchLoggingOptions: context.loggingTo('HttpDestination'),
        s3BackupMode: backupMode('Data', backup),
        s3Configuration: writeObjects(context, backup, 'S3Backup'),
      },
    };
  }
}
