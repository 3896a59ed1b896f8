import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { CreateInput } from './api';
import { configuredDestination, destinationMembers } from './delivery/destination-kinds';
import type { DeliveryStream } from './delivery-stream';
import type { DeliveryStreamAddress } from './names';
import { checkDestination, type RoleGiver } from './roles';
import type { FirehoseState } from './state';

/** A request for a delivery stream, of the API or of CloudFormation. */
export interface CreationRequest {
  readonly address: DeliveryStreamAddress;
  readonly input: Omit<CreateInput, 'DeliveryStreamName' | 'Tags'>;
  readonly tags: Readonly<Record<string, string>>;
  readonly giver: RoleGiver;
}

/**
 * Makes a delivery stream of what a request says.
 *
 * @throws ServiceError
 */
export function createDeliveryStream(
  state: FirehoseState,
  { address, input, tags, giver }: CreationRequest,
  status: 'ACTIVE' | 'CREATING',
): DeliveryStream {
  acceptOnly<CreateInput>('CreateDeliveryStream', { ...input, DeliveryStreamName: address.name }, [
    'DeliveryStreamName',
    'DeliveryStreamType',
    'Tags',
    ...destinationMembers,
  ]);
  const { DeliveryStreamType: type = 'DirectPut' } = input;
  if (type !== 'DirectPut') throw new NotImplementedError(`the DeliveryStreamType ${type}`);
  const destination = configuredDestination(input);
  const stream = state.create({ address, destination, source: undefined, tags }, status);
  try {
    checkDestination(state.environment.authorize, stream, destination, giver);
  } catch (error) {
    state.remove(stream);
    throw error;
  }
  return stream;
}
