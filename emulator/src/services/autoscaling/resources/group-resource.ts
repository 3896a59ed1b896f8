import {
  CreationFailedError,
  type LiveProperties,
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type TemplateValue,
  type UpdateRequest,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { changedProperties, sameState } from '../../resource-updates';
import type { AutoScalingState } from '../autoscaling-state';
import type { Group } from '../group';
import { createGroup, setTag, updateGroup } from '../group-changes';
import type { GivenSettings } from '../group-settings';
import { groupArn } from '../names';
import {
  attachTargetGroups,
  detachTargetGroups,
  putNotifications,
} from '../operations/notification-operations';
import { roll, rollingUpdate } from './rolling-update';
import { emptied, stabilized } from './stabilization';

const type = 'AWS::AutoScaling::AutoScalingGroup';

const supported = [
  'AutoScalingGroupName',
  'AvailabilityZones',
  'Cooldown',
  'DefaultInstanceWarmup',
  'DesiredCapacity',
  'HealthCheckGracePeriod',
  'HealthCheckType',
  'LaunchTemplate',
  'LifecycleHookSpecificationList',
  'MaxSize',
  'MetricsCollection',
  'MinSize',
  'NewInstancesProtectedFromScaleIn',
  'NotificationConfigurations',
  'Tags',
  'TargetGroupARNs',
  'TerminationPolicies',
  'VPCZoneIdentifier',
];

/**
 * Ref is the group's name. It is there once it has as many instances as it must have.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html
 */
export function groupProvider(state: AutoScalingState): ResourceProvider {
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => unsupportedProperties(type, properties, supported),
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const name = reader.string('AutoScalingGroupName') ?? request.generateName(255);
      const hooks = reader.objects('LifecycleHookSpecificationList');
      const group = createGroup(
        state,
        {
          ...settingsOf(reader),
          AutoScalingGroupName: name,
          TargetGroupARNs: reader.strings('TargetGroupARNs'),
          LifecycleHookSpecificationList: hooks?.map((hook) => ({
            LifecycleHookName: hook.requiredString('LifecycleHookName'),
            LifecycleTransition: hook.requiredString('LifecycleTransition'),
            DefaultResult: hook.string('DefaultResult'),
            HeartbeatTimeout: hook.number('HeartbeatTimeout'),
            NotificationMetadata: hook.string('NotificationMetadata'),
            NotificationTargetARN: hook.string('NotificationTargetARN'),
            RoleARN: hook.string('RoleARN'),
          })),
        },
        request,
        (made) => {
          made.atOnce = true;
          setTags(made, request);
          collectMetrics(state, made, reader);
          for (const [topicArn, types] of notificationsOf(reader))
            putNotifications(state, made, topicArn, types);
        },
      );
      try {
        await inDeployment(group, () => state.env.clock.park(() => stabilized(group)));
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        throw new CreationFailedError(error.message, name);
      }
      return { physicalId: name, attributes: { AutoScalingGroupARN: group.arn } };
    },
    async find({ account, caller, identifier, region }) {
      state.authorize(caller, 'DescribeAutoScalingGroups', '*');
      const group = state.find({ account, region }, identifier.AutoScalingGroupName ?? '');
      return group && { physicalId: group.name, attributes: { AutoScalingGroupARN: group.arn } };
    },
    async update(request) {
      const group = state.get(request, request.physicalId);
      state.authorize(request.caller, 'UpdateAutoScalingGroup', group.arn);
      const reader = new PropertyReader(request.properties);
      const rolling = rollingUpdate(request);
      const { lastFailure } = group.activities;
      group.atOnce = true;
      updateGroup(state, group, changedSettings(request));
      const before = new PropertyReader(request.previous.properties);
      const targets = reader.strings('TargetGroupARNs') ?? [];
      const gone = (before.strings('TargetGroupARNs') ?? []).filter(
        (arn) => !targets.includes(arn),
      );
      detachTargetGroups(state, group, gone);
      attachTargetGroups(state, group, targets);
      group.tags.clear();
      setTags(group, request);
      collectMetrics(state, group, reader);
      const notifications = notificationsOf(reader);
      for (const topicArn of [...group.notifications.keys()])
        if (!notifications.has(topicArn)) group.notifications.delete(topicArn);
      for (const [topicArn, types] of notifications)
        if (String([...(group.notifications.get(topicArn) ?? [])]) !== String(types))
          putNotifications(state, group, topicArn, types);
      await inDeployment(group, async () => {
        await state.env.clock.park(() => stabilized(group, lastFailure));
        if (rolling && outdatesInstances(request)) await roll(state, group, rolling);
      });
      return sameState(request);
    },
    async delete({ account, caller, physicalId, region }) {
      const group = state.find({ account, region }, physicalId);
      state.authorize(
        caller,
        'DeleteAutoScalingGroup',
        group?.arn ?? groupArn({ account, region, name: physicalId, uuid: '*' }),
      );
      if (!group) return;
      // It is made smaller first, so that what its instances are doing can be finished.
      group.deleting = true;
      group.atOnce = true;
      for (const member of group.all) member.protectedFromScaleIn = false;
      updateGroup(state, group, { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 });
      await state.env.clock.park(() => emptied(group));
      state.forget(group);
    },
    async read({ account, caller, physicalId, properties, region }) {
      state.authorize(caller, 'DescribeAutoScalingGroups', '*');
      const group = state.find({ account, region }, physicalId);
      return group && liveGroup(group, new PropertyReader(properties));
    },
    unorderedProperties: [
      'AvailabilityZones',
      'MetricsCollection',
      'NotificationConfigurations',
      'TargetGroupARNs',
      'VPCZoneIdentifier',
    ],
  };
}

/** Instances come and go at once while a deployment waits for them. */
async function inDeployment(group: Group, wait: () => Promise<void>): Promise<void> {
  group.atOnce = true;
  try {
    await wait();
  } finally {
    group.atOnce = false;
  }
}

function settingsOf(reader: PropertyReader) {
  const template = reader.object('LaunchTemplate');
  return {
    AvailabilityZones: reader.strings('AvailabilityZones'),
    DefaultCooldown: reader.number('Cooldown'),
    DefaultInstanceWarmup: reader.number('DefaultInstanceWarmup'),
    DesiredCapacity: reader.number('DesiredCapacity'),
    HealthCheckGracePeriod: reader.number('HealthCheckGracePeriod'),
    HealthCheckType: reader.string('HealthCheckType'),
    LaunchTemplate: template && {
      LaunchTemplateId: template.string('LaunchTemplateId'),
      LaunchTemplateName: template.string('LaunchTemplateName'),
      Version: template.string('Version'),
    },
    MaxSize: reader.number('MaxSize') ?? 0,
    MinSize: reader.number('MinSize') ?? 0,
    NewInstancesProtectedFromScaleIn: reader.boolean('NewInstancesProtectedFromScaleIn'),
    TerminationPolicies: reader.strings('TerminationPolicies'),
    VPCZoneIdentifier: reader.strings('VPCZoneIdentifier')?.join(','),
  };
}

/** Settings as the new properties have them, with AWS's defaults for what they no longer name. */
function changedSettings({ previous, properties, updatePolicy }: UpdateRequest): GivenSettings {
  const before = previous.properties;
  const defaults: ResourceProperties = {
    Cooldown: 300,
    DefaultInstanceWarmup: -1,
    HealthCheckGracePeriod: 0,
    HealthCheckType: 'EC2',
    NewInstancesProtectedFromScaleIn: false,
    TerminationPolicies: ['Default'],
  };
  const dropped = Object.keys(before).filter((name) => !(name in properties) && name in defaults);
  const given = Object.fromEntries(dropped.map((name) => [name, defaults[name] ?? null]));
  const settings: GivenSettings = settingsOf(new PropertyReader({ ...given, ...properties }));
  // Policies and schedules may have changed the sizes since: the template does not change them back, if told so.
  const keepsSizes = new PropertyReader(updatePolicy ?? {})
    .object('AutoScalingScheduledAction')
    ?.boolean('IgnoreUnmodifiedGroupSizeProperties');
  if (!keepsSizes) return settings;
  const changed = changedProperties(before, properties);
  return {
    ...settings,
    ...Object.fromEntries(
      ['DesiredCapacity', 'MaxSize', 'MinSize']
        .filter((name) => !changed.has(name))
        .map((name) => [name, undefined]),
    ),
  };
}

/** Whether an update makes instances outdated, so that a rolling one replaces them. */
function outdatesInstances({ previous, properties }: UpdateRequest): boolean {
  const changed = changedProperties(previous.properties, properties);
  return changed.has('LaunchTemplate') || changed.has('VPCZoneIdentifier');
}

function setTags(group: Group, request: Pick<ResourceRequest, 'properties' | 'stackTags'>): void {
  for (const [Key, Value] of Object.entries(request.stackTags))
    setTag(group, { Key, Value, PropagateAtLaunch: true });
  for (const tag of new PropertyReader(request.properties).objects('Tags') ?? [])
    setTag(group, {
      Key: tag.requiredString('Key'),
      Value: tag.string('Value'),
      PropagateAtLaunch: tag.boolean('PropagateAtLaunch'),
    });
}

function collectMetrics(state: AutoScalingState, group: Group, reader: PropertyReader): void {
  const now = state.env.clock.now();
  group.metrics.disable(now, undefined);
  for (const one of reader.objects('MetricsCollection') ?? [])
    group.metrics.enable(now, one.strings('Metrics'));
}

function notificationsOf(reader: PropertyReader): Map<string, string[]> {
  const given = reader.objects('NotificationConfigurations') ?? [];
  return new Map(
    given.map((one) => [
      one.strings('TopicARN')?.[0] ?? '',
      one.strings('NotificationTypes') ?? [],
    ]),
  );
}

function liveGroup(group: Group, template: PropertyReader): LiveProperties {
  const { settings } = group;
  const { id, name, version } = settings.template;
  const metrics = template.objects('MetricsCollection');
  const collected: TemplateValue[] = metrics?.some((one) => one.strings('Metrics') !== undefined)
    ? [{ Granularity: '1Minute', Metrics: [...group.metrics.names] }]
    : [{ Granularity: '1Minute' }];
  return {
    Cooldown: String(settings.cooldown),
    DefaultInstanceWarmup: settings.instanceWarmup,
    // Policies and schedules change it: a template that says it is only where the group began.
    HealthCheckGracePeriod: settings.gracePeriod,
    HealthCheckType: settings.healthCheckTypes.join(','),
    LaunchTemplate: {
      ...(id !== undefined && { LaunchTemplateId: id }),
      ...(name !== undefined && { LaunchTemplateName: name }),
      ...(version !== undefined && { Version: version }),
    },
    MaxSize: String(settings.maxSize),
    MinSize: String(settings.minSize),
    DesiredCapacity: String(group.desired),
    MetricsCollection: group.metrics.names.length > 0 ? collected : undefined,
    NewInstancesProtectedFromScaleIn: settings.protectNew,
    NotificationConfigurations: [...group.notifications].map(([TopicARN, types]) => ({
      TopicARN,
      NotificationTypes: [...types],
    })),
    TargetGroupARNs: [...settings.targetGroupArns],
    TerminationPolicies: [...settings.terminationPolicies],
    VPCZoneIdentifier: settings.subnets?.split(','),
    Tags: [...group.tags].map(([Key, { propagate, value }]) => ({
      Key,
      Value: value,
      PropagateAtLaunch: propagate,
    })),
  };
}
