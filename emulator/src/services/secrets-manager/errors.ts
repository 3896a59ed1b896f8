import { ServiceError } from '../../protocol/errors';

/** No secret of that name or ARN. */
export function secretNotFound(): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  );
}

/** The secret has no such version: `VersionId: x` or `staging label: AWSCURRENT`. */
export function valueNotFound(what: string): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );
}

/** The secret waits for its deletion. */
export function markedForDeletion(): ServiceError {
  return new ServiceError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message);
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError('ResourceExistsException', message);
}
