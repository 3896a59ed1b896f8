import { ServiceError } from '../../protocol/errors';

/** What EC2 Auto Scaling answers to a request that it does not take. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

export function groupNotFound(name: string): ServiceError {
  return validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
}

/** A name that is taken. */
export function alreadyExists(message: string): ServiceError {
  return new ServiceError('AlreadyExistsFault', message, { queryCode: 'AlreadyExists' });
}

/** A group that still has what has to go first. */
export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseFault', message, { queryCode: 'ResourceInUse' });
}

/** What has to wait until an activity or a cooldown is over. */
export function scalingActivityInProgress(message: string): ServiceError {
  return new ServiceError('ScalingActivityInProgressFault', message, {
    queryCode: 'ScalingActivityInProgress',
  });
}

/** More than an account or a group may have. */
export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededFault', message, { queryCode: 'LimitExceeded' });
}

/** A token that the service never gave out. */
export function invalidNextToken(): ServiceError {
  return new ServiceError('InvalidNextToken', 'The token is not valid.');
}
