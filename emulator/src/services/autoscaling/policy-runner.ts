import type { Clock } from '../../clock/clock';
import { adjusted, stepFor } from './adjustment';
import type { Capacity } from './capacity';
import { scalingActivityInProgress, validationError } from './errors';
import type { Group } from './group';
import { isLeaving, isPending } from './member';
import type { ScalingPolicy, SimplePolicy, StepPolicy, TrackingPolicy } from './scaling-policy';
import type { TargetTracking } from './target-tracking';

/** What a policy is run for. */
export interface PolicyTrigger {
  /** Undefined if somebody has asked for it. */
  readonly alarm: { readonly name: string; readonly state: string } | undefined;
  /** The latest value of the alarm's metric. */
  readonly value: number | undefined;
  readonly threshold: number | undefined;
  readonly honorCooldown: boolean;
}

/**
 * Runs dynamic scaling policies.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-based-on-demand.html
 */
export class PolicyRunner {
  constructor(
    private readonly clock: Clock,
    private readonly capacity: Capacity,
    private readonly tracking: TargetTracking,
  ) {}

  /**
   * @throws ValidationError where a step policy is not told a value and a threshold;
   *   ScalingActivityInProgressFault for a request that honors a cooldown
   */
  run(group: Group, policy: ScalingPolicy, trigger: PolicyTrigger): void {
    const { alarm } = trigger;
    if (alarm && (group.suspended.has('AlarmNotification') || !policy.enabled)) return;
    const { rule } = policy;
    const reason = alarm
      ? `a monitor alarm ${alarm.name} in state ${alarm.state} triggered policy ${policy.name}`
      : `a user request executed policy ${policy.name}`;
    switch (rule.type) {
      case 'SimpleScaling':
        this.simple(group, rule, trigger, reason);
        break;
      case 'StepScaling':
        this.step(group, policy, rule, trigger, reason);
        break;
      case 'TargetTrackingScaling':
        this.track(group, policy, rule, trigger, reason);
    }
  }

  private simple(group: Group, rule: SimplePolicy, trigger: PolicyTrigger, reason: string): void {
    const now = this.clock.now();
    const waits = now < group.cooldownUntil || this.isBusy(group);
    if (waits && trigger.alarm) return;
    if (waits && trigger.honorCooldown)
      throw scalingActivityInProgress(
        `You cannot execute a policy while a scaling activity or the cooldown of group ${group.name} is in progress.`,
      );
    const { adjustment, adjustmentType, minMagnitude } = rule;
    const desired = adjusted(group.desired, adjustmentType, adjustment, minMagnitude);
    if (!this.capacity.change(group, desired, reason, { byPolicy: true })) return;
    group.cooldown = (rule.cooldown ?? group.settings.cooldown) * 1000;
    group.cooldownUntil = now + group.cooldown;
  }

  private step(
    group: Group,
    policy: ScalingPolicy,
    rule: StepPolicy,
    { threshold, value }: PolicyTrigger,
    reason: string,
  ): void {
    if (value === undefined || threshold === undefined)
      throw validationError(
        'MetricValue and BreachThreshold must be specified for a step scaling policy.',
      );
    const step = stepFor(rule.steps, value - threshold);
    if (!step)
      throw validationError(
        `No StepAdjustment of policy ${policy.name} takes ${value} with a threshold of ${threshold}.`,
      );
    const { adjustmentType, minMagnitude } = rule;
    const adjust = (capacity: number) =>
      adjusted(capacity, adjustmentType, step.adjustment, minMagnitude);
    this.changeTowards(group, policy, adjust, reason);
  }

  private track(
    group: Group,
    policy: ScalingPolicy,
    rule: TrackingPolicy,
    { alarm, threshold, value }: PolicyTrigger,
    reason: string,
  ): void {
    if (!alarm || value === undefined || threshold === undefined)
      throw validationError('A target tracking policy can only be run by its own alarms.');
    const { TargetValue: target } = rule.tracking;
    const proportional = (capacity: number) => Math.ceil((Math.max(1, capacity) * value) / target);
    if (alarm.name === policy.alarms?.low) this.shrink(group, policy, proportional, reason);
    else this.changeTowards(group, policy, proportional, reason);
  }

  /** By a tenth, or one instance, a minute: AWS says that it scales in gradually, and small groups shrink so there. */
  private shrink(
    group: Group,
    policy: ScalingPolicy,
    wanted: (capacity: number) => number,
    reason: string,
  ): void {
    const { desired } = group;
    const warming = group.warming(policy, this.clock.now()).length;
    if (warming > 0 || !this.tracking.allWouldScaleIn(group)) return;
    const least = desired - Math.max(1, Math.floor(desired / 10));
    const into = Math.max(wanted(desired), least);
    if (into < desired) this.capacity.change(group, into, reason, { byPolicy: true });
  }

  /**
   * Goes to the capacity that a policy wants. What is on its way or warming up is not there yet when a policy scales
   * out, so that it is not added to again; nothing is taken away meanwhile. What is on its way out is still there when
   * it scales in.
   */
  private changeTowards(
    group: Group,
    policy: ScalingPolicy,
    wanted: (capacity: number) => number,
    reason: string,
  ): void {
    const warming = group.warming(policy, this.clock.now()).length;
    const out = wanted(Math.max(0, group.desired - warming));
    if (out > group.desired) {
      this.capacity.change(group, out, reason, { byPolicy: true });
      return;
    }
    const leaving = group.all.filter(({ state }) => isLeaving(state)).length;
    const into = wanted(group.desired + leaving);
    if (warming === 0 && into < group.desired)
      this.capacity.change(group, into, reason, { byPolicy: true });
  }

  private isBusy(group: Group): boolean {
    return (
      group.counting.length !== group.desired ||
      group.all.some(({ state }) => isPending(state) || isLeaving(state))
    );
  }
}
