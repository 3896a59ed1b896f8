import { ServiceError } from '../../protocol/errors';
import type { ServiceEnvironment } from '../service';
import type { Activity } from './activity';
import type { Announcements } from './announcements';
import type { Group } from './group';
import type {
  FleetInstance,
  FleetInstanceState,
  InstanceFleet,
  LaunchRequest,
  ResolvedTemplate,
  TargetGroups,
} from './instance-fleet';
import type { LifecycleActions } from './lifecycle-actions';
import { isLeaving, isPending, Member } from './member';

/** What instances are started and ended with. */
export interface LifecycleSurroundings {
  readonly env: Pick<ServiceEnvironment, 'clock' | 'random'>;
  readonly fleet: InstanceFleet;
  readonly targetGroups: TargetGroups;
  readonly actions: LifecycleActions;
  readonly announcements: Announcements;
  /** Told whenever an instance has come, gone or changed. */
  readonly changed: (group: Group) => void;
}

/** What an instance is started for. */
export interface LaunchOptions {
  readonly zone: string;
  readonly cause: string;
  readonly byPolicy: boolean;
}

/**
 * Takes instances into groups and out of them, step by step.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export class InstanceLifecycle {
  constructor(private readonly surroundings: LifecycleSurroundings) {}

  /** Starts an instance in a zone. @returns whether EC2 has started it */
  launch(group: Group, { byPolicy, cause, zone }: LaunchOptions): boolean {
    const { env, fleet } = this.surroundings;
    const now = env.clock.now();
    const subnetId = this.subnetOf(group, zone);
    const activity = this.activity(group, 'Launching a new EC2 instance', cause, {
      ...(subnetId !== undefined && { 'Subnet ID': subnetId }),
      'Availability Zone': zone,
    });
    const place = group.address;
    const started = this.start(group, activity, { subnetId, zone });
    if (!started) return false;
    const { template } = started;
    group.metrics.touch(now);
    const member = new Member({
      ...started.instance,
      subnetId,
      template,
      joinedAt: now,
      protectedFromScaleIn: group.settings.protectNew,
      startedByPolicy: byPolicy,
    });
    member.activity = activity;
    group.members.set(member.id, member);
    fleet.setTargetState(place, member.id, 'InService');
    activity.description = `Launching a new EC2 instance: ${member.id}`;
    activity.status = 'PreInService';
    activity.progress = 30;
    // One that is started at once runs already.
    if (fleet.state(place, member.id) === 'running') this.instanceState(group, member, 'running');
    return true;
  }

  /** @returns what EC2 has started; undefined if it has refused */
  private start(
    group: Group,
    activity: Activity,
    { subnetId, zone }: Pick<LaunchRequest, 'subnetId' | 'zone'>,
  ): { instance: FleetInstance; template: ResolvedTemplate } | undefined {
    const { fleet } = this.surroundings;
    const { address: place, atOnce } = group;
    try {
      const template = fleet.template(place, group.settings.template);
      const tags = instanceTags(group);
      return {
        template,
        instance: fleet.launch({ place, template, subnetId, zone, tags, atOnce }),
      };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.failLaunch(group, activity, `${error.message} Launching EC2 instance failed.`, '');
      return undefined;
    }
  }

  /** Takes an instance that runs already into a group. */
  attach(group: Group, instance: FleetInstance, cause: string): void {
    const { clock } = this.surroundings.env;
    const activity = this.activity(
      group,
      `Attaching an existing EC2 instance: ${instance.id}`,
      cause,
      {
        'Availability Zone': instance.zone,
      },
    );
    group.metrics.touch(clock.now());
    const member = new Member({
      ...instance,
      subnetId: undefined,
      template: undefined,
      joinedAt: clock.now(),
      protectedFromScaleIn: group.settings.protectNew,
      startedByPolicy: false,
    });
    member.activity = activity;
    group.members.set(member.id, member);
    this.started(group, member);
  }

  /** EC2 says that an instance of a group has changed. */
  instanceState(group: Group, member: Member, state: FleetInstanceState): void {
    if (state === 'running') {
      if (member.state === 'Pending') this.started(group, member);
      return;
    }
    if (state === 'pending') return;
    if (isLeaving(member.state)) {
      if (member.state === 'Terminating:Proceed' && state === 'terminated')
        this.gone(group, member);
      return;
    }
    if (group.suspended.has('HealthCheck')) return;
    member.unhealthy ??= 'an EC2 health check indicating it has been terminated or stopped.';
    this.surroundings.changed(group);
  }

  /** Takes an instance out of its group and terminates it. */
  terminate(group: Group, member: Member, cause: string): void {
    const { actions, env, targetGroups } = this.surroundings;
    if (isLeaving(member.state)) return;
    const now = env.clock.now();
    group.metrics.touch(now);
    if (isPending(member.state) && member.activity) {
      actions.cancel(member);
      this.failLaunch(
        group,
        member.activity,
        'Instance became unhealthy while waiting for instance to be in InService state.',
        member.id,
      );
    }
    member.state = 'Terminating';
    this.surroundings.fleet.setTargetState(group.address, member.id, 'Terminated');
    member.activity = this.activity(group, `Terminating EC2 instance: ${member.id}`, cause, {
      ...(member.subnetId !== undefined && { 'Subnet ID': member.subnetId }),
      'Availability Zone': member.zone,
    });
    member.activity.progress = 50;
    const drained = Math.max(
      now,
      ...group.settings.targetGroupArns.map((arn) => targetGroups.deregister(arn, member.id)),
    );
    const proceed = () => {
      if (env.clock.now() >= drained) this.proceedTermination(group, member);
      else
        env.clock.at(drained, `connections of ${member.id} drain`, () =>
          this.proceedTermination(group, member),
        );
    };
    if (drained > now) member.activity.status = 'WaitingForELBConnectionDraining';
    if (!actions.begin(group, member, 'autoscaling:EC2_INSTANCE_TERMINATING', proceed)) {
      proceed();
      return;
    }
    member.state = 'Terminating:Wait';
    member.activity.status = 'MidLifecycleAction';
    this.surroundings.changed(group);
  }

  /** Takes an instance out of its group without terminating it. */
  detach(group: Group, member: Member, cause: string): Activity {
    const { actions, env, targetGroups } = this.surroundings;
    actions.cancel(member);
    group.metrics.touch(env.clock.now());
    const activity = this.activity(group, `Detaching EC2 instance: ${member.id}`, cause, {
      'Availability Zone': member.zone,
    });
    for (const arn of group.settings.targetGroupArns) targetGroups.deregister(arn, member.id);
    group.members.delete(member.id);
    this.surroundings.fleet.setTargetState(group.address, member.id, 'Detached');
    this.end(activity, 'Successful');
    this.surroundings.changed(group);
    return activity;
  }

  /** Moves an instance out of service for a while. */
  enterStandby(group: Group, member: Member, cause: string): Activity {
    const { env, targetGroups } = this.surroundings;
    group.metrics.touch(env.clock.now());
    const activity = this.activity(group, `Moving EC2 instance to Standby: ${member.id}`, cause, {
      'Availability Zone': member.zone,
    });
    for (const arn of group.settings.targetGroupArns) targetGroups.deregister(arn, member.id);
    member.state = 'Standby';
    this.surroundings.fleet.setTargetState(group.address, member.id, 'Standby');
    this.end(activity, 'Successful');
    this.surroundings.changed(group);
    return activity;
  }

  /** Moves an instance back into service. */
  exitStandby(group: Group, member: Member, cause: string): Activity {
    group.metrics.touch(this.surroundings.env.clock.now());
    const activity = this.activity(
      group,
      `Moving EC2 instance out of Standby: ${member.id}`,
      cause,
      { 'Availability Zone': member.zone },
    );
    member.activity = activity;
    member.state = 'Pending';
    this.surroundings.fleet.setTargetState(group.address, member.id, 'InService');
    this.started(group, member);
    return activity;
  }

  private activity(
    group: Group,
    description: string,
    cause: string,
    details: Readonly<Record<string, string>>,
  ): Activity {
    const { clock, random } = this.surroundings.env;
    return group.activities.add({
      id: random.stream(`autoscaling/${group.arn}/activities`).uuid(),
      start: clock.now(),
      cause,
      description,
      status: 'InProgress',
      statusMessage: undefined,
      progress: 0,
      end: undefined,
      details,
    });
  }

  private started(group: Group, member: Member): void {
    const { actions, changed } = this.surroundings;
    const held = actions.begin(group, member, 'autoscaling:EC2_INSTANCE_LAUNCHING', (result) => {
      if (result === 'CONTINUE') this.enterService(group, member);
      else this.abandon(group, member);
    });
    if (!held) {
      this.enterService(group, member);
      return;
    }
    group.metrics.touch(this.surroundings.env.clock.now());
    member.state = 'Pending:Wait';
    if (member.activity) {
      member.activity.status = 'MidLifecycleAction';
      member.activity.progress = 60;
    }
    changed(group);
  }

  private enterService(group: Group, member: Member): void {
    const { announcements, changed, env, targetGroups } = this.surroundings;
    const now = env.clock.now();
    group.metrics.touch(now);
    if (!group.suspended.has('AddToLoadBalancer'))
      for (const arn of group.settings.targetGroupArns) targetGroups.register(arn, member.id);
    member.state = 'InService';
    member.inServiceAt = now;
    group.failures = 0;
    group.retryAt = 0;
    const { activity } = member;
    if (activity) {
      this.end(activity, 'Successful');
      if (activity.description.startsWith('Launching'))
        announcements.activity(group, 'autoscaling:EC2_INSTANCE_LAUNCH', activity, member.id);
    }
    member.activity = undefined;
    group.cooldownUntil = Math.max(group.cooldownUntil, group.cooldown && now + group.cooldown);
    changed(group);
  }

  /** A hook has given up an instance that was to come. */
  private abandon(group: Group, member: Member): void {
    const { clock } = this.surroundings.env;
    const time = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    group.replacements += 1;
    this.terminate(
      group,
      member,
      `At ${time} an instance was taken out of service in response to a launch failure: its lifecycle action was abandoned.`,
    );
  }

  private proceedTermination(group: Group, member: Member): void {
    const { fleet, env } = this.surroundings;
    if (group.members.get(member.id) !== member) return;
    group.metrics.touch(env.clock.now());
    member.state = 'Terminating:Proceed';
    if (member.activity) {
      member.activity.status = 'InProgress';
      member.activity.progress = 75;
    }
    const place = group.address;
    fleet.terminate(place, member.id, group.atOnce);
    const state = fleet.state(place, member.id);
    if (state === undefined || state === 'terminated') this.gone(group, member);
    else this.surroundings.changed(group);
  }

  private gone(group: Group, member: Member): void {
    const { announcements, changed, env } = this.surroundings;
    if (!group.members.has(member.id)) return;
    const now = env.clock.now();
    group.metrics.touch(now);
    group.members.delete(member.id);
    if (member.activity) {
      this.end(member.activity, 'Successful');
      announcements.activity(
        group,
        'autoscaling:EC2_INSTANCE_TERMINATE',
        member.activity,
        member.id,
      );
    }
    group.cooldownUntil = Math.max(group.cooldownUntil, group.cooldown && now + group.cooldown);
    changed(group);
  }

  private failLaunch(group: Group, activity: Activity, message: string, instanceId: string): void {
    activity.statusMessage = message;
    this.end(activity, 'Failed');
    this.surroundings.announcements.activity(
      group,
      'autoscaling:EC2_INSTANCE_LAUNCH_ERROR',
      activity,
      instanceId,
    );
  }

  private end(activity: Activity, status: 'Failed' | 'Successful'): void {
    activity.status = status;
    activity.progress = 100;
    activity.end = this.surroundings.env.clock.now();
  }

  /** Subnets of a zone take turns. */
  private subnetOf(group: Group, zone: string): string | undefined {
    const subnets = group.settings.zones.find(({ name }) => name === zone)?.subnetIds ?? [];
    const counts = subnets.map(
      (id) => group.counting.filter(({ subnetId }) => subnetId === id).length,
    );
    return subnets[counts.indexOf(Math.min(...counts))];
  }
}

function instanceTags(group: Group): Record<string, string> {
  const own = [...group.tags].filter(([, { propagate }]) => propagate);
  return {
    ...Object.fromEntries(own.map(([key, { value }]) => [key, value])),
    'aws:autoscaling:groupName': group.name,
  };
}
