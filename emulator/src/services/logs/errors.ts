import { ServiceError } from '../../protocol/errors';

/** There is no such group, stream or policy. */
export function notFound(what: 'log group' | 'log stream' | 'metric filter'): ServiceError {
  return new ServiceError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

/** There is one of that name already. */
export function alreadyExists(what: 'log group' | 'log stream'): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

/** A value that CloudWatch Logs does not take. */
export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

/** A constraint of a member that does not hold. */
export function constraint(value: unknown, member: string, text: string): ServiceError {
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${text}`,
  );
}

/** A quota of CloudWatch Logs that is reached. */
export function limitExceeded(): ServiceError {
  return new ServiceError('LimitExceededException', 'Resource limit exceeded.');
}
