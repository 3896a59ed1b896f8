import type { Caller } from '../../iam/caller';
import { Regional, type ServiceEnvironment } from '../service';
import { Announcements, type Audience } from './announcements';
import { Capacity } from './capacity';
import { alreadyExists, groupNotFound, validationError } from './errors';
import { Group } from './group';
import type { GroupSettings } from './group-settings';
import { HealthChecks } from './health-checks';
import type { InstanceFleet, TargetGroups } from './instance-fleet';
import { InstanceLifecycle } from './instance-lifecycle';
import { LifecycleActions } from './lifecycle-actions';
import type { Member } from './member';
import { groupNameOf, type Place, parseArn } from './names';
import { PolicyRunner, type PolicyTrigger } from './policy-runner';
import type { ScalingPolicy } from './scaling-policy';
import { ScheduledRuns } from './scheduled-runs';
import { type ScalingAlarms, TargetTracking } from './target-tracking';

/** What EC2 Auto Scaling needs of other services. */
export interface AutoScalingOptions {
  readonly fleet: InstanceFleet;
  readonly targetGroups: TargetGroups;
  readonly alarms: ScalingAlarms;
  readonly audience: Audience;
}

/** The groups of an account in a region, by name. */
type Groups = Map<string, Group>;

/** All groups of all accounts and regions, and what keeps them going. */
export class AutoScalingState {
  readonly announcements: Announcements;
  readonly actions: LifecycleActions;
  readonly lifecycle: InstanceLifecycle;
  readonly capacity: Capacity;
  readonly tracking: TargetTracking;
  readonly policies: PolicyRunner;
  readonly scheduledRuns: ScheduledRuns;
  private readonly regions = new Regional<Groups>(() => new Map());

  constructor(
    readonly env: ServiceEnvironment,
    readonly options: AutoScalingOptions,
  ) {
    const { clock, random } = env;
    const { alarms, audience, fleet, targetGroups } = options;
    this.announcements = new Announcements(env, audience);
    this.actions = new LifecycleActions(clock, random, this.announcements);
    this.lifecycle = new InstanceLifecycle({
      env,
      fleet,
      targetGroups,
      actions: this.actions,
      announcements: this.announcements,
      changed: (group) => this.capacity.wake(group),
    });
    this.capacity = new Capacity(clock, fleet, this.lifecycle);
    this.tracking = new TargetTracking(alarms);
    this.policies = new PolicyRunner(clock, this.capacity, this.tracking);
    this.scheduledRuns = new ScheduledRuns(clock, this.capacity);
    fleet.onState((place, instanceId, state) => {
      const found = this.findMember(place, instanceId);
      if (found) this.lifecycle.instanceState(found.group, found.member, state);
    });
    const health = new HealthChecks(clock, this.capacity);
    fleet.onStatus((place, instanceId, passes) => {
      const found = this.findMember(place, instanceId);
      if (found) health.report(found.group, found.member, 'EC2', passes);
    });
    targetGroups.onHealth((arn, instanceId, passes) => {
      const [, , , region = '', account = ''] = arn.split(':');
      const found = this.findMember({ account, region }, instanceId);
      if (found) health.report(found.group, found.member, 'ELB', passes);
    });
    env.metrics.onRead((now) => {
      for (const group of this.all()) group.metrics.touch(now);
    });
  }

  all(): Group[] {
    return this.regions.all().flatMap((groups) => [...groups.values()]);
  }

  /** In the order of their names. */
  list({ account, region }: Place): Group[] {
    return [...this.regions.in(account, region).values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  }

  find({ account, region }: Place, nameOrArn: string): Group | undefined {
    return this.regions.in(account, region).get(groupNameOf(nameOrArn));
  }

  /** @throws ValidationError */
  get(place: Place, nameOrArn: string): Group {
    const group = this.find(place, nameOrArn);
    if (!group) throw groupNotFound(nameOrArn);
    return group;
  }

  findMember(place: Place, instanceId: string): { group: Group; member: Member } | undefined {
    for (const group of this.regions.in(place.account, place.region).values()) {
      const member = group.members.get(instanceId);
      if (member) return { group, member };
    }
    return undefined;
  }

  /** @throws ValidationError */
  getMember(place: Place, instanceId: string): { group: Group; member: Member } {
    const found = this.findMember(place, instanceId);
    if (!found)
      throw validationError(
        `Instance Id not found - No managed instance found for instance ID ${instanceId}`,
      );
    return found;
  }

  /** The policy of that ARN, or of that name in a group. @throws ValidationError */
  policy(place: Place, nameOrArn: string, groupName: string | undefined) {
    const arn = parseArn(nameOrArn);
    const group = this.find(place, arn?.group ?? groupName ?? '');
    const policy = group?.policies.get(arn?.policy ?? nameOrArn);
    if (!group || !policy || (arn && policy.arn !== nameOrArn))
      throw validationError(`PolicyName or PolicyArn not found - ${nameOrArn}`);
    return { group, policy };
  }

  /** Adds a group without instances. @throws AlreadyExists */
  add(place: Place, name: string, settings: GroupSettings): Group {
    const groups = this.regions.in(place.account, place.region);
    if (groups.has(name))
      throw alreadyExists(
        `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
      );
    const { clock, metrics, random } = this.env;
    const uuid = random.stream(`autoscaling/${place.account}/${place.region}/groups`).uuid();
    const group = new Group({ ...place, name, uuid }, settings, 0, clock.now(), { sink: metrics });
    groups.set(name, group);
    return group;
  }

  /** Forgets a group; its instances are left. */
  forget(group: Group): void {
    group.deleted = true;
    group.timer?.cancel();
    for (const policy of group.policies.values()) this.tracking.stop(group, policy);
    for (const action of [...group.scheduledActions.values()])
      this.scheduledRuns.delete(group, action);
    for (const member of group.all) this.actions.cancel(member);
    this.regions.in(group.address.account, group.address.region).delete(group.name);
    for (const listener of [...group.whenChanged]) listener();
  }

  /** Puts a policy in place of the one of its name. */
  putPolicy(group: Group, policy: ScalingPolicy): void {
    const before = group.policies.get(policy.name);
    if (before && before.rule.type !== policy.rule.type)
      throw validationError('The type of a scaling policy cannot be changed.');
    this.tracking.start(group, policy);
    group.policies.set(policy.name, policy);
  }

  deletePolicy(group: Group, policy: ScalingPolicy): void {
    this.tracking.stop(group, policy);
    group.policies.delete(policy.name);
  }

  /** What an alarm does that has a policy for an action. @throws ServiceError ValidationError */
  runPolicy(arn: string, trigger: PolicyTrigger): void {
    const parsed = parseArn(arn);
    if (!parsed) throw validationError(`PolicyName or PolicyArn not found - ${arn}`);
    const { group, policy } = this.policy(parsed, arn, undefined);
    this.policies.run(group, policy, trigger);
  }

  /** Asks whether a caller may do something with a group. */
  authorize(caller: Caller, action: string, resource: string): void {
    this.env.authorize({ caller, action: `autoscaling:${action}`, resource });
  }
}
