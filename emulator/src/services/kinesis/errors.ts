import { ServiceError } from '../../protocol/errors';
import type { StreamAddress } from './names';

/** A stream, shard, consumer or policy that is not there. */
export function resourceNotFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

export function streamNotFound({ name, account }: StreamAddress): ServiceError {
  return resourceNotFound(`Stream ${name} under account ${account} not found.`);
}

/** A value that is well-formed and makes no sense. */
export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

/** Something that is there already, or in a state in which this cannot be done. */
export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

/** A list's token that Kinesis never gave out. */
export function invalidNextToken(): ServiceError {
  return invalidArgument('NextToken is invalid.');
}

/** The text of a ProvisionedThroughputExceededException, also in the answers of PutRecords. */
export function rateExceededText(shardId: string, { name, account }: StreamAddress): string {
  return `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`;
}

export function rateExceeded(shardId: string, address: StreamAddress): ServiceError {
  return new ServiceError(
    'ProvisionedThroughputExceededException',
    rateExceededText(shardId, address),
  );
}
