import type { Group } from './group';
import type { Place } from './names';
import type { ScalingPolicy } from './scaling-policy';
import { type TrackingQuery, trackingQueries } from './tracking-settings';

/** An alarm that a policy makes for itself. */
export interface TrackingAlarm {
  readonly name: string;
  readonly description: string;
  readonly queries: readonly TrackingQuery[];
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /** Minutes that are all to breach the threshold. */
  readonly evaluationPeriods: number;
  /** The policy. */
  readonly action: string;
}

/** CloudWatch alarms, as far as policies need them. */
export interface ScalingAlarms {
  /** Makes an alarm, or gives the one of that name other settings. @throws ServiceError what PutMetricAlarm does */
  put(place: Place, alarm: TrackingAlarm): void;
  delete(place: Place, name: string): void;
  /** Undefined if there is none. */
  state(place: Place, name: string): 'ALARM' | 'INSUFFICIENT_DATA' | 'OK' | undefined;
  /** The alarms that have a policy among their actions. */
  watching(
    place: Place,
    policyArn: string,
  ): readonly { readonly name: string; readonly arn: string }[];
}

/** AWS does not document it; this is what the alarms of groups have on AWS. */
const lowShare = 0.7;

/**
 * The two alarms of a target tracking policy: out after 3 minutes above the target, in after 15 minutes well below it.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export class TargetTracking {
  constructor(private readonly alarms: ScalingAlarms) {}

  /** Makes the alarms of a policy, if it follows a target. */
  start(group: Group, policy: ScalingPolicy): void {
    const { alarms, arn, enabled, rule } = policy;
    if (rule.type !== 'TargetTrackingScaling' || !alarms) return;
    const { DisableScaleIn: onlyOut = false, TargetValue: target } = rule.tracking;
    this.stop(group, policy);
    if (!enabled) return;
    const common = {
      description: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${arn}.`,
      queries: trackingQueries(rule.tracking),
      action: arn,
    };
    this.alarms.put(group.address, {
      ...common,
      name: alarms.high,
      comparison: 'GreaterThanThreshold',
      threshold: target,
      evaluationPeriods: 3,
    });
    if (onlyOut) return;
    this.alarms.put(group.address, {
      ...common,
      name: alarms.low,
      comparison: 'LessThanThreshold',
      threshold: target * lowShare,
      evaluationPeriods: 15,
    });
  }

  stop(group: Group, { alarms }: ScalingPolicy): void {
    if (!alarms) return;
    this.alarms.delete(group.address, alarms.high);
    this.alarms.delete(group.address, alarms.low);
  }

  /** Whether all policies of a group that may scale in would do so now: one that would not keeps the others from it. */
  allWouldScaleIn(group: Group): boolean {
    return [...group.policies.values()].every(({ alarms, enabled, rule }) => {
      if (rule.type !== 'TargetTrackingScaling' || !alarms || !enabled) return true;
      if (rule.tracking.DisableScaleIn) return true;
      return this.alarms.state(group.address, alarms.low) === 'ALARM';
    });
  }
}
