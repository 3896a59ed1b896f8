import { ServiceError } from '../../protocol/errors';

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html

/** A value that Elastic Load Balancing refuses. */
export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

export function loadBalancerNotFound(arn: string): ServiceError {
  return new ServiceError('LoadBalancerNotFoundException', `Load balancer '${arn}' not found`);
}

export function targetGroupNotFound(arn: string): ServiceError {
  return new ServiceError('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
}

export function subnetNotFound(id: string): ServiceError {
  return new ServiceError('SubnetNotFoundException', `The subnet ID '${id}' does not exist`);
}

/** A load balancer stays in the VPC that it was created in. */
export function notInOneVpc(): ServiceError {
  return new ServiceError(
    'InvalidSubnetException',
    'All subnets of a load balancer must be in one VPC',
  );
}

export function securityGroupNotFound(id: string): ServiceError {
  return new ServiceError(
    'InvalidSecurityGroupException',
    `The security group '${id}' does not exist`,
  );
}

export function listenerNotFound(arn: string): ServiceError {
  return new ServiceError('ListenerNotFoundException', `Listener '${arn}' not found`);
}

export function ruleNotFound(arn: string): ServiceError {
  return new ServiceError('RuleNotFoundException', `Rule '${arn}' not found`);
}
