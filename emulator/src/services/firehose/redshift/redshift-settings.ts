import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { CreateInput } from '../api';
import type { LoggingOptions } from '../delivery/error-log';
import { type Credentials, credentials } from '../endpoints/access-secret';
import { invalidArgument } from '../errors';
import { type BucketSettings, otherBucketSettings } from '../s3-delivery/s3-settings';
import { sourceBackup } from '../s3-delivery/source-backup';

export type RedshiftConfiguration = NonNullable<CreateInput['RedshiftDestinationConfiguration']>;

/** A table of Redshift, and how records get there. */
export interface RedshiftSettings {
  /** As which Redshift reads the bucket. */
  readonly roleArn: string;
  /** Of the driver, such as `jdbc:redshift://…:5439/dev`. */
  readonly url: string;
  readonly table: string;
  /** Separated by commas. @default - all */
  readonly columns: string | undefined;
  /** The end of the statement, such as `JSON 'auto'`. */
  readonly options: string | undefined;
  readonly access: Credentials<'Password' | 'Username'>;
  /** Where objects are written that are then loaded. */
  readonly bucket: BucketSettings;
  /** Where records are copied to as they come. @default - nowhere */
  readonly sourceBackup: BucketSettings | undefined;
  /** Milliseconds for which a statement is tried again. */
  readonly retryFor: number;
  readonly logging: LoggingOptions | undefined;
}

export const defaultRetrySeconds = 3600;
const path = 'redshiftDestinationConfiguration';
/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_RedshiftDestinationConfiguration.html */
const url =
  'jdbc:(redshift|postgresql)://((?!-)[A-Za-z0-9\\-]{1,63}(?<!-)\\.)+(redshift(-serverless)?)\\.([a-zA-Z0-9\\.]+):\\d{1,5}/[a-zA-Z0-9_$\\-]+';

/** @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented */
export function redshiftSettings(configuration: RedshiftConfiguration): RedshiftSettings {
  acceptOnly('CreateDeliveryStream.RedshiftDestinationConfiguration', configuration, [
    'CloudWatchLoggingOptions',
    'ClusterJDBCURL',
    'CopyCommand',
    'Password',
    'ProcessingConfiguration',
    'RetryOptions',
    'RoleARN',
    'S3BackupConfiguration',
    'S3BackupMode',
    'S3Configuration',
    'SecretsManagerConfiguration',
    'Username',
  ]);
  const { CopyCommand: copy, Password, RetryOptions: retry, Username } = configuration;
  const { DurationInSeconds: seconds = defaultRetrySeconds } = retry ?? {};
  new Constraints('ValidationException')
    .pattern(`${path}.clusterJDBCURL`, configuration.ClusterJDBCURL, url)
    .length(`${path}.copyCommand.dataTableName`, copy.DataTableName, 1, 512)
    .length(`${path}.copyCommand.dataTableColumns`, copy.DataTableColumns, 0, 204_800)
    .length(`${path}.copyCommand.copyOptions`, copy.CopyOptions, 0, 204_800)
    .length(`${path}.username`, Username, 1, 512)
    .length(`${path}.password`, Password, 6, 512)
    .range(`${path}.retryOptions.durationInSeconds`, seconds, 0, 7200)
    .check();
  const bucket = otherBucketSettings(configuration.S3Configuration, `${path}.s3Configuration`);
  if (bucket.compression !== 'UNCOMPRESSED' && bucket.compression !== 'GZIP')
    throw invalidArgument(
      `CompressionFormat ${bucket.compression} is not supported in the S3Configuration of a Redshift destination: Redshift cannot load it.`,
    );
  const access = credentials(
    { Password, Username },
    configuration.SecretsManagerConfiguration,
    configuration.RoleARN,
    path,
  );
  if ('values' in access && (Username === undefined || Password === undefined))
    throw invalidArgument('Username and Password must be specified.');
  return {
    roleArn: configuration.RoleARN,
    url: configuration.ClusterJDBCURL,
    table: copy.DataTableName,
    columns: copy.DataTableColumns || undefined,
    options: copy.CopyOptions || undefined,
    access,
    bucket,
    sourceBackup: sourceBackup(configuration, path),
    retryFor: seconds * 1000,
    logging: configuration.CloudWatchLoggingOptions,
  };
}
