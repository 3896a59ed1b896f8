import type { CallContext, Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf } from '../../page';
import type { Api } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { invalidNextToken, resourceInUse, scalingActivityInProgress } from '../errors';
import type { Group } from '../group';
import { createGroup, deleteGroup, updateGroup } from '../group-changes';
import { groupParameters } from '../group-settings';
import { groupArn } from '../names';
import { describeActivity, describeGroup } from './group-descriptions';

/** Groups: made, changed, shown and deleted. */
export function groupOperations(state: AutoScalingState) {
  return {
    CreateAutoScalingGroup(input, context) {
      acceptOnly('CreateAutoScalingGroup', input, [
        ...groupParameters,
        'LifecycleHookSpecificationList',
        'Tags',
        'TargetGroupARNs',
      ]);
      createGroup(state, input, context);
      return {};
    },

    UpdateAutoScalingGroup(input, context) {
      acceptOnly('UpdateAutoScalingGroup', input, groupParameters);
      updateGroup(state, authorized(state, context, input), input);
      return {};
    },

    DeleteAutoScalingGroup(input, context) {
      acceptOnly('DeleteAutoScalingGroup', input, ['AutoScalingGroupName', 'ForceDelete']);
      const group = authorized(state, context, input);
      const { ForceDelete: force = false } = input;
      if (!force && group.all.some(({ state: one }) => one !== 'InService'))
        throw scalingActivityInProgress(
          'You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.',
        );
      if (!force && group.members.size > 0)
        throw resourceInUse(
          'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
        );
      deleteGroup(state, group);
      return {};
    },

    DescribeAutoScalingGroups(input, context) {
      acceptOnly('DescribeAutoScalingGroups', input, [
        'AutoScalingGroupNames',
        'Filters',
        'MaxRecords',
        'NextToken',
      ]);
      state.authorize(context.caller, 'DescribeAutoScalingGroups', '*');
      const { AutoScalingGroupNames: names = [], Filters: filters = [] } = input;
      const found = state
        .list(context)
        .filter(
          ({ arn, name }) => names.length === 0 || names.includes(name) || names.includes(arn),
        )
        .filter((group) => filters.every((filter) => matches(group, filter)));
      const page = pageOf(
        found,
        ({ name }) => name,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidNextToken,
      );
      return { AutoScalingGroups: page.items.map(describeGroup), NextToken: page.nextToken };
    },

    DescribeScalingActivities(input, context) {
      acceptOnly('DescribeScalingActivities', input, [
        'ActivityIds',
        'AutoScalingGroupName',
        'MaxRecords',
        'NextToken',
      ]);
      state.authorize(context.caller, 'DescribeScalingActivities', '*');
      const { ActivityIds: ids = [], AutoScalingGroupName: name } = input;
      const groups = name === undefined ? state.list(context) : [state.get(context, name)];
      const all = groups
        .flatMap((group) =>
          group.activities.list(state.env.clock.now()).map((activity) => ({ group, activity })),
        )
        .filter(({ activity }) => ids.length === 0 || ids.includes(activity.id))
        // The latest first, for which the position in the list is what a token names.
        .map((entry, i) => ({ ...entry, key: String(i).padStart(6, '0') }));
      const page = pageOf(
        all,
        ({ key }) => key,
        input.MaxRecords ?? 100,
        input.NextToken,
        invalidNextToken,
      );
      return {
        Activities: page.items.map(({ activity, group }) => describeActivity(group, activity)),
        NextToken: page.nextToken,
      };
    },

    SuspendProcesses(input, context) {
      acceptOnly('SuspendProcesses', input, ['AutoScalingGroupName', 'ScalingProcesses']);
      const group = authorized(state, context, input);
      const time = new Date(state.env.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
      group.suspended.suspend(input.ScalingProcesses, `User suspended at ${time}`);
      return {};
    },

    ResumeProcesses(input, context) {
      acceptOnly('ResumeProcesses', input, ['AutoScalingGroupName', 'ScalingProcesses']);
      const group = authorized(state, context, input);
      group.suspended.resume(input.ScalingProcesses);
      state.capacity.wake(group);
      return {};
    },

    EnableMetricsCollection(input, context) {
      acceptOnly('EnableMetricsCollection', input, [
        'AutoScalingGroupName',
        'Granularity',
        'Metrics',
      ]);
      authorized(state, context, input).metrics.enable(state.env.clock.now(), input.Metrics);
      return {};
    },

    DisableMetricsCollection(input, context) {
      acceptOnly('DisableMetricsCollection', input, ['AutoScalingGroupName', 'Metrics']);
      authorized(state, context, input).metrics.disable(state.env.clock.now(), input.Metrics);
      return {};
    },
  } satisfies Handlers<Api>;
}

/** The group that an operation names, once its caller may do with it what the operation does. */
export function authorized(
  state: AutoScalingState,
  context: CallContext,
  { AutoScalingGroupName: name }: { readonly AutoScalingGroupName: string },
): Group {
  const group = state.find(context, name);
  const { account, region } = context;
  const arn = group?.arn ?? groupArn({ account, region, name, uuid: '*' });
  context.authorize(`autoscaling:${context.operation}`, arn);
  return group ?? state.get(context, name);
}

function matches(
  group: Group,
  { Name, Values = [] }: { readonly Name?: string; readonly Values?: readonly string[] },
): boolean {
  if (Name === 'tag-key') return Values.some((key) => group.tags.has(key));
  if (Name === 'tag-value')
    return [...group.tags.values()].some(({ value }) => Values.includes(value));
  const key = Name?.replace(/^tag:/, '') ?? '';
  return Values.includes(group.tags.get(key)?.value ?? '');
}
