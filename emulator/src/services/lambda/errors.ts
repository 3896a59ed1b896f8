import { ServiceError } from '../../protocol/errors';

/** There is no such function, version, mapping or policy. */
export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, {
    status: 404,
    members: { Type: 'User' },
  });
}

/** Something of that name is there already. */
export function conflict(message: string): ServiceError {
  return new ServiceError('ResourceConflictException', message, {
    status: 409,
    members: { Type: 'User' },
  });
}

/** A value that Lambda does not take. */
export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}

/** Why Lambda turns an invocation away. */
export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded';

/** Too many invocations at a time. */
export function throttled(reason: ThrottleReason): ServiceError {
  return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Reason: reason, Type: 'User' },
  });
}

/** The caller's idea of the current revision is an old one. */
export function revisionMismatch(): ServiceError {
  return new ServiceError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    { status: 412, members: { Type: 'User' } },
  );
}
