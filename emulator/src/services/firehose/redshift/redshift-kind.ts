import type { UpdateInput } from '../api';
import type { ConfiguredDestination, DestinationKind } from '../delivery/destination-kind';
import { merged } from '../delivery/merged-settings';
import { secretRoles } from '../endpoints/access-secret';
import { invalidArgument } from '../errors';
import { processingSettings } from '../processing/processing-settings';
import { describeBucket } from '../s3-delivery/s3-settings';
import { updatedSourceBackup } from '../s3-delivery/source-backup';
import { RedshiftDestination } from './redshift-destination';
import {
  defaultRetrySeconds,
  type RedshiftConfiguration,
  redshiftSettings,
} from './redshift-settings';

/** `RedshiftDestinationConfiguration`: a table of Amazon Redshift. */
export const redshiftDestination: DestinationKind = {
  member: 'RedshiftDestinationConfiguration',
  configured: ({ RedshiftDestinationConfiguration: configuration }) =>
    configuration && configured(configuration),
};

function configured(configuration: RedshiftConfiguration): ConfiguredDestination {
  const settings = redshiftSettings(configuration);
  const processing = processingSettings(configuration.ProcessingConfiguration);
  const { bucket, logging, roleArn, sourceBackup: backup, url } = settings;
  return {
    roleArns: [
      roleArn,
      bucket.roleArn,
      ...(backup ? [backup.roleArn] : []),
      ...secretRoles(settings.access),
      ...(processing?.roleArns ?? []),
    ],
    principal: { roleArn, logging, destination: url },
    processing,
    configuration: { RedshiftDestinationConfiguration: configuration },
    check: ({ ports }) => void ports.endpoints.routeOf(url),
    describe: () => ({
      RedshiftDestinationDescription: {
        CloudWatchLoggingOptions: configuration.CloudWatchLoggingOptions ?? { Enabled: false },
        ClusterJDBCURL: url,
        CopyCommand: configuration.CopyCommand,
        ProcessingConfiguration: configuration.ProcessingConfiguration,
        RetryOptions: configuration.RetryOptions ?? { DurationInSeconds: defaultRetrySeconds },
        RoleARN: roleArn,
        S3BackupDescription:
          configuration.S3BackupConfiguration &&
          describeBucket(configuration.S3BackupConfiguration),
        S3BackupMode: configuration.S3BackupMode ?? 'Disabled',
        S3DestinationDescription: describeBucket(configuration.S3Configuration),
        SecretsManagerConfiguration: configuration.SecretsManagerConfiguration,
        Username: configuration.Username,
      },
    }),
    updated: (input) => configured(updated(configuration, input)),
    open: (surroundings) => new RedshiftDestination(settings, surroundings),
  };
}

function updated(
  configuration: RedshiftConfiguration,
  { RedshiftDestinationUpdate: update }: UpdateInput,
): RedshiftConfiguration {
  if (!update)
    throw invalidArgument('The update does not match the destination of the delivery stream.');
  const { S3BackupUpdate: backup, S3Update: bucket, ...rest } = update;
  return {
    ...merged(configuration, rest),
    ...updatedSourceBackup(configuration, rest.S3BackupMode, backup),
    S3Configuration: merged(configuration.S3Configuration, bucket),
  };
}
