import type { Timer } from '../../clock/clock';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export type TargetState = 'draining' | 'healthy' | 'initial' | 'unhealthy' | 'unused';

/** Why a target is not healthy. */
export type TargetReason =
  | 'Elb.InitialHealthChecking'
  | 'Target.DeregistrationInProgress'
  | 'Target.FailedHealthChecks'
  | 'Target.InvalidState'
  | 'Target.NotInUse'
  | 'Target.ResponseCodeMismatch'
  | 'Target.Timeout';

/** An instance that is registered with a target group on a port. */
export interface Target {
  readonly instanceId: string;
  readonly port: number;
  readonly zone: string;
  state: TargetState;
  reason: TargetReason | undefined;
  description: string | undefined;
  /** How many health checks in a row have passed or failed. */
  passed: number;
  failed: number;
  /** Requests that it has not answered yet. */
  inFlight: number;
  /** Its next health check, or the end of its draining. */
  timer: Timer | undefined;
}

export function newTarget(instanceId: string, port: number, zone: string): Target {
  return {
    instanceId,
    port,
    zone,
    state: 'unused',
    reason: 'Target.NotInUse',
    description: 'Target group is not configured to receive traffic from the load balancer',
    passed: 0,
    failed: 0,
    inFlight: 0,
    timer: undefined,
  };
}
