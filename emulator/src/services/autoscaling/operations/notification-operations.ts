import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf, sortedBy } from '../../page';
import { notificationTypes } from '../announcements';
import type { Api } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { invalidNextToken, validationError } from '../errors';
import type { Group } from '../group';
import { setTag } from '../group-changes';
import { groupMetricNames } from '../group-metrics';
import { processNames } from '../processes';
import { terminationPolicyTypes } from '../termination-policies';
import { describeTags } from './group-descriptions';
import { authorized } from './group-operations';

/** Notifications, tags, target groups, and what there is to choose from. */
export function notificationOperations(state: AutoScalingState) {
  return {
    PutNotificationConfiguration(input, context) {
      acceptOnly('PutNotificationConfiguration', input, [
        'AutoScalingGroupName',
        'NotificationTypes',
        'TopicARN',
      ]);
      putNotifications(
        state,
        authorized(state, context, input),
        input.TopicARN,
        input.NotificationTypes,
      );
      return {};
    },

    DescribeNotificationConfigurations(input, context) {
      acceptOnly('DescribeNotificationConfigurations', input, [
        'AutoScalingGroupNames',
        'MaxRecords',
        'NextToken',
      ]);
      state.authorize(context.caller, 'DescribeNotificationConfigurations', '*');
      const { AutoScalingGroupNames: names } = input;
      const all = state
        .list(context)
        .filter(({ name }) => !names || names.length === 0 || names.includes(name))
        .flatMap((group) =>
          [...group.notifications].flatMap(([TopicARN, types]) =>
            [...types].map((NotificationType) => ({
              AutoScalingGroupName: group.name,
              TopicARN,
              NotificationType,
            })),
          ),
        );
      const keyOf = (one: (typeof all)[number]) => Object.values(one).join(' ');
      const page = pageOf(
        sortedBy(all, keyOf),
        keyOf,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidNextToken,
      );
      return { NotificationConfigurations: page.items, NextToken: page.nextToken };
    },

    DeleteNotificationConfiguration(input, context) {
      acceptOnly('DeleteNotificationConfiguration', input, ['AutoScalingGroupName', 'TopicARN']);
      const group = authorized(state, context, input);
      if (!group.notifications.delete(input.TopicARN))
        throw validationError(
          `Notification configuration not found for topic ${input.TopicARN} and group ${group.name}`,
        );
      return {};
    },

    CreateOrUpdateTags(input, context) {
      acceptOnly('CreateOrUpdateTags', input, ['Tags']);
      for (const tag of input.Tags) setTag(taggedGroup(tag.ResourceId, context), tag);
      return {};
    },

    DeleteTags(input, context) {
      acceptOnly('DeleteTags', input, ['Tags']);
      for (const { Key, ResourceId } of input.Tags)
        taggedGroup(ResourceId, context).tags.delete(Key);
      return {};
    },

    DescribeTags(input, context) {
      acceptOnly('DescribeTags', input, ['Filters', 'MaxRecords', 'NextToken']);
      state.authorize(context.caller, 'DescribeTags', '*');
      const { Filters: filters = [] } = input;
      const all = state
        .list(context)
        .flatMap(describeTags)
        .filter((tag) => filters.every(({ Name, Values }) => tagMatches(tag, Name, Values)));
      const keyOf = (tag: (typeof all)[number]) => `${tag.ResourceId} ${tag.Key}`;
      const page = pageOf(
        sortedBy(all, keyOf),
        keyOf,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidNextToken,
      );
      return { Tags: page.items, NextToken: page.nextToken };
    },

    AttachLoadBalancerTargetGroups(input, context) {
      acceptOnly('AttachLoadBalancerTargetGroups', input, [
        'AutoScalingGroupName',
        'TargetGroupARNs',
      ]);
      const group = authorized(state, context, input);
      attachTargetGroups(state, group, input.TargetGroupARNs);
      return {};
    },

    DetachLoadBalancerTargetGroups(input, context) {
      acceptOnly('DetachLoadBalancerTargetGroups', input, [
        'AutoScalingGroupName',
        'TargetGroupARNs',
      ]);
      const group = authorized(state, context, input);
      detachTargetGroups(state, group, input.TargetGroupARNs);
      return {};
    },

    DescribeLoadBalancerTargetGroups(input, context) {
      acceptOnly('DescribeLoadBalancerTargetGroups', input, [
        'AutoScalingGroupName',
        'MaxRecords',
        'NextToken',
      ]);
      state.authorize(context.caller, 'DescribeLoadBalancerTargetGroups', '*');
      const page = pageOf(
        sortedBy(
          state.get(context, input.AutoScalingGroupName).settings.targetGroupArns,
          (arn) => arn,
        ),
        (arn) => arn,
        input.MaxRecords ?? 100,
        input.NextToken,
        invalidNextToken,
      );
      return {
        LoadBalancerTargetGroups: page.items.map((LoadBalancerTargetGroupARN) => ({
          LoadBalancerTargetGroupARN,
          State: 'InService',
        })),
        NextToken: page.nextToken,
      };
    },

    DescribeAutoScalingNotificationTypes(_input, context) {
      state.authorize(context.caller, 'DescribeAutoScalingNotificationTypes', '*');
      return { AutoScalingNotificationTypes: [...notificationTypes] };
    },

    DescribeMetricCollectionTypes(_input, context) {
      state.authorize(context.caller, 'DescribeMetricCollectionTypes', '*');
      return {
        Metrics: groupMetricNames.map((Metric) => ({ Metric })),
        Granularities: [{ Granularity: '1Minute' }],
      };
    },

    DescribeScalingProcessTypes(_input, context) {
      state.authorize(context.caller, 'DescribeScalingProcessTypes', '*');
      return { Processes: processNames.map((ProcessName) => ({ ProcessName })) };
    },

    DescribeTerminationPolicyTypes(_input, context) {
      state.authorize(context.caller, 'DescribeTerminationPolicyTypes', '*');
      return { TerminationPolicyTypes: [...terminationPolicyTypes] };
    },

    DescribeAccountLimits(_input, context) {
      state.authorize(context.caller, 'DescribeAccountLimits', '*');
      return {
        MaxNumberOfAutoScalingGroups: 500,
        MaxNumberOfLaunchConfigurations: 200,
        NumberOfAutoScalingGroups: state.list(context).length,
        NumberOfLaunchConfigurations: 0,
      };
    },
  } satisfies Handlers<Api>;

  function taggedGroup(name: string | undefined, context: Parameters<typeof authorized>[1]): Group {
    return authorized(state, context, { AutoScalingGroupName: name ?? '' });
  }
}

/** @throws ServiceError ValidationError */
export function putNotifications(
  state: AutoScalingState,
  group: Group,
  topicArn: string,
  given: readonly string[],
): void {
  for (const type of given)
    if (!notificationTypes.some((one) => one === type))
      throw validationError(
        `"${type}" is not a valid Notification Type. Only "${notificationTypes.join('", "')}" are valid.`,
      );
  if (!/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(topicArn))
    throw validationError(`Invalid SNS Topic ARN : ${topicArn}`);
  group.notifications.set(topicArn, new Set(given));
  state.announcements.testNotification(group, topicArn);
}

/** @throws ServiceError ValidationError */
export function attachTargetGroups(
  state: AutoScalingState,
  group: Group,
  arns: readonly string[],
): void {
  const { targetGroups } = state.options;
  for (const arn of arns) targetGroups.check(arn);
  const { settings } = group;
  const added = arns.filter((arn) => !settings.targetGroupArns.includes(arn));
  group.settings = { ...settings, targetGroupArns: [...settings.targetGroupArns, ...added] };
  for (const arn of added)
    for (const { id, inService } of group.all) if (inService) targetGroups.register(arn, id);
}

export function detachTargetGroups(
  state: AutoScalingState,
  group: Group,
  arns: readonly string[],
): void {
  const { targetGroups } = state.options;
  const { settings } = group;
  const left = settings.targetGroupArns.filter((arn) => !arns.includes(arn));
  for (const arn of settings.targetGroupArns.filter((one) => arns.includes(one)))
    for (const { id } of group.all) targetGroups.deregister(arn, id);
  group.settings = { ...settings, targetGroupArns: left };
}

function tagMatches(
  tag: ReturnType<typeof describeTags>[number],
  name: string | undefined,
  values: readonly string[] = [],
): boolean {
  switch (name) {
    case 'auto-scaling-group':
      return values.includes(tag.ResourceId);
    case 'key':
      return values.includes(tag.Key);
    case 'value':
      return values.includes(tag.Value);
    case 'propagate-at-launch':
      return values.includes(String(tag.PropagateAtLaunch));
    default:
      throw validationError(`Filter type ${name} is not correct.`);
  }
}
