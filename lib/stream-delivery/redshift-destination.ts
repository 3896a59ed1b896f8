import type { Duration } from 'aws-cdk-lib';
import { type CfnDeliveryStreamProps, Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { failuresOf, isKnown, secondsBetween, type ValidationRule } from '../validation';
import { credentialsFrom } from './credentials';
import type { DestinationContext, IDestination } from './destination-contract';
import { processing } from './processing';
import {
  DEFAULT_BUFFERING_INTERVAL,
  type S3ObjectsOptions,
  s3ObjectsRules,
  writeObjects,
} from './s3-objects';

/** What {@link Destination.redshift} can be told. */
export interface RedshiftOptions {
  /**
   * Where the database is, such as `jdbc:redshift://shop.123456789012.eu-west-1.redshift-serverless.amazonaws.com:5439/shop`: a cluster or a
   * workgroup that Firehose can reach, which comes from outside of the VPC.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs
   */
  readonly jdbcUrl: string;

  /** A secret of JSON with the keys `username` and `password`, of a user that may insert into the table. */
  readonly credentials: secretsmanager.ISecret;

  /** The table, which has to be there. */
  readonly table: string;

  /**
   * The columns, in the order of the values in records.
   *
   * @default - all of the table
   */
  readonly columns?: readonly string[];

  /**
   * What COPY is told besides.
   *
   * @default - JSON 'auto', and GZIP if the objects are compressed
   * @see https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
   */
  readonly copyOptions?: string;

  /** Where the objects are put that COPY reads: their prefix has no expressions, and they are compressed with GZIP or not at all. */
  readonly objects: Omit<S3ObjectsOptions, 'errorPrefix'>;

  /**
   * Where all records are kept as they came.
   *
   * @default - nowhere: what COPY did not take stays in the objects, and a manifest below `errors/manifests/` names them
   */
  readonly backup?: S3ObjectsOptions;

  /**
   * How long Firehose tries COPY again; up to 2 hours.
   *
   * @default Duration.hours(1)
   */
  readonly retryDuration?: Duration;
}

const COPIED = [Compression.GZIP.value, Compression.UNCOMPRESSED.value];

const RULES: ReadonlyArray<ValidationRule<RedshiftOptions>> = [
  {
    fails: ({ jdbcUrl }) =>
      isKnown(jdbcUrl) && !/^jdbc:(redshift|postgresql):\/\/[^/:]+:\d+\/[^/]+$/.test(jdbcUrl),
    message: ({ jdbcUrl }) =>
      `jdbcUrl must be of the form jdbc:redshift://host:port/database, got '${jdbcUrl}'`,
  },
  {
    fails: ({ table }) => table === '',
    message: () => 'table must be named',
  },
  {
    fails: ({ objects }) =>
      objects.compression !== undefined && !COPIED.includes(objects.compression.value),
    message: ({ objects }) =>
      `objects.compression must be GZIP or UNCOMPRESSED, which COPY reads, got ${objects.compression?.value}`,
  },
  {
    fails: ({ objects: { prefix } }) => isKnown(prefix) && prefix.includes('!{'),
    message: ({ objects: { prefix } }) =>
      `objects.prefix must have no expressions with Redshift, got '${prefix}'`,
  },
  secondsBetween('retryDuration', ({ retryDuration }) => retryDuration, { min: 0, max: 7_200 }),
  ...s3ObjectsRules<RedshiftOptions>('objects.', ({ objects }) => objects),
  ...s3ObjectsRules<RedshiftOptions>('backup.', ({ backup }) => backup),
];

/** A table of Redshift: objects in a bucket, and COPY from there. */
export class RedshiftDestination implements IDestination {
  public readonly kind = 'Redshift';
  public readonly ownProcessors = 0;
  public readonly metrics = {
    // Redshift has no freshness of its own: records wait to be put into the bucket.
    freshness: 'DeliveryToS3.DataFreshness',
    success: 'DeliveryToRedshift.Success',
  };

  constructor(private readonly options: RedshiftOptions) {}

  public get bufferingInterval(): Duration {
    return this.options.objects.bufferingInterval ?? DEFAULT_BUFFERING_INTERVAL;
  }

  public validate(): readonly string[] {
    return failuresOf(this.options, RULES);
  }

  public bind(_scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps> {
    const { backup, columns, copyOptions, credentials, jdbcUrl, objects, retryDuration, table } =
      this.options;
    const compression = objects.compression ?? Compression.GZIP;
    return {
      redshiftDestinationConfiguration: {
        clusterJdbcurl: jdbcUrl,
        roleArn: context.role.roleArn,
        secretsManagerConfiguration: credentialsFrom(credentials, context.role),
        copyCommand: {
          dataTableName: table,
          dataTableColumns: columns?.join(','),
          copyOptions:
            copyOptions ??
            `JSON 'auto'${compression.value === Compression.GZIP.value ? ' GZIP' : ''}`,
        },
        retryOptions: { durationInSeconds: retryDuration?.toSeconds() ?? 3_600 },
        processingConfiguration: processing(context.processors),
        cloudWatchLoggingOptions: context.loggingTo('RedshiftDestination'),
        // Redshift's objects have no errors beside them: COPY's go to a manifest.
        s3Configuration: {
          ...writeObjects(context, objects, 'S3Objects'),
          errorOutputPrefix: undefined,
        },
        ...(backup !== undefined && {
          s3BackupMode: 'Enabled',
          s3BackupConfiguration: writeObjects(context, backup, 'S3Backup'),
        }),
      },
    };
  }
}
