import { ServiceError } from '../../protocol/errors';

/** A parameter that EventBridge does not take. */
export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** A bus, rule or statement that is not there. */
export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

/** The bus of that name is not there. */
export function busNotFound(name: string): ServiceError {
  return notFound(`Event bus ${name} does not exist.`);
}

/** A name that is taken. */
export function alreadyExists(what: string): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', `${what} already exists.`);
}

/** More of something than EventBridge takes. */
export function limitExceeded(): ServiceError {
  return new ServiceError(
    'LimitExceededException',
    'The requested resource exceeds the maximum number allowed.',
  );
}

/** A pattern that does not compile. */
export function invalidPattern(reason: string): ServiceError {
  return new ServiceError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}`,
  );
}
