import { ServiceError } from '../../protocol/errors';

/** EFS says its codes twice: as the error's name, and in a member. */
function error(
  ErrorCode: string,
  status: number,
  message: string,
  members: Readonly<Record<string, string>> = {},
): ServiceError {
  return new ServiceError(ErrorCode, message, { status, members: { ErrorCode, ...members } });
}

/** A value that EFS refuses. */
export function badRequest(message: string): ServiceError {
  return error('BadRequest', 400, message);
}

export function fileSystemNotFound(id: string): ServiceError {
  return error('FileSystemNotFound', 404, `File system '${id}' does not exist.`);
}

export function mountTargetNotFound(id: string): ServiceError {
  return error('MountTargetNotFound', 404, `Mount target '${id}' does not exist.`);
}

export function accessPointNotFound(id: string): ServiceError {
  return error('AccessPointNotFound', 404, `Access point '${id}' does not exist.`);
}

/** There is neither a policy nor a setting of that kind. */
export function policyNotFound(message: string): ServiceError {
  return error('PolicyNotFound', 404, message);
}

export function fileSystemAlreadyExists(id: string, token: string): ServiceError {
  return error(
    'FileSystemAlreadyExists',
    409,
    `File system '${id}' already exists with creation token '${token}'`,
    { FileSystemId: id },
  );
}

export function accessPointAlreadyExists(id: string, token: string): ServiceError {
  return error(
    'AccessPointAlreadyExists',
    409,
    `Access point '${id}' already exists with client token '${token}'`,
    { AccessPointId: id },
  );
}

/** Mount targets have to go before their file system. */
export function fileSystemInUse(id: string): ServiceError {
  return error('FileSystemInUse', 409, `File system '${id}' has mount targets.`);
}

export function wrongFileSystemState(id: string, state: string): ServiceError {
  return error(
    'IncorrectFileSystemLifeCycleState',
    409,
    `File system '${id}' is in the wrong state for this request: ${state}`,
  );
}

export function wrongMountTargetState(id: string, state: string): ServiceError {
  return error(
    'IncorrectMountTargetState',
    409,
    `Mount target '${id}' is in the wrong state for this request: ${state}`,
  );
}

export function mountTargetConflict(message: string): ServiceError {
  return error('MountTargetConflict', 409, message);
}

export function addressInUse(address: string): ServiceError {
  return error('IpAddressInUse', 409, `IP address '${address}' is already in use.`);
}

export function subnetNotFound(id: string): ServiceError {
  return error('SubnetNotFound', 400, `The subnet ID '${id}' does not exist`);
}

export function securityGroupNotFound(id: string): ServiceError {
  return error('SecurityGroupNotFound', 400, `The security group '${id}' does not exist`);
}

export function tooManySecurityGroups(limit: number): ServiceError {
  return error(
    'SecurityGroupLimitExceeded',
    400,
    `The maximum number of security groups per mount target is ${limit}.`,
  );
}

export function accessPointLimitExceeded(limit: number): ServiceError {
  return error(
    'AccessPointLimitExceeded',
    403,
    `The maximum number of access points per file system is ${limit}.`,
  );
}

export function unsupportedZone(name: string): ServiceError {
  return error(
    'UnsupportedAvailabilityZone',
    400,
    `The Availability Zone '${name}' is not supported.`,
  );
}

export function zonesMismatch(): ServiceError {
  return error(
    'AvailabilityZonesMismatch',
    400,
    'The subnet of a mount target must be in the Availability Zone of its One Zone file system.',
  );
}

export function invalidPolicy(message: string): ServiceError {
  return error('InvalidPolicyException', 400, message);
}

/** Throughput may be lowered, and its mode changed, once a day. */
export function tooManyRequests(): ServiceError {
  return error(
    'TooManyRequests',
    429,
    'You can decrease provisioned throughput or change the throughput mode only 24 hours after the last decrease or change.',
  );
}
