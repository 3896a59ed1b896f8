import { ServiceError } from '../../protocol/errors';

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

/** A value that EC2 refuses, whatever the parameter. */
export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}

/** A CIDR block that is none. */
export function invalidCidr(parameter: string, value: string): ServiceError {
  return invalidValue(
    `Value (${value}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );
}

/** What is still used by something else cannot be deleted. */
export function hasDependencies(kind: string, id: string): ServiceError {
  return new ServiceError(
    'DependencyViolation',
    `The ${kind} '${id}' has dependencies and cannot be deleted.`,
  );
}

/** The answer to `DryRun` where the call would have been allowed. */
export function dryRun(): ServiceError {
  return new ServiceError(
    'DryRunOperation',
    'Request would have succeeded, but DryRun flag is set.',
    { status: 412 },
  );
}
