import type { Rejection } from '../rejection';

/** What an AWS service says of an error. */
interface ServiceError extends Error {
  readonly $fault: 'client' | 'server';
}

/** True if the put's condition did not hold: the item is there already, or a newer one. */
export function isDuplicate(error: unknown): boolean {
  return isServiceError(error) && error.name === 'ConditionalCheckFailedException';
}

/**
 * Why an item can never be written, if the error is about the item; undefined if it is about the table.
 *
 * About the item is what DynamoDB finds invalid, its size above all, and an item collection that is full. A key that the item
 * lacks is not: the function has made sure that it has the keys that it was told of, so the table has others. That is a mistake of a
 * deployment, and no message is to be lost for it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function rejectionOf(error: unknown): Rejection | undefined {
  if (!isServiceError(error)) {
    return undefined;
  }
  const { name: errorName, message } = error;
  if (errorName === 'ItemCollectionSizeLimitExceededException') {
    return { reason: 'ConstraintViolation', message, errorName };
  }
  if (errorName !== 'ValidationException' || /Missing the key/.test(message)) {
    return undefined;
  }
  const isTooLarge = /^Item size has exceeded/.test(message);
  return { reason: isTooLarge ? 'ItemTooLarge' : 'InvalidValue', message, errorName };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && '$fault' in error;
}
