import type { Timer } from '../../clock/clock';
import { Activities } from './activity';
import { GroupMetrics, type GroupMetricsOptions } from './group-metrics';
import type { GroupSettings } from './group-settings';
import type { LifecycleHook } from './lifecycle-hook';
import { isLeaving, isPending, type Member } from './member';
import { type GroupAddress, groupArn } from './names';
import { SuspendedProcesses } from './processes';
import type { ScalingPolicy } from './scaling-policy';
import type { ScheduledAction } from './scheduled-action';

/** A tag of a group. */
export interface GroupTag {
  readonly value: string;
  /** Whether instances get it, too. */
  readonly propagate: boolean;
}

/** Why a group's desired capacity has changed. */
export interface CapacityChange {
  /** In AWS's words, such as `At … a user request explicitly set group desired capacity changing …`. */
  readonly cause: string;
  readonly byPolicy: boolean;
}

/** An Auto Scaling group: what it is told, what it has, and what is under way. */
export class Group {
  readonly arn: string;
  readonly members = new Map<string, Member>();
  readonly hooks = new Map<string, LifecycleHook>();
  readonly policies = new Map<string, ScalingPolicy>();
  readonly scheduledActions = new Map<string, ScheduledAction>();
  /** Types of notifications by the topic that gets them. */
  readonly notifications = new Map<string, Set<string>>();
  readonly tags = new Map<string, GroupTag>();
  readonly suspended = new SuspendedProcesses();
  readonly activities = new Activities();
  readonly metrics: GroupMetrics;
  /** Why it is to be larger or smaller, until it is. */
  change: CapacityChange | undefined;
  /** Unhealthy instances that have gone and not been replaced yet. */
  replacements = 0;
  /** One that is in service beyond the desired capacity, so that another can go from a zone that has too many. */
  surplus = 0;
  cooldownUntil = 0;
  /** Milliseconds that the cooldown under way starts again with, whenever an instance has come or gone. */
  cooldown = 0;
  /** When launching is tried again after it has failed, and how often it has. */
  retryAt = 0;
  failures = 0;
  /** Wakes it to try again what has failed. */
  timer: Timer | undefined;
  /** Something has changed that nobody has looked at yet. */
  unseen = false;
  /** Whether instances come and go without emulated time, as they do in a deployment. */
  atOnce = false;
  /** Whether an update replaces its instances: nothing else takes any out meanwhile. */
  rolling = false;
  /** Being deleted, as soon as its instances are gone. */
  deleting = false;
  deleted = false;
  /** Told whenever an instance has come, gone or changed. */
  readonly whenChanged = new Set<() => void>();

  constructor(
    readonly address: GroupAddress,
    public settings: GroupSettings,
    public desired: number,
    readonly createdAt: number,
    metrics: Omit<GroupMetricsOptions, 'gauges' | 'place' | 'groupName'>,
  ) {
    this.arn = groupArn(address);
    this.metrics = new GroupMetrics({
      ...metrics,
      place: address,
      groupName: address.name,
      gauges: () => this.gauges(),
    });
  }

  get name(): string {
    return this.address.name;
  }

  /** In the order in which they came. */
  get all(): Member[] {
    return [...this.members.values()];
  }

  /** Those that count towards the desired capacity. */
  get counting(): Member[] {
    return this.all.filter((member) => member.counts);
  }

  get zoneNames(): string[] {
    return this.settings.zones.map(({ name }) => name);
  }

  /** Milliseconds for which an instance is warming up after it has come into service. */
  warmup(policy: ScalingPolicy): number {
    const { cooldown, instanceWarmup } = this.settings;
    return (policy.estimatedWarmup ?? instanceWarmup ?? cooldown) * 1000;
  }

  /** Those that a policy has to take as not there yet: on their way, or warming up. */
  warming(policy: ScalingPolicy, now: number): Member[] {
    const warmup = this.warmup(policy);
    const always = this.settings.instanceWarmup !== undefined;
    return this.counting.filter(
      (member) =>
        (always || member.startedByPolicy) &&
        (member.inServiceAt === undefined || now < member.inServiceAt + warmup),
    );
  }

  private gauges() {
    const members = this.all;
    return {
      GroupMinSize: this.settings.minSize,
      GroupMaxSize: this.settings.maxSize,
      GroupDesiredCapacity: this.desired,
      GroupInServiceInstances: members.filter(({ inService }) => inService).length,
      GroupPendingInstances: members.filter(({ state }) => isPending(state)).length,
      GroupStandbyInstances: members.filter(({ state }) => state === 'Standby').length,
      GroupTerminatingInstances: members.filter(({ state }) => isLeaving(state)).length,
      GroupTotalInstances: members.length,
    };
  }
}
