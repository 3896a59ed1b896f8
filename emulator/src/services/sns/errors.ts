import { ServiceError } from '../../protocol/errors';

/** A parameter that SNS does not take; `what` follows `Invalid parameter: `. */
export function invalidParameter(what: string): ServiceError {
  return new ServiceError('InvalidParameterException', `Invalid parameter: ${what}`);
}

/** A message attribute that SNS does not take: code `ParameterValueInvalid`. */
export function invalidParameterValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}

/** A topic, subscription, platform application or endpoint that is not there. */
export function notFound(what: string): ServiceError {
  return new ServiceError('NotFoundException', `${what} does not exist`);
}

/** What is asked of somebody else's subscription. */
export function authorizationError(message: string): ServiceError {
  return new ServiceError('AuthorizationErrorException', message);
}

/** An error about a batch as a whole; `code` is such as `EmptyBatchRequest`. */
export function batchError(code: string, message: string): ServiceError {
  return new ServiceError(`${code}Exception`, message);
}
