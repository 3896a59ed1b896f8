import { ServiceError } from '../../protocol/errors';

/** What CloudWatch answers to an alarm or a query that it does not take. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** A value that a parameter may not have. */
export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}

/** Parameters that may not be given together. */
export function invalidCombination(message: string): ServiceError {
  return new ServiceError('InvalidParameterCombinationException', message);
}

/** A token that the service never gave out. */
export function invalidToken(): ServiceError {
  return new ServiceError('InvalidNextToken', 'The next token specified is invalid.');
}
