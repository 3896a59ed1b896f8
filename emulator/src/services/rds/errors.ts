import { ServiceError } from '../../protocol/errors';

export function instanceNotFound(id: string): ServiceError {
  return new ServiceError('DBInstanceNotFoundFault', `DBInstance ${id} not found.`);
}

export function clusterNotFound(id: string): ServiceError {
  return new ServiceError('DBClusterNotFoundFault', `DBCluster ${id} not found.`);
}

export function instanceState(message: string): ServiceError {
  return new ServiceError('InvalidDBInstanceStateFault', message);
}

export function clusterState(message: string): ServiceError {
  return new ServiceError('InvalidDBClusterStateFault', message);
}

export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}

export function invalidCombination(message: string): ServiceError {
  return new ServiceError('InvalidParameterCombination', message);
}
