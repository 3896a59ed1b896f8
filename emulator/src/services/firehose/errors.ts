import { ServiceError } from '../../protocol/errors';
import type { DeliveryStreamAddress } from './names';

/** A value that makes no sense, or not together with the others. */
export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

export function notFound({ name, account }: DeliveryStreamAddress): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Firehose ${name} under account ${account} not found.`,
  );
}

/** Something that is there already, or in a state in which this cannot be done. */
export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

/** What producers are told that are too fast, in the answers of PutRecordBatch too. */
export const throttledText = 'Slow down.';

export function throttled(): ServiceError {
  return new ServiceError('ServiceUnavailableException', throttledText, { status: 503 });
}
