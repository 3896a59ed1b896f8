import type { Activity } from '../activity';
import type { ActivityDescription, GroupDescription } from '../api';
import type { Group } from '../group';
import type { Member } from '../member';
import { serviceLinkedRoleArn } from '../names';

export function describeGroup(group: Group): GroupDescription {
  const { settings } = group;
  const { id, name, version } = settings.template;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: { LaunchTemplateId: id, LaunchTemplateName: name, Version: version },
    MinSize: settings.minSize,
    MaxSize: settings.maxSize,
    DesiredCapacity: group.desired,
    DefaultCooldown: settings.cooldown,
    AvailabilityZones: group.zoneNames,
    LoadBalancerNames: [],
    TargetGroupARNs: [...settings.targetGroupArns],
    HealthCheckType: settings.healthCheckTypes.join(','),
    HealthCheckGracePeriod: settings.gracePeriod,
    Instances: group.all.map((member) => ({
      ...describeMember(member),
      ProtectedFromScaleIn: member.protectedFromScaleIn,
    })),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: group.suspended.describe(),
    VPCZoneIdentifier: settings.subnets ?? '',
    EnabledMetrics: group.metrics.names.map((Metric) => ({ Metric, Granularity: '1Minute' })),
    Tags: describeTags(group),
    TerminationPolicies: [...settings.terminationPolicies],
    NewInstancesProtectedFromScaleIn: settings.protectNew,
    ServiceLinkedRoleARN: serviceLinkedRoleArn(group.address.account),
    DefaultInstanceWarmup: settings.instanceWarmup,
    TrafficSources: settings.targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
    ...(group.deleting && { Status: 'Delete in progress' }),
  };
}

/** What DescribeAutoScalingGroups and DescribeAutoScalingInstances both say of an instance. */
export function describeMember(member: Member) {
  const { template } = member;
  return {
    InstanceId: member.id,
    InstanceType: member.instanceType,
    AvailabilityZone: member.zone,
    LifecycleState: member.state,
    HealthStatus: member.unhealthy === undefined ? 'Healthy' : 'Unhealthy',
    LaunchTemplate: template && {
      LaunchTemplateId: template.id,
      LaunchTemplateName: template.name,
      Version: template.version,
    },
  };
}

export function describeTags(group: Group) {
  return [...group.tags].map(([Key, { propagate, value }]) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    Key,
    Value: value,
    PropagateAtLaunch: propagate,
  }));
}

export function describeActivity(group: Group, activity: Activity): ActivityDescription {
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.start),
    EndTime: activity.end === undefined ? undefined : new Date(activity.end),
    StatusCode: activity.status,
    StatusMessage: activity.statusMessage,
    Progress: activity.progress,
    Details: JSON.stringify(activity.details),
  };
}
