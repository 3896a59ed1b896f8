import { NotImplementedError, ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { CreateInput } from './api';
import type { ConfiguredDestination } from './delivery/destination-kind';
import { configuredDestination, destinationMembers } from './delivery/destination-kinds';
import type { DeliveryStream, StreamSourceSettings } from './delivery-stream';
import { encryptionKey } from './encryption';
import { invalidArgument } from './errors';
import type { DeliveryStreamAddress } from './names';
import { jqSyntaxError } from './processing/jq';
import { checkDestination, checkRoles, type RoleGiver } from './roles';
import type { FirehoseState } from './state';

/** A request for a delivery stream, of the API or of CloudFormation. */
export interface CreationRequest {
  readonly address: DeliveryStreamAddress;
  readonly input: Omit<CreateInput, 'DeliveryStreamName' | 'Tags'>;
  readonly tags: Readonly<Record<string, string>>;
  readonly giver: RoleGiver;
}

/** What Firehose does with a source stream. https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
const readerActions = ['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListShards'];

/**
 * Makes a delivery stream of what a request says.
 *
 * @throws ServiceError
 */
export async function createDeliveryStream(
  state: FirehoseState,
  { address, input, tags, giver }: CreationRequest,
  status: 'ACTIVE' | 'CREATING',
): Promise<DeliveryStream> {
  acceptOnly<CreateInput>('CreateDeliveryStream', { ...input, DeliveryStreamName: address.name }, [
    'DeliveryStreamEncryptionConfigurationInput',
    'DeliveryStreamName',
    'DeliveryStreamType',
    'DirectPutSourceConfiguration',
    'KinesisStreamSourceConfiguration',
    'Tags',
    ...destinationMembers,
  ]);
  const source = sourceOf(input);
  const destination = configuredDestination(input);
  await checkQuery(destination);
  const stream = state.create({ address, destination, source, tags }, status);
  try {
    const { authorize } = state.environment;
    checkDestination(authorize, stream, destination, giver);
    if (source) {
      checkRoles(authorize, stream, [source.roleArn], giver);
      checkSource(state, stream, source);
    }
    const { DeliveryStreamEncryptionConfigurationInput: encryption } = input;
    if (encryption)
      stream.encryption = {
        ...encryptionKey(state, stream, encryption, giver),
        status: 'ENABLED',
      };
  } catch (error) {
    state.remove(stream);
    throw error;
  }
  return stream;
}

/** @throws ServiceError InvalidArgumentException for a malformed query of JQ */
export async function checkQuery({ processing }: ConfiguredDestination): Promise<void> {
  const query = processing?.metadataQuery;
  if (query === undefined) return;
  const error = await jqSyntaxError(query);
  if (error !== undefined)
    throw invalidArgument(`MetadataExtractionQuery is not a valid JQ expression: ${error}`);
}

function sourceOf(input: CreationRequest['input']): StreamSourceSettings | undefined {
  const {
    DeliveryStreamType: type = 'DirectPut',
    DirectPutSourceConfiguration: directPut,
    KinesisStreamSourceConfiguration: kinesis,
  } = input;
  if (type === 'DirectPut') {
    if (kinesis)
      throw invalidArgument(
        'KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type.',
      );
    // It informs AWS of what will come, and changes no limit.
    new Constraints('ValidationException')
      .range(
        'directPutSourceConfiguration.throughputHintInMBs',
        directPut?.ThroughputHintInMBs,
        1,
        100,
      )
      .check();
    return undefined;
  }
  if (type !== 'KinesisStreamAsSource')
    throw new NotImplementedError(`the DeliveryStreamType ${type}`);
  if (directPut)
    throw invalidArgument(
      'DirectPutSourceConfiguration is only applicable for DirectPut stream type.',
    );
  if (!kinesis)
    throw invalidArgument(
      'KinesisSourceStreamConfig must be specified for KinesisStreamAsSource stream type.',
    );
  return { streamArn: kinesis.KinesisStreamARN, roleArn: kinesis.RoleARN };
}

/** @throws ServiceError InvalidArgumentException if there is no such stream, or the role may not read it */
function checkSource(
  { environment, ports }: FirehoseState,
  stream: DeliveryStream,
  { roleArn, streamArn }: StreamSourceSettings,
): void {
  if (streamArn.includes('/consumer/') || !ports.streams.exists(streamArn))
    throw invalidArgument(`Kinesis stream ${streamArn} not found.`);
  const caller = stream.assumeRole(roleArn);
  for (const name of readerActions)
    try {
      environment.authorize({ caller, action: `kinesis:${name}`, resource: streamArn });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw invalidArgument(
        `Role ${roleArn} is not authorized to perform: kinesis:${name} on resource ${streamArn}.`,
      );
    }
}
