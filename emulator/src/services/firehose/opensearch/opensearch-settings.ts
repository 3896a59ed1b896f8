import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { CreateInput } from '../api';
import {
  type BackedDefaults,
  type BackedSettings,
  backedSettings,
} from '../endpoints/backed-settings';
import { invalidArgument } from '../errors';
import { type IndexRotation, indexRotations } from './index-rotation';

export type OpenSearchConfiguration = NonNullable<
  CreateInput['AmazonopensearchserviceDestinationConfiguration']
>;
export type ServerlessConfiguration = NonNullable<
  CreateInput['AmazonOpenSearchServerlessDestinationConfiguration']
>;

/** A domain of OpenSearch or a collection of OpenSearch Serverless, and how documents get there. */
export interface OpenSearchSettings extends BackedSettings {
  readonly serverless: boolean;
  readonly roleArn: string;
  /** By what its requests are routed: a URL or the ARN of a domain. */
  readonly address: string;
  /** Without a path. */
  readonly url: string;
  /** What the role needs. @default - nothing that is known here */
  readonly right: { readonly action: string; readonly resource: string } | undefined;
  readonly index: string;
  /** Of documents in old versions. */
  readonly typeName: string | undefined;
  readonly rotation: IndexRotation;
  /** Whether documents get ids of Firehose's, or of the index's own. */
  readonly givesIds: boolean;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceDestinationConfiguration.html */
export const openSearchDefaults: BackedDefaults = {
  largestMegabytes: 100,
  megabytes: 5,
  longestSeconds: 900,
  seconds: 300,
  retrySeconds: 300,
  backupModes: ['FailedDocumentsOnly', 'AllDocuments'],
};

const common = [
  'BufferingHints',
  'CloudWatchLoggingOptions',
  'IndexName',
  'ProcessingConfiguration',
  'RetryOptions',
  'RoleARN',
  'S3BackupMode',
  'S3Configuration',
] as const;

/** @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented */
export function openSearchSettings(configuration: OpenSearchConfiguration): OpenSearchSettings {
  const path = 'amazonopensearchserviceDestinationConfiguration';
  acceptOnly(
    'CreateDeliveryStream.AmazonopensearchserviceDestinationConfiguration',
    configuration,
    [
      ...common,
      'ClusterEndpoint',
      'DocumentIdOptions',
      'DomainARN',
      'IndexRotationPeriod',
      'TypeName',
    ],
  );
  const { ClusterEndpoint: endpoint, DomainARN: domainArn, IndexName: index } = configuration;
  const { IndexRotationPeriod: rotation = 'OneDay' } = configuration;
  const ids = configuration.DocumentIdOptions?.DefaultDocumentIdFormat ?? 'FIREHOSE_DEFAULT';
  new Constraints('ValidationException')
    .length(`${path}.indexName`, index, 1, 80)
    .length(`${path}.typeName`, configuration.TypeName, 0, 100)
    .pattern(`${path}.clusterEndpoint`, endpoint, 'https:.*')
    .pattern(
      `${path}.domainARN`,
      domainArn,
      'arn:.*:es:[a-zA-Z0-9\\-]+:\\d{12}:domain/[a-z][-0-9a-z]{2,27}',
    )
    .oneOf(`${path}.indexRotationPeriod`, rotation, indexRotations)
    .oneOf(`${path}.documentIdOptions.defaultDocumentIdFormat`, ids, [
      'FIREHOSE_DEFAULT',
      'NO_DOCUMENT_ID',
    ])
    .check();
  if ((endpoint === undefined) === (domainArn === undefined))
    throw invalidArgument('Exactly one of DomainARN and ClusterEndpoint must be specified.');
  return {
    ...backedSettings(configuration, path, openSearchDefaults),
    serverless: false,
    roleArn: configuration.RoleARN,
    address: domainArn ?? endpoint ?? '',
    url: endpoint?.replace(/\/+$/, '') ?? domainUrl(domainArn ?? ''),
    right:
      domainArn === undefined
        ? undefined
        : { action: 'es:ESHttpPost', resource: `${domainArn}/_bulk` },
    index,
    typeName: configuration.TypeName || undefined,
    rotation,
    givesIds: ids === 'FIREHOSE_DEFAULT',
  };
}

/** @throws ServiceError ValidationException, InvalidArgumentException, NotImplemented */
export function serverlessSettings(configuration: ServerlessConfiguration): OpenSearchSettings {
  const path = 'amazonOpenSearchServerlessDestinationConfiguration';
  acceptOnly(
    'CreateDeliveryStream.AmazonOpenSearchServerlessDestinationConfiguration',
    configuration,
    [...common, 'CollectionEndpoint'],
  );
  const { CollectionEndpoint: endpoint, IndexName: index } = configuration;
  new Constraints('ValidationException')
    .length(`${path}.indexName`, index, 1, 80)
    .pattern(`${path}.collectionEndpoint`, endpoint, 'https:.*')
    .check();
  if (endpoint === undefined) throw invalidArgument('CollectionEndpoint must be specified.');
  return {
    ...backedSettings(configuration, path, openSearchDefaults),
    serverless: true,
    roleArn: configuration.RoleARN,
    address: endpoint,
    url: endpoint.replace(/\/+$/, ''),
    right: undefined,
    index,
    typeName: undefined,
    rotation: 'NoRotation',
    // Collections of time series take no ids of documents.
    givesIds: false,
  };
}

/** Where a domain would be; AWS gives it a name with random characters. */
function domainUrl(arn: string): string {
  const [, , , region = '', , resource = ''] = arn.split(':');
  return `https://search-${resource.slice(resource.indexOf('/') + 1)}.${region}.es.amazonaws.com`;
}
