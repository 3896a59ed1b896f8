import { acceptOnly } from '../../accepted-parameters';
import type { ExtendedS3Configuration, UpdateInput } from '../api';
import {
  conversionSettings,
  mergedConversion,
  withConversionDefaults,
} from '../conversion/conversion-settings';
import { checkTable, ParquetFormat } from '../conversion/parquet-format';
import type { ConfiguredDestination, DestinationKind } from '../delivery/destination-kind';
import { merged } from '../delivery/merged-settings';
import { invalidArgument } from '../errors';
import { processingSettings } from '../processing/processing-settings';
import { DynamicPartitions } from './dynamic-partitions';
import { S3Destination } from './s3-destination';
import { S3Output } from './s3-output';
import { bucketMembers, bucketSettings, describeBucket } from './s3-settings';
import { sourceBackup, updatedSourceBackup } from './source-backup';

const mebibyte = 1024 * 1024;
/** The smallest buffer of a partitioned destination. https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html */
const smallestPartitionedBuffer = 64 * mebibyte;
const defaultPartitionedBuffer = { SizeInMBs: 128, IntervalInSeconds: 300 };

/** `ExtendedS3DestinationConfiguration`: Amazon S3. */
export const extendedS3Destination: DestinationKind = {
  member: 'ExtendedS3DestinationConfiguration',
  configured({ ExtendedS3DestinationConfiguration: configuration }) {
    return configuration && extended(configuration);
  },
};

/** `S3DestinationConfiguration`: Amazon S3 as it was configured first, with less to say. */
export const plainS3Destination: DestinationKind = {
  member: 'S3DestinationConfiguration',
  configured({ S3DestinationConfiguration: configuration }) {
    if (!configuration) return undefined;
    acceptOnly('CreateDeliveryStream.S3DestinationConfiguration', configuration, bucketMembers);
    return extended(configuration, 'S3DestinationConfiguration');
  },
};

function extended(
  given: ExtendedS3Configuration,
  member:
    | 'ExtendedS3DestinationConfiguration'
    | 'S3DestinationConfiguration' = 'ExtendedS3DestinationConfiguration',
): ConfiguredDestination {
  const configuration = withPartitioningDefaults(withConversionDefaults(given));
  acceptOnly(`CreateDeliveryStream.${member}`, configuration, [
    ...bucketMembers,
    'CustomTimeZone',
    'DataFormatConversionConfiguration',
    'DynamicPartitioningConfiguration',
    'FileExtension',
    'ProcessingConfiguration',
    'S3BackupConfiguration',
    'S3BackupMode',
  ]);
  const path = member.charAt(0).toLowerCase() + member.slice(1);
  const settings = bucketSettings(configuration, path);
  const processing = processingSettings(configuration.ProcessingConfiguration);
  const backup = sourceBackup(configuration, path);
  const conversion = conversionSettings(configuration, path);
  const partitioned = configuration.DynamicPartitioningConfiguration?.Enabled === true;
  const keys = [...settings.prefix.keysOf('query'), ...settings.prefix.keysOf('lambda')];
  if (partitioned && keys.length === 0)
    throw invalidArgument(
      'Prefix must contain at least one partition key when dynamic partitioning is enabled.',
    );
  if (!partitioned && keys.length > 0)
    throw invalidArgument(
      'Prefix must not contain partition keys when dynamic partitioning is not enabled.',
    );
  if (partitioned && settings.bufferBytes < smallestPartitionedBuffer)
    throw invalidArgument(
      'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
    );
  return {
    roleArns: [
      settings.roleArn,
      ...(backup ? [backup.roleArn] : []),
      ...(processing?.roleArns ?? []),
      ...(conversion ? [conversion.table.roleArn] : []),
    ],
    principal: {
      roleArn: settings.roleArn,
      logging: settings.logging,
      destination: settings.bucketArn,
    },
    processing,
    configuration: { [member]: given },
    describe: () => ({
      S3DestinationDescription: describeBucket(configuration),
      ...(member === 'ExtendedS3DestinationConfiguration' && {
        ExtendedS3DestinationDescription: {
          ...describeBucket(configuration),
          ProcessingConfiguration: configuration.ProcessingConfiguration,
          S3BackupMode: configuration.S3BackupMode ?? 'Disabled',
          S3BackupDescription:
            configuration.S3BackupConfiguration &&
            describeBucket(configuration.S3BackupConfiguration),
          DataFormatConversionConfiguration: configuration.DataFormatConversionConfiguration,
          DynamicPartitioningConfiguration: configuration.DynamicPartitioningConfiguration,
          FileExtension: configuration.FileExtension,
          CustomTimeZone: configuration.CustomTimeZone,
        },
      }),
    }),
    updated: (input) => extended(updatedConfiguration(given, input), member),
    check: (surroundings) => {
      if (conversion) checkTable(conversion.table, surroundings);
    },
    open: (surroundings) => {
      const output = new S3Output(settings, surroundings, 'DeliveryToS3');
      return new S3Destination(
        {
          output,
          sourceBackup: backup && new S3Output(backup, surroundings, 'BackupToS3'),
          format: conversion && new ParquetFormat(conversion, surroundings, output.log),
          partitions: partitioned
            ? new DynamicPartitions(settings.prefix, settings.timeZone, surroundings)
            : undefined,
        },
        surroundings,
      );
    },
  };
}

/** A partitioned destination buffers more, unless it says how much. */
function withPartitioningDefaults(configuration: ExtendedS3Configuration): ExtendedS3Configuration {
  return configuration.DynamicPartitioningConfiguration?.Enabled === true
    ? { BufferingHints: defaultPartitionedBuffer, ...configuration }
    : configuration;
}

/** What an update does not mention stays as it is. */
function updatedConfiguration(
  configuration: ExtendedS3Configuration,
  input: UpdateInput,
): ExtendedS3Configuration {
  const { ExtendedS3DestinationUpdate: update, S3DestinationUpdate: plainUpdate } = input;
  if (update) {
    const { S3BackupUpdate: backup, ...rest } = update;
    const before = configuration.DynamicPartitioningConfiguration?.Enabled ?? false;
    const after = rest.DynamicPartitioningConfiguration?.Enabled;
    if (after !== undefined && after !== before)
      throw invalidArgument(
        'Dynamic Partitioning cannot be enabled or disabled on an existing delivery stream.',
      );
    return {
      ...merged(configuration, {
        ...rest,
        DataFormatConversionConfiguration: mergedConversion(
          configuration.DataFormatConversionConfiguration,
          rest.DataFormatConversionConfiguration,
        ),
      }),
      ...updatedSourceBackup(configuration, rest.S3BackupMode, backup),
    };
  }
  if (plainUpdate) return merged(configuration, plainUpdate);
  throw invalidArgument('The update does not match the destination of the delivery stream.');
}
