import type { UpdateInput } from '../api';
import type { ConfiguredDestination, DestinationKind } from '../delivery/destination-kind';
import { merged } from '../delivery/merged-settings';
import { secretRoles } from '../endpoints/access-secret';
import { describeBacked } from '../endpoints/backed-settings';
import { invalidArgument } from '../errors';
import { processingSettings } from '../processing/processing-settings';
import { describeBucket } from '../s3-delivery/s3-settings';
import { SplunkDestination } from './splunk-destination';
import {
  defaultAcknowledgmentSeconds,
  type SplunkConfiguration,
  splunkDefaults,
  splunkSettings,
} from './splunk-settings';

/** `SplunkDestinationConfiguration`: Splunk's HTTP Event Collector. */
export const splunkDestination: DestinationKind = {
  member: 'SplunkDestinationConfiguration',
  configured: ({ SplunkDestinationConfiguration: configuration }) =>
    configuration && configured(configuration),
};

function configured(configuration: SplunkConfiguration): ConfiguredDestination {
  const settings = splunkSettings(configuration);
  const processing = processingSettings(configuration.ProcessingConfiguration);
  return {
    roleArns: [
      settings.bucket.roleArn,
      ...secretRoles(settings.access),
      ...(processing?.roleArns ?? []),
    ],
    principal: {
      roleArn: settings.bucket.roleArn,
      logging: settings.logging,
      destination: settings.endpoint,
    },
    processing,
    configuration: { SplunkDestinationConfiguration: configuration },
    check: ({ ports }) => void ports.endpoints.routeOf(settings.endpoint),
    describe: () => ({
      SplunkDestinationDescription: {
        ...describeBacked(configuration, splunkDefaults),
        HECEndpoint: configuration.HECEndpoint,
        HECEndpointType: configuration.HECEndpointType,
        HECToken: configuration.HECToken,
        HECAcknowledgmentTimeoutInSeconds:
          configuration.HECAcknowledgmentTimeoutInSeconds ?? defaultAcknowledgmentSeconds,
        ProcessingConfiguration: configuration.ProcessingConfiguration,
        S3BackupMode: configuration.S3BackupMode ?? 'FailedEventsOnly',
        S3DestinationDescription: describeBucket(configuration.S3Configuration),
        SecretsManagerConfiguration: configuration.SecretsManagerConfiguration,
      },
    }),
    updated: (input) => configured(updated(configuration, input)),
    open: (surroundings) => new SplunkDestination(settings, surroundings),
  };
}

function updated(
  configuration: SplunkConfiguration,
  { SplunkDestinationUpdate: update }: UpdateInput,
): SplunkConfiguration {
  if (!update)
    throw invalidArgument('The update does not match the destination of the delivery stream.');
  const { S3Update: bucket, ...rest } = update;
  return {
    ...merged(configuration, rest),
    S3Configuration: merged(configuration.S3Configuration, bucket),
  };
}
