import type { DestinationDescription } from '../api';
import type { ConfiguredDestination, DestinationKind } from '../delivery/destination-kind';
import { merged } from '../delivery/merged-settings';
import { describeBacked } from '../endpoints/backed-settings';
import { invalidArgument } from '../errors';
import { processingSettings } from '../processing/processing-settings';
import { describeBucket } from '../s3-delivery/s3-settings';
import { OpenSearchDestination } from './opensearch-destination';
import {
  type OpenSearchConfiguration,
  type OpenSearchSettings,
  openSearchDefaults,
  openSearchSettings,
  type ServerlessConfiguration,
  serverlessSettings,
} from './opensearch-settings';

/** `AmazonopensearchserviceDestinationConfiguration`: a domain of OpenSearch. */
export const openSearchDestination: DestinationKind = {
  member: 'AmazonopensearchserviceDestinationConfiguration',
  configured: ({ AmazonopensearchserviceDestinationConfiguration: configuration }) =>
    configuration && domain(configuration),
};

/** `AmazonOpenSearchServerlessDestinationConfiguration`: a collection of OpenSearch Serverless. */
export const serverlessDestination: DestinationKind = {
  member: 'AmazonOpenSearchServerlessDestinationConfiguration',
  configured: ({ AmazonOpenSearchServerlessDestinationConfiguration: configuration }) =>
    configuration && collection(configuration),
};

function domain(configuration: OpenSearchConfiguration): ConfiguredDestination {
  return {
    ...common(configuration, openSearchSettings(configuration)),
    configuration: { AmazonopensearchserviceDestinationConfiguration: configuration },
    describe: () => ({
      AmazonopensearchserviceDestinationDescription: {
        ...described(configuration),
        ClusterEndpoint: configuration.ClusterEndpoint,
        DocumentIdOptions: configuration.DocumentIdOptions,
        DomainARN: configuration.DomainARN,
        IndexRotationPeriod: configuration.IndexRotationPeriod ?? 'OneDay',
        TypeName: configuration.TypeName,
      },
    }),
    updated({ AmazonopensearchserviceDestinationUpdate: update }) {
      if (!update) throw otherKind();
      const { S3Update: bucket, ...rest } = update;
      return domain({
        ...merged(configuration, rest),
        S3Configuration: merged(configuration.S3Configuration, bucket),
      });
    },
  };
}

function collection(configuration: ServerlessConfiguration): ConfiguredDestination {
  return {
    ...common(configuration, serverlessSettings(configuration)),
    configuration: { AmazonOpenSearchServerlessDestinationConfiguration: configuration },
    describe: () => ({
      AmazonOpenSearchServerlessDestinationDescription: {
        ...described(configuration),
        CollectionEndpoint: configuration.CollectionEndpoint,
      },
    }),
    updated({ AmazonOpenSearchServerlessDestinationUpdate: update }) {
      if (!update) throw otherKind();
      const { S3Update: bucket, ...rest } = update;
      return collection({
        ...merged(configuration, rest),
        S3Configuration: merged(configuration.S3Configuration, bucket),
      });
    },
  };
}

function common(
  configuration: OpenSearchConfiguration | ServerlessConfiguration,
  settings: OpenSearchSettings,
): Pick<ConfiguredDestination, 'check' | 'open' | 'principal' | 'processing' | 'roleArns'> {
  const processing = processingSettings(configuration.ProcessingConfiguration);
  const { address, bucket, logging, roleArn } = settings;
  return {
    roleArns: [roleArn, bucket.roleArn, ...(processing?.roleArns ?? [])],
    principal: { roleArn, logging, destination: address },
    processing,
    check: ({ ports }) => void ports.endpoints.routeOf(address),
    open: (surroundings) => new OpenSearchDestination(settings, surroundings),
  };
}

type Described = NonNullable<
  DestinationDescription['AmazonOpenSearchServerlessDestinationDescription']
>;

function described(configuration: OpenSearchConfiguration | ServerlessConfiguration): Described {
  return {
    ...describeBacked(configuration, openSearchDefaults),
    IndexName: configuration.IndexName,
    ProcessingConfiguration: configuration.ProcessingConfiguration,
    RoleARN: configuration.RoleARN,
    S3BackupMode: configuration.S3BackupMode ?? 'FailedDocumentsOnly',
    S3DestinationDescription: describeBucket(configuration.S3Configuration),
  };
}

function otherKind(): Error {
  return invalidArgument('The update does not match the destination of the delivery stream.');
}
