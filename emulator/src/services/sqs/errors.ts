import { ServiceError } from '../../protocol/errors';
import { validCharacters } from './message-text';

/** Not modelled by the SDK: a parameter whose value is out of range or of the wrong form. */
export function invalidParameterValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, {
    queryCode: 'InvalidParameterValue',
  });
}

/** {@link invalidParameterValue} in the wording that names value, parameter and reason. */
export function invalidValue(value: string | number, parameter: string, reason: string) {
  return invalidParameterValue(
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}

/** A parameter that belongs to the other type of queue. */
export function notForThisQueueType(value: string | number, parameter: string): ServiceError {
  return invalidValue(
    value,
    parameter,
    'The request include parameter that is not valid for this queue type.',
  );
}

/** A parameter that is required but absent or empty. */
export function missingParameter(parameter: string): ServiceError {
  return new ServiceError(
    'MissingRequiredParameterException',
    `The request must contain the parameter ${parameter}.`,
    { queryCode: 'MissingParameter' },
  );
}

/** The queue is not there (any more). */
export function queueDoesNotExist(): ServiceError {
  return new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.', {
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
    queryMessage: 'The specified queue does not exist for this wsdl version.',
  });
}

/** CreateQueue with a name that is taken by a queue with other attributes. */
export function queueNameExists(attribute: string): ServiceError {
  return new ServiceError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: 'QueueAlreadyExists' },
  );
}

/** CreateQueue within 60 seconds of deleting a queue of that name. */
export function queueDeletedRecently(): ServiceError {
  return new ServiceError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    { queryCode: 'AWS.SimpleQueueService.QueueDeletedRecently' },
  );
}

/** PurgeQueue within 60 seconds of the last one. */
export function purgeQueueInProgress(queueName: string): ServiceError {
  return new ServiceError(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    { queryCode: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403 },
  );
}

/** An attribute that the queue does not have. */
export function invalidAttributeName(
  attribute: string,
  message = `Unknown Attribute ${attribute}.`,
): ServiceError {
  return new ServiceError('InvalidAttributeName', message, { queryCode: 'InvalidAttributeName' });
}

/** An attribute's value that is out of range or of the wrong form. */
export function invalidAttributeValue(attribute: string, reason?: string): ServiceError {
  return new ServiceError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${attribute}.${reason ? ` Reason: ${reason}` : ''}`,
    { queryCode: 'InvalidAttributeValue' },
  );
}

/** A queue URL without account and name in its path. */
export function invalidAddress(url: string): ServiceError {
  return new ServiceError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, {
    queryCode: 'InvalidAddress',
    status: 404,
  });
}

/** A receipt handle that this queue never gave out. */
export function receiptHandleIsInvalid(handle: string): ServiceError {
  return new ServiceError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    { queryCode: 'ReceiptHandleIsInvalid', status: 404 },
  );
}

/** Too many messages in flight, too many permissions. */
export function overLimit(message: string): ServiceError {
  return new ServiceError('OverLimit', message, { queryCode: 'OverLimit', status: 403 });
}

/** Characters that a message must not contain. */
export function invalidMessageContents(): ServiceError {
  return new ServiceError(
    'InvalidMessageContents',
    `Invalid characters found. ${validCharacters}`,
    { queryCode: 'InvalidMessageContents' },
  );
}

/** Something that SQS itself refuses as unsupported. */
export function unsupportedOperation(message: string): ServiceError {
  return new ServiceError('UnsupportedOperation', message, {
    queryCode: 'AWS.SimpleQueueService.UnsupportedOperation',
  });
}

/** Too many requests a second. */
export function requestThrottled(): ServiceError {
  return new ServiceError('RequestThrottled', 'Request is throttled.', {
    queryCode: 'RequestThrottled',
    status: 403,
  });
}

/** A queue or task named by a message move task that is not there. */
export function resourceNotFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, {
    queryCode: 'ResourceNotFoundException',
    status: 404,
  });
}

/** An error about a batch as a whole; `code` is such as `EmptyBatchRequest`. */
export function batchError(code: string, message: string): ServiceError {
  return new ServiceError(code, message, { queryCode: `AWS.SimpleQueueService.${code}` });
}
