import type { CallContext, Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf, sortedBy } from '../../page';
import { at } from '../activity';
import type { Api } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { invalidNextToken, scalingActivityInProgress, validationError } from '../errors';
import type { Group } from '../group';
import { checkDesired } from '../group-settings';
import type { Member } from '../member';
import { describeActivity, describeMember } from './group-descriptions';
import { authorized } from './group-operations';

/** Capacity, and single instances of groups. */
export function instanceOperations(state: AutoScalingState) {
  const { capacity, lifecycle } = state;
  const now = () => state.env.clock.now();
  return {
    SetDesiredCapacity(input, context) {
      acceptOnly('SetDesiredCapacity', input, [
        'AutoScalingGroupName',
        'DesiredCapacity',
        'HonorCooldown',
      ]);
      const group = authorized(state, context, input);
      checkDesired(input.DesiredCapacity, group.settings);
      if (input.HonorCooldown && now() < group.cooldownUntil)
        throw scalingActivityInProgress(
          `Scaling activity is in progress, or the cooldown of group ${group.name}.`,
        );
      capacity.change(
        group,
        input.DesiredCapacity,
        'a user request explicitly set group desired capacity',
      );
      return {};
    },

    DescribeAutoScalingInstances(input, context) {
      acceptOnly('DescribeAutoScalingInstances', input, ['InstanceIds', 'MaxRecords', 'NextToken']);
      state.authorize(context.caller, 'DescribeAutoScalingInstances', '*');
      const { InstanceIds: ids = [] } = input;
      const all = state
        .list(context)
        .flatMap((group) => group.all.map((member) => ({ group, member })))
        .filter(({ member }) => ids.length === 0 || ids.includes(member.id));
      const page = pageOf(
        sortedBy(all, ({ member }) => member.id),
        ({ member }) => member.id,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidNextToken,
      );
      return {
        AutoScalingInstances: page.items.map(({ group, member }) => {
          const { HealthStatus, ...described } = describeMember(member);
          return {
            ...described,
            AutoScalingGroupName: group.name,
            HealthStatus: HealthStatus.toUpperCase(),
            ProtectedFromScaleIn: member.protectedFromScaleIn,
          };
        }),
        NextToken: page.nextToken,
      };
    },

    SetInstanceHealth(input, context) {
      acceptOnly('SetInstanceHealth', input, [
        'HealthStatus',
        'InstanceId',
        'ShouldRespectGracePeriod',
      ]);
      const { group, member } = authorizedMember(state, context, input.InstanceId);
      const { HealthStatus: status, ShouldRespectGracePeriod: respects = true } = input;
      if (status !== 'Healthy' && status !== 'Unhealthy')
        throw validationError(`Invalid health status: ${status}.`);
      const fair = (member.inServiceAt ?? 0) + group.settings.gracePeriod * 1000;
      if (status === 'Unhealthy' && respects && now() < fair) return {};
      member.unhealthy = status === 'Healthy' ? undefined : 'a user health-check.';
      capacity.wake(group);
      return {};
    },

    SetInstanceProtection(input, context) {
      acceptOnly('SetInstanceProtection', input, [
        'AutoScalingGroupName',
        'InstanceIds',
        'ProtectedFromScaleIn',
      ]);
      const group = authorized(state, context, input);
      setProtection(state, group, input.InstanceIds, input.ProtectedFromScaleIn);
      return {};
    },

    TerminateInstanceInAutoScalingGroup(input, context) {
      acceptOnly('TerminateInstanceInAutoScalingGroup', input, [
        'InstanceId',
        'ShouldDecrementDesiredCapacity',
      ]);
      const { group, member } = authorizedMember(state, context, input.InstanceId ?? '');
      const { ShouldDecrementDesiredCapacity: shrinks = false } = input;
      if (shrinks) decrement(state, group, 1);
      else group.replacements += 1;
      const size = group.counting.length;
      lifecycle.terminate(
        group,
        member,
        `${at(now())} instance ${member.id} was taken out of service in response to a user request${shrinks ? `, shrinking the capacity from ${size} to ${size - 1}` : ''}.`,
      );
      capacity.wake(group);
      const { activity } = member;
      return { Activity: activity && describeActivity(group, activity) };
    },

    AttachInstances(input, context) {
      acceptOnly('AttachInstances', input, ['AutoScalingGroupName', 'InstanceIds']);
      const group = authorized(state, context, input);
      const { InstanceIds: ids = [] } = input;
      const { fleet } = state.options;
      const instances = ids.map((id) => {
        const instance = fleet.find(group.address, id);
        if (!instance || fleet.state(group.address, id) !== 'running')
          throw validationError(`Invalid Instance ID(s): [${id}] specified`);
        if (state.findMember(group.address, id))
          throw validationError(`Instance ${id} is already part of an AutoScalingGroup`);
        return instance;
      });
      const before = group.desired;
      checkDesired(before + ids.length, group.settings);
      const cause = `${at(now())} a user request to attach instances ${ids.join(' ')} changing the desired capacity from ${before} to ${before + ids.length}.`;
      group.metrics.touch(now());
      group.desired += ids.length;
      for (const instance of instances) lifecycle.attach(group, instance, cause);
      return {};
    },

    DetachInstances(input, context) {
      acceptOnly('DetachInstances', input, [
        'AutoScalingGroupName',
        'InstanceIds',
        'ShouldDecrementDesiredCapacity',
      ]);
      const group = authorized(state, context, input);
      const members = membersOf(group, input.InstanceIds ?? []);
      if (input.ShouldDecrementDesiredCapacity) decrement(state, group, members.length);
      const activities = members.map((member) =>
        lifecycle.detach(
          group,
          member,
          `${at(now())} instance ${member.id} was detached in response to a user request.`,
        ),
      );
      return { Activities: activities.map((activity) => describeActivity(group, activity)) };
    },

    EnterStandby(input, context) {
      acceptOnly('EnterStandby', input, [
        'AutoScalingGroupName',
        'InstanceIds',
        'ShouldDecrementDesiredCapacity',
      ]);
      const group = authorized(state, context, input);
      const members = membersOf(group, input.InstanceIds ?? []);
      for (const { id, inService } of members)
        if (!inService) throw validationError(`The instance ${id} is not in InService.`);
      if (input.ShouldDecrementDesiredCapacity) decrement(state, group, members.length);
      const activities = members.map((member) =>
        lifecycle.enterStandby(
          group,
          member,
          `${at(now())} instance ${member.id} was moved to standby in response to a user request.`,
        ),
      );
      return { Activities: activities.map((activity) => describeActivity(group, activity)) };
    },

    ExitStandby(input, context) {
      acceptOnly('ExitStandby', input, ['AutoScalingGroupName', 'InstanceIds']);
      const group = authorized(state, context, input);
      const members = membersOf(group, input.InstanceIds ?? []);
      for (const { id, state: one } of members)
        if (one !== 'Standby') throw validationError(`The instance ${id} is not in Standby.`);
      const before = group.desired;
      checkDesired(before + members.length, group.settings);
      group.metrics.touch(now());
      group.desired += members.length;
      const activities = members.map((member) =>
        lifecycle.exitStandby(
          group,
          member,
          `${at(now())} instance ${member.id} was moved out of standby in response to a user request, increasing the capacity from ${before} to ${group.desired}.`,
        ),
      );
      return { Activities: activities.map((activity) => describeActivity(group, activity)) };
    },
  } satisfies Handlers<Api>;
}

/** Protects instances from scaling in, or no longer. @throws ValidationError for one that is not of the group */
export function setProtection(
  state: AutoScalingState,
  group: Group,
  instanceIds: readonly string[],
  isProtected: boolean,
): void {
  for (const member of membersOf(group, instanceIds)) member.protectedFromScaleIn = isProtected;
  // A group that could not shrink may do it now.
  if (!isProtected && group.counting.length > group.desired) state.capacity.wake(group);
}

function authorizedMember(state: AutoScalingState, context: CallContext, instanceId: string) {
  const found = state.findMember(context, instanceId);
  const anyGroup = `arn:aws:autoscaling:${context.region}:${context.account}:autoScalingGroup:*:autoScalingGroupName/*`;
  context.authorize(`autoscaling:${context.operation}`, found?.group.arn ?? anyGroup);
  return found ?? state.getMember(context, instanceId);
}

function membersOf(group: Group, instanceIds: readonly string[]): Member[] {
  return instanceIds.map((id) => {
    const member = group.members.get(id);
    if (!member)
      throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    return member;
  });
}

/** @throws ValidationError if the group would be smaller than it may be */
function decrement(state: AutoScalingState, group: Group, count: number): void {
  const desired = group.desired - count;
  if (desired < group.settings.minSize)
    throw validationError(
      `Currently, desiredSize equals minSize (${group.settings.minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  group.metrics.touch(state.env.clock.now());
  group.desired = desired;
}
