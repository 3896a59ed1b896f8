import type { UpdateInput } from '../api';
import type { ConfiguredDestination, DestinationKind } from '../delivery/destination-kind';
import { merged } from '../delivery/merged-settings';
import { secretRoles } from '../endpoints/access-secret';
import { describeBacked } from '../endpoints/backed-settings';
import { invalidArgument } from '../errors';
import { processingSettings } from '../processing/processing-settings';
import { describeBucket } from '../s3-delivery/s3-settings';
import { HttpEndpointDestination } from './http-endpoint-destination';
import {
  type HttpEndpointConfiguration,
  httpEndpointDefaults,
  httpEndpointSettings,
} from './http-endpoint-settings';

/** `HttpEndpointDestinationConfiguration`: an HTTP endpoint of one's own, or of a partner of AWS. */
export const httpEndpointDestination: DestinationKind = {
  member: 'HttpEndpointDestinationConfiguration',
  configured: ({ HttpEndpointDestinationConfiguration: configuration }) =>
    configuration && configured(configuration),
};

function configured(configuration: HttpEndpointConfiguration): ConfiguredDestination {
  const settings = httpEndpointSettings(configuration);
  const processing = processingSettings(configuration.ProcessingConfiguration);
  const { RoleARN: roleArn } = configuration;
  return {
    roleArns: [
      settings.bucket.roleArn,
      ...(roleArn === undefined ? [] : [roleArn]),
      ...secretRoles(settings.access),
      ...(processing?.roleArns ?? []),
    ],
    principal: {
      roleArn: roleArn ?? settings.bucket.roleArn,
      logging: settings.logging,
      destination: settings.url,
    },
    processing,
    configuration: { HttpEndpointDestinationConfiguration: configuration },
    check: ({ ports }) => void ports.endpoints.routeOf(settings.url),
    describe() {
      const { EndpointConfiguration: endpoint, RequestConfiguration: request } = configuration;
      return {
        HttpEndpointDestinationDescription: {
          ...describeBacked(configuration, httpEndpointDefaults),
          EndpointConfiguration: { Url: endpoint.Url, Name: endpoint.Name },
          RequestConfiguration: {
            ContentEncoding: request?.ContentEncoding ?? 'NONE',
            CommonAttributes: request?.CommonAttributes ?? [],
          },
          ProcessingConfiguration: configuration.ProcessingConfiguration,
          RoleARN: roleArn,
          S3BackupMode: configuration.S3BackupMode ?? 'FailedDataOnly',
          S3DestinationDescription: describeBucket(configuration.S3Configuration),
          SecretsManagerConfiguration: configuration.SecretsManagerConfiguration,
        },
      };
    },
    updated: (input) => configured(updated(configuration, input)),
    open: (surroundings) => new HttpEndpointDestination(settings, surroundings),
  };
}

function updated(
  configuration: HttpEndpointConfiguration,
  { HttpEndpointDestinationUpdate: update }: UpdateInput,
): HttpEndpointConfiguration {
  if (!update)
    throw invalidArgument('The update does not match the destination of the delivery stream.');
  const { S3Update: bucket, EndpointConfiguration: endpoint, ...rest } = update;
  return {
    ...merged(configuration, rest),
    // An update cannot know the access key, which no description shows.
    EndpointConfiguration: merged(configuration.EndpointConfiguration, endpoint),
    S3Configuration: merged(configuration.S3Configuration, bucket),
  };
}
