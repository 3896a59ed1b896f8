import { acceptOnly } from '../../accepted-parameters';
import type { TargetDescription } from '../api';
import type { ElbRegion } from '../elb-region';
import { targetGroupNotFound } from '../errors';
import type { Target } from '../target';
import { healthCheckOf, type TargetGroup } from '../target-group';
import { type ElbContext, type Operations, pageOfArns, permit } from './context';

const healthCheckMembers = [
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'Matcher',
  'TargetGroupArn',
  'UnhealthyThresholdCount',
] as const;

/** Operations on target groups and their targets. */
export function targetGroupOperations(elb: ElbContext): Operations {
  const { balancing, checks, registrations, regionOf } = elb;
  return {
    CreateTargetGroup(input, context) {
      const region = regionOf(context);
      permit(context, region.arn(`targetgroup/${input.Name}/*`));
      const group = balancing.createTargetGroup(region, input);
      return { TargetGroups: [describeTargetGroup(region, group)] };
    },

    DescribeTargetGroups(input, context) {
      acceptOnly('DescribeTargetGroups', input, [
        'LoadBalancerArn',
        'Marker',
        'Names',
        'PageSize',
        'TargetGroupArns',
      ]);
      permit(context, '*');
      const region = regionOf(context);
      const { LoadBalancerArn: balancer, Names: names, TargetGroupArns: arns } = input;
      for (const arn of arns ?? []) region.targetGroup(arn);
      const all = region.allTargetGroups();
      for (const name of names ?? [])
        if (!all.some((one) => one.name === name)) throw targetGroupNotFound(name);
      const named = all.filter(
        ({ arn, name }) =>
          (arns?.includes(arn) ?? true) &&
          (names?.includes(name) ?? true) &&
          (balancer === undefined || region.usersOf(arn).some((user) => user.arn === balancer)),
      );
      const { items, NextMarker } = pageOfArns(named, input);
      return { TargetGroups: items.map((group) => describeTargetGroup(region, group)), NextMarker };
    },

    ModifyTargetGroup(input, context) {
      acceptOnly('ModifyTargetGroup', input, healthCheckMembers);
      permit(context, input.TargetGroupArn);
      const region = regionOf(context);
      const group = region.targetGroup(input.TargetGroupArn);
      group.healthCheck = healthCheckOf(input, group.healthCheck);
      checks.refresh(region, group);
      return { TargetGroups: [describeTargetGroup(region, group)] };
    },

    DeleteTargetGroup(input, context) {
      permit(context, input.TargetGroupArn);
      balancing.deleteTargetGroup(regionOf(context), input.TargetGroupArn);
      return {};
    },

    DescribeTargetGroupAttributes(input, context) {
      permit(context, '*');
      const { attributes } = regionOf(context).targetGroup(input.TargetGroupArn);
      return { Attributes: attributes.list() };
    },

    ModifyTargetGroupAttributes(input, context) {
      permit(context, input.TargetGroupArn);
      const { attributes } = regionOf(context).targetGroup(input.TargetGroupArn);
      attributes.set(input.Attributes);
      return { Attributes: attributes.list() };
    },

    RegisterTargets(input, context) {
      permit(context, input.TargetGroupArn);
      const region = regionOf(context);
      const group = region.targetGroup(input.TargetGroupArn);
      for (const target of input.Targets) acceptOnly('a target', target, ['Id', 'Port']);
      for (const { Id, Port } of input.Targets) registrations.register(region, group, Id, Port);
      return {};
    },

    DeregisterTargets(input, context) {
      permit(context, input.TargetGroupArn);
      const region = regionOf(context);
      const group = region.targetGroup(input.TargetGroupArn);
      for (const { Id, Port } of input.Targets) registrations.deregister(region, group, Id, Port);
      return {};
    },

    DescribeTargetHealth(input, context) {
      acceptOnly('DescribeTargetHealth', input, ['TargetGroupArn', 'Targets']);
      permit(context, '*');
      const group = regionOf(context).targetGroup(input.TargetGroupArn);
      const registered = [...group.targets.values()];
      if (!input.Targets)
        return { TargetHealthDescriptions: registered.map((one) => describeTarget(group, one)) };
      return {
        TargetHealthDescriptions: input.Targets.map(({ Id, Port: port = group.port }) => {
          const found = registered.find((one) => one.instanceId === Id && one.port === port);
          return found ? describeTarget(group, found) : notRegistered(Id, port);
        }),
      };
    },
  };
}

function describeTargetGroup(region: ElbRegion, group: TargetGroup) {
  const { healthCheck } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: 'HTTP' as const,
    ProtocolVersion: 'HTTP1',
    Port: group.port,
    VpcId: group.vpcId,
    TargetType: 'instance' as const,
    IpAddressType: 'ipv4' as const,
    HealthCheckEnabled: healthCheck.enabled,
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: healthCheck.port,
    HealthCheckPath: healthCheck.path,
    HealthCheckIntervalSeconds: healthCheck.interval,
    HealthCheckTimeoutSeconds: healthCheck.timeout,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: region.usersOf(group.arn).map(({ arn }) => arn),
  };
}

function describeTarget(group: TargetGroup, target: Target): TargetDescription {
  const { healthCheck } = group;
  return {
    Target: { Id: target.instanceId, Port: target.port },
    HealthCheckPort: healthCheck.port === 'traffic-port' ? String(target.port) : healthCheck.port,
    TargetHealth: {
      State: target.state,
      Reason: target.reason,
      Description: target.description,
    },
  };
}

function notRegistered(id: string, port: number): TargetDescription {
  return {
    Target: { Id: id, Port: port },
    TargetHealth: {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    },
  };
}
