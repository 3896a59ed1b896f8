import { Constraints } from '../../constraints';
import type { S3Configuration, S3Update } from '../api';
import { merged } from '../delivery/merged-settings';
import { invalidArgument } from '../errors';
import { type BucketSettings, otherBucketSettings } from './s3-settings';

/** What a request says of the bucket that records are copied to as they come. */
interface SourceBackup {
  readonly S3BackupMode?: 'Disabled' | 'Enabled' | undefined;
  readonly S3BackupConfiguration?: S3Configuration | undefined;
}

/**
 * The bucket that records are copied to as they come; undefined if they are not.
 *
 * @param path - of the destination in the request
 * @throws ServiceError ValidationException, InvalidArgumentException
 */
export function sourceBackup(
  { S3BackupConfiguration: backup, S3BackupMode: mode }: SourceBackup,
  path: string,
): BucketSettings | undefined {
  new Constraints('ValidationException')
    .oneOf(`${path}.s3BackupMode`, mode, ['Disabled', 'Enabled'])
    .check();
  if (mode !== 'Enabled') return undefined;
  if (!backup)
    throw invalidArgument('S3BackupConfiguration must be specified when S3BackupMode is Enabled.');
  return otherBucketSettings(backup, `${path}.s3BackupConfiguration`);
}

/**
 * The bucket after an update, to be merged with what else is updated.
 *
 * @throws ServiceError InvalidArgumentException
 */
export function updatedSourceBackup(
  { S3BackupConfiguration: backup, S3BackupMode: before }: SourceBackup,
  after: SourceBackup['S3BackupMode'],
  update: S3Update | undefined,
): Pick<SourceBackup, 'S3BackupConfiguration'> {
  // What is copied once cannot be stopped being copied. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-source-record-backup.html
  if (before === 'Enabled' && after === 'Disabled')
    throw invalidArgument('S3BackupMode cannot be changed from Enabled to Disabled.');
  if (!update) return {};
  if (backup) return { S3BackupConfiguration: merged(backup, update) };
  const { RoleARN: roleArn, BucketARN: bucketArn } = update;
  if (roleArn === undefined || bucketArn === undefined)
    throw invalidArgument('RoleARN and BucketARN must be specified for a new S3 backup.');
  return { S3BackupConfiguration: { ...update, RoleARN: roleArn, BucketARN: bucketArn } };
}
