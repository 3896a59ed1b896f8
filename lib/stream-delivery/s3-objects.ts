import { Duration, Size } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type CfnDeliveryStream, Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';
import { mebibytesBetween, secondsBetween, type ValidationRule } from '../validation';
import type { DestinationContext } from './destination-contract';
import { errorPrefixFailure, prefixFailure } from './prefix-rules';

/** Where failed records go if nothing is said: beside the others, by what failed. */
export const DEFAULT_ERROR_PREFIX = 'failed/!{firehose:error-output-type}/';

/** Firehose's own, for objects. */
export const DEFAULT_BUFFERING_INTERVAL = Duration.minutes(5);
const DEFAULT_BUFFERING_SIZE = Size.mebibytes(5);

/** How Firehose writes objects to a bucket. */
export interface S3ObjectsOptions {
  /** The bucket. Firehose writes to one of another account too, if that one's policy lets its role. */
  readonly bucket: s3.IBucket;

  /**
   * What the keys of objects begin with. It may have expressions, such as `clicks/!{timestamp:yyyy/MM/dd}/`; without one for the
   * time, Firehose adds `yyyy/MM/dd/HH/`.
   *
   * @default - the time alone
   * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
   */
  readonly prefix?: string;

  /**
   * What the keys of objects with records begin with that could not be processed or delivered.
   *
   * @default 'failed/!{firehose:error-output-type}/'
   */
  readonly errorPrefix?: string;

  /**
   * How objects are compressed.
   *
   * @default Compression.GZIP
   */
  readonly compression?: Compression;

  /**
   * How long records are collected before they are written: up to 15 minutes, and at least one with partitioning.
   *
   * @default Duration.minutes(5)
   */
  readonly bufferingInterval?: Duration;

  /**
   * How many bytes are collected before they are written: 1 to 128 MiB.
   *
   * @default Size.mebibytes(5)
   */
  readonly bufferingSize?: Size;

  /**
   * A KMS key that objects are encrypted with.
   *
   * @default - as the bucket has it
   */
  readonly encryptionKey?: kms.IKey;
}

/** Buffering as Firehose and CloudFormation take it. */
export function bufferingRules<T>(
  at: string,
  get: (props: T) => Pick<S3ObjectsOptions, 'bufferingInterval' | 'bufferingSize'> | undefined,
  largest = 128,
): ReadonlyArray<ValidationRule<T>> {
  return [
    secondsBetween(`${at}bufferingInterval`, (props) => get(props)?.bufferingInterval, {
      min: 0,
      max: 900,
    }),
    mebibytesBetween(`${at}bufferingSize`, (props) => get(props)?.bufferingSize, {
      min: 1,
      max: largest,
    }),
  ];
}

/**
 * What Firehose would refuse of objects that it writes without partitioning.
 *
 * @param at - where the options are, such as `backup.`
 */
export function s3ObjectsRules<T>(
  at: string,
  get: (props: T) => S3ObjectsOptions | undefined,
): ReadonlyArray<ValidationRule<T>> {
  const prefix = (props: T) => prefixFailure(`${at}prefix`, get(props)?.prefix);
  const errorPrefix = (props: T) => errorPrefixFailure(`${at}errorPrefix`, get(props)?.errorPrefix);
  return [
    ...bufferingRules(at, get),
    { fails: (props) => prefix(props) !== undefined, message: (props) => prefix(props) ?? '' },
    {
      fails: (props) => errorPrefix(props) !== undefined,
      message: (props) => errorPrefix(props) ?? '',
    },
  ];
}

/** Buffering as the template has it: Firehose takes both hints or neither. */
export function bufferingHints(
  {
    bufferingInterval,
    bufferingSize,
  }: Pick<S3ObjectsOptions, 'bufferingInterval' | 'bufferingSize'>,
  defaultSize = DEFAULT_BUFFERING_SIZE,
): CfnDeliveryStream.BufferingHintsProperty {
  return {
    intervalInSeconds: (bufferingInterval ?? DEFAULT_BUFFERING_INTERVAL).toSeconds(),
    sizeInMBs: (bufferingSize ?? defaultSize).toMebibytes(),
  };
}

/**
 * Lets the role write the objects.
 *
 * @returns how they are written, as the template has it
 */
export function writeObjects(
  { loggingTo, role }: DestinationContext,
  options: S3ObjectsOptions,
  logStream: string,
): CfnDeliveryStream.S3DestinationConfigurationProperty {
  const { bucket, encryptionKey } = options;
  grantWriteObjects(role, bucket);
  for (const key of new Set([bucket.encryptionKey, encryptionKey])) {
    key?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
  }
  return {
    bucketArn: bucket.bucketArn,
    roleArn: role.roleArn,
    prefix: options.prefix,
    errorOutputPrefix: options.errorPrefix ?? DEFAULT_ERROR_PREFIX,
    bufferingHints: bufferingHints(options),
    compressionFormat: (options.compression ?? Compression.GZIP).value,
    encryptionConfiguration:
      encryptionKey === undefined
        ? undefined
        : { kmsEncryptionConfig: { awskmsKeyArn: encryptionKey.keyArn } },
    cloudWatchLoggingOptions: loggingTo(logStream),
  };
}

/**
 * What Firehose has to be allowed for a bucket, and no more.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 */
function grantWriteObjects(role: iam.Role, bucket: s3.IBucket): void {
  const objects = bucket.arnForObjects('*');
  iam.Grant.addToPrincipalOrResource({
    grantee: role,
    actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    resourceArns: [bucket.bucketArn],
    resource: bucket,
  });
  iam.Grant.addToPrincipalOrResource({
    grantee: role,
    actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:GetObject'],
    resourceArns: [objects],
    resource: bucket,
  });
  acknowledgeWildcard(role, objects, 'Firehose names the objects that it writes to the bucket.');
}
