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

export function listenerNotFound(arn: string): ServiceError {
  return new ServiceError('ListenerNotFoundException', `Listener '${arn}' not found`);
}

export function ruleNotFound(arn: string): ServiceError {
  return new ServiceError('RuleNotFoundException', `Rule '${arn}' not found`);
}
