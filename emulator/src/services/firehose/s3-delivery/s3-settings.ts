import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { S3Configuration } from '../api';
import { invalidArgument } from '../errors';
import type { CompressionFormat } from './compression';
import { isTimeZone } from './date-pattern';
import { PrefixExpression } from './prefix';

/** What a request says of a bucket that is written to, with the members that only the S3 destination has. */
export type BucketConfiguration = S3Configuration & {
  readonly FileExtension?: string | undefined;
  readonly CustomTimeZone?: string | undefined;
};

/** Members of what requests say of a bucket, wherever they do. */
export const bucketMembers = [
  'BucketARN',
  'BufferingHints',
  'CloudWatchLoggingOptions',
  'CompressionFormat',
  'EncryptionConfiguration',
  'ErrorOutputPrefix',
  'Prefix',
  'RoleARN',
] as const;

/** How objects are written to a bucket. */
export interface BucketSettings {
  readonly roleArn: string;
  readonly bucketArn: string;
  readonly bucket: string;
  readonly prefix: PrefixExpression;
  /** @default - failures go below the prefix of what succeeds */
  readonly errorPrefix: PrefixExpression | undefined;
  readonly compression: CompressionFormat;
  readonly kmsKeyArn: string | undefined;
  /** With its dot. @default - that of the compression or the format */
  readonly extension: string | undefined;
  readonly timeZone: string;
  readonly bufferBytes: number;
  readonly bufferMilliseconds: number;
  readonly logging: S3Configuration['CloudWatchLoggingOptions'];
}

const mebibyte = 1024 * 1024;
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
export const defaultHints = { SizeInMBs: 5, IntervalInSeconds: 300 };
const formats: readonly CompressionFormat[] = [
  'UNCOMPRESSED',
  'GZIP',
  'ZIP',
  'Snappy',
  'HADOOP_SNAPPY',
];

/**
 * Reads what a request says of a bucket.
 *
 * @param member - where it says it, such as `extendedS3DestinationConfiguration`
 * @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented
 */
export function bucketSettings(configuration: BucketConfiguration, member: string): BucketSettings {
  const {
    BucketARN: bucketArn,
    BufferingHints: hints = {},
    CompressionFormat: compression = 'UNCOMPRESSED',
    CustomTimeZone: timeZone = 'UTC',
    FileExtension: extension,
  } = configuration;
  new Constraints('ValidationException')
    .pattern(`${member}.roleARN`, configuration.RoleARN, 'arn:.*:iam::\\d{12}:role/[\\s\\S]*')
    .pattern(`${member}.bucketARN`, bucketArn, 'arn:.*:s3:::[\\w\\.\\-]{1,255}')
    .length(`${member}.prefix`, configuration.Prefix, 0, 1024)
    .length(`${member}.errorOutputPrefix`, configuration.ErrorOutputPrefix, 0, 1024)
    .range(`${member}.bufferingHints.sizeInMBs`, hints.SizeInMBs, 1, 128)
    .range(`${member}.bufferingHints.intervalInSeconds`, hints.IntervalInSeconds, 0, 900)
    .oneOf(`${member}.compressionFormat`, compression, formats)
    .pattern(`${member}.fileExtension`, extension, "|\\.[0-9a-z!\\-_.*'()]+")
    .check();
  if (!isTimeZone(timeZone)) throw invalidArgument(`Invalid CustomTimeZone: ${timeZone}`);
  const { BufferingHints: given } = configuration;
  if (given && (given.SizeInMBs === undefined) !== (given.IntervalInSeconds === undefined))
    throw invalidArgument(
      'Both SizeInMBs and IntervalInSeconds must be specified in BufferingHints.',
    );
  const prefix = new PrefixExpression(configuration.Prefix ?? '', 'Prefix');
  const errorText = configuration.ErrorOutputPrefix;
  const errorPrefix =
    errorText === undefined || errorText === ''
      ? undefined
      : new PrefixExpression(errorText, 'ErrorOutputPrefix');
  for (const one of [prefix, errorPrefix]) one?.check({ time: 0, timeZone });
  if (prefix.hasExpressions && !errorPrefix)
    throw invalidArgument(
      'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.',
    );
  if (errorPrefix?.hasExpressions && !errorPrefix.namesErrorType)
    throw invalidArgument(
      'ErrorOutputPrefix with expressions must include at least one instance of !{firehose:error-output-type}.',
    );
  return {
    roleArn: configuration.RoleARN,
    bucketArn,
    bucket: bucketArn.slice(bucketArn.lastIndexOf(':') + 1),
    prefix,
    errorPrefix,
    compression,
    kmsKeyArn: configuration.EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN,
    extension: extension === '' ? undefined : extension,
    timeZone,
    bufferBytes: (hints.SizeInMBs ?? defaultHints.SizeInMBs) * mebibyte,
    bufferMilliseconds: (hints.IntervalInSeconds ?? defaultHints.IntervalInSeconds) * 1000,
    logging: configuration.CloudWatchLoggingOptions,
  };
}

/**
 * Reads what a request says of a bucket besides that of an S3 destination: of backups, of what comes before Redshift.
 *
 * @param member - where it says it, such as `s3Configuration`
 * @throws ServiceError as {@link bucketSettings}
 */
export function otherBucketSettings(
  configuration: S3Configuration,
  member: string,
): BucketSettings {
  acceptOnly(`${member} of CreateDeliveryStream`, configuration, bucketMembers);
  return bucketSettings(configuration, member);
}

/** A bucket's configuration as answers show it: with what a request left out. */
export function describeBucket(configuration: S3Configuration) {
  return {
    RoleARN: configuration.RoleARN,
    BucketARN: configuration.BucketARN,
    Prefix: configuration.Prefix,
    ErrorOutputPrefix: configuration.ErrorOutputPrefix,
    BufferingHints: configuration.BufferingHints ?? defaultHints,
    CompressionFormat: configuration.CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: configuration.EncryptionConfiguration ?? {
      NoEncryptionConfig: 'NoEncryption' as const,
    },
    CloudWatchLoggingOptions: configuration.CloudWatchLoggingOptions ?? { Enabled: false },
  };
}
