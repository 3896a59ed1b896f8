import type { Activity } from './activity';
import type { HealthCheckType } from './health-checks';
import type { ResolvedTemplate } from './instance-fleet';

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export type LifecycleState =
  | 'Pending'
  | 'Pending:Wait'
  | 'Pending:Proceed'
  | 'InService'
  | 'Terminating'
  | 'Terminating:Wait'
  | 'Terminating:Proceed'
  | 'EnteringStandby'
  | 'Standby'
  | 'Detaching';

/** Whether an instance is on its way into its group. */
export function isPending(state: LifecycleState): boolean {
  return state.startsWith('Pending');
}

/** Whether an instance is on its way out of its group. */
export function isLeaving(state: LifecycleState): boolean {
  return state.startsWith('Terminating') || state === 'Detaching';
}

/** What is known of an instance when it comes into a group. */
export interface MemberOptions {
  readonly id: string;
  readonly zone: string;
  readonly subnetId: string | undefined;
  readonly instanceType: string;
  readonly template: ResolvedTemplate | undefined;
  readonly joinedAt: number;
  readonly protectedFromScaleIn: boolean;
  /** Whether a policy's scaling out has started it. */
  readonly startedByPolicy: boolean;
}

/** An instance of a group. */
export class Member {
  readonly id: string;
  readonly zone: string;
  readonly subnetId: string | undefined;
  readonly instanceType: string;
  readonly template: ResolvedTemplate | undefined;
  readonly joinedAt: number;
  readonly startedByPolicy: boolean;
  protectedFromScaleIn: boolean;
  state: LifecycleState = 'Pending';
  /** Why it is unhealthy, in the words of causes; undefined if it is healthy. */
  unhealthy: string | undefined;
  readonly failedChecks = new Set<HealthCheckType>();
  inServiceAt: number | undefined;
  /** Whether an update is about to replace it: what takes its place counts for the balance of zones. */
  outdated = false;
  /** What is being done to it. */
  activity: Activity | undefined;

  constructor(options: MemberOptions) {
    this.id = options.id;
    this.zone = options.zone;
    this.subnetId = options.subnetId;
    this.instanceType = options.instanceType;
    this.template = options.template;
    this.joinedAt = options.joinedAt;
    this.protectedFromScaleIn = options.protectedFromScaleIn;
    this.startedByPolicy = options.startedByPolicy;
  }

  /** Whether it counts towards the desired capacity. */
  get counts(): boolean {
    return !isLeaving(this.state) && this.state !== 'Standby' && this.state !== 'EnteringStandby';
  }

  get inService(): boolean {
    return this.state === 'InService';
  }
}
