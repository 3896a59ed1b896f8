import { NotImplementedError } from '../../../protocol/errors';
import type { CreateInput, UpdateInput } from '../api';
import { invalidArgument } from '../errors';
import { httpEndpointDestination } from '../http-endpoint/http-endpoint-kind';
import { openSearchDestination, serverlessDestination } from '../opensearch/opensearch-kinds';
import { redshiftDestination } from '../redshift/redshift-kind';
import { extendedS3Destination, plainS3Destination } from '../s3-delivery/s3-destination-kind';
import { splunkDestination } from '../splunk/splunk-kind';
import type { ConfiguredDestination, DestinationKind, DestinationMember } from './destination-kind';

/** Every kind that the emulator has. */
const kinds: readonly DestinationKind[] = [
  extendedS3Destination,
  plainS3Destination,
  httpEndpointDestination,
  openSearchDestination,
  serverlessDestination,
  splunkDestination,
  redshiftDestination,
];

/** Members of UpdateDestination that change destinations, of every kind that AWS has. */
export const updateMembers = [
  'AmazonOpenSearchServerlessDestinationUpdate',
  'AmazonopensearchserviceDestinationUpdate',
  'ElasticsearchDestinationUpdate',
  'ExtendedS3DestinationUpdate',
  'HttpEndpointDestinationUpdate',
  'IcebergDestinationUpdate',
  'RedshiftDestinationUpdate',
  'S3DestinationUpdate',
  'SnowflakeDestinationUpdate',
  'SplunkDestinationUpdate',
] as const satisfies readonly (keyof UpdateInput)[];

/** Members of CreateDeliveryStream that configure destinations, of every kind that AWS has. */
export const destinationMembers: readonly DestinationMember[] = [
  'AmazonOpenSearchServerlessDestinationConfiguration',
  'AmazonopensearchserviceDestinationConfiguration',
  'ElasticsearchDestinationConfiguration',
  'ExtendedS3DestinationConfiguration',
  'HttpEndpointDestinationConfiguration',
  'IcebergDestinationConfiguration',
  'RedshiftDestinationConfiguration',
  'S3DestinationConfiguration',
  'SnowflakeDestinationConfiguration',
  'SplunkDestinationConfiguration',
];

/** Names of the members that configure the kinds that the emulator has. */
export const supportedDestinations: readonly DestinationMember[] = kinds.map(
  ({ member }) => member,
);

/**
 * The one destination of a request.
 *
 * @throws ServiceError InvalidArgumentException for none or several, NotImplemented for a kind that the emulator does not have
 */
export function configuredDestination(
  input: Pick<CreateInput, DestinationMember>,
): ConfiguredDestination {
  const given = destinationMembers.filter((member) => input[member] !== undefined);
  if (given.length !== 1)
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  for (const kind of kinds) {
    const configured = kind.configured(input);
    if (configured) return configured;
  }
  throw new NotImplementedError(`parameter ${given[0]} of CreateDeliveryStream`);
}
