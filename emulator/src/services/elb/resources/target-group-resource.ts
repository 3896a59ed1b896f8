import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
} from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import { NotImplementedError } from '../../../protocol/errors';
import type { TargetGroupInput } from '../api';
import type { ElbRegion } from '../elb-region';
import type { ElbContext } from '../operations/context';
import { healthCheckOf, type TargetGroup } from '../target-group';
import { elbProvider } from './elb-provider';
import { givenAttributes, liveAttributes, shortName } from './load-balancer-resource';

/** `AWS::ElasticLoadBalancingV2::TargetGroup`. */
export function targetGroupProvider(context: ElbContext, authorize: Authorize): ResourceProvider {
  const { balancing, checks, registrations } = context;
  return elbProvider(context, authorize, {
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    properties: [
      'HealthCheckEnabled',
      'HealthCheckIntervalSeconds',
      'HealthCheckPath',
      'HealthCheckPort',
      'HealthCheckProtocol',
      'HealthCheckTimeoutSeconds',
      'HealthyThresholdCount',
      'IpAddressType',
      'Matcher',
      'Name',
      'Port',
      'Protocol',
      'ProtocolVersion',
      'Tags',
      'TargetGroupAttributes',
      'TargetType',
      'Targets',
      'UnhealthyThresholdCount',
      'VpcId',
    ],
    unorderedProperties: ['TargetGroupAttributes', 'Targets'],
    actions: {
      create: 'CreateTargetGroup',
      update: 'ModifyTargetGroup',
      delete: 'DeleteTargetGroup',
    },
    create(region, properties, request) {
      const group = balancing.createTargetGroup(region, {
        ...healthCheckInput(properties),
        Name: properties.string('Name') ?? shortName(request.generateName(32)),
        Port: properties.number('Port'),
        Protocol: oneOf(properties, 'Protocol', ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP']),
        ProtocolVersion: properties.string('ProtocolVersion'),
        TargetType: oneOf(properties, 'TargetType', ['alb', 'instance', 'ip', 'lambda']),
        IpAddressType: oneOf(properties, 'IpAddressType', ['ipv4', 'ipv6']),
        VpcId: properties.string('VpcId'),
      });
      group.attributes.set(givenAttributes(properties, 'TargetGroupAttributes'));
      for (const { id, port } of targetsOf(properties))
        registrations.register(region, group, id, port);
      return { physicalId: group.arn, attributes: attributesOf(region, group.arn) };
    },
    update(region, properties, { physicalId, previous }) {
      const group = region.targetGroup(physicalId);
      // What the template no longer says is as by default again.
      group.healthCheck = healthCheckOf(healthCheckInput(properties));
      group.attributes.reset();
      group.attributes.set(givenAttributes(properties, 'TargetGroupAttributes'));
      changeTargets(region, group, previous.properties, properties);
      checks.refresh(region, group);
    },
    delete: (region, arn) => balancing.deleteTargetGroup(region, arn),
    read(region, arn, properties) {
      const { attributes, healthCheck, name, port, vpcId } = region.targetGroup(arn);
      return {
        Name: name,
        Port: port,
        Protocol: 'HTTP',
        VpcId: vpcId,
        HealthCheckEnabled: healthCheck.enabled,
        HealthCheckIntervalSeconds: healthCheck.interval,
        HealthCheckPath: healthCheck.path,
        HealthCheckPort: healthCheck.port,
        HealthCheckTimeoutSeconds: healthCheck.timeout,
        HealthyThresholdCount: healthCheck.healthyThreshold,
        UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
        Matcher: { HttpCode: healthCheck.matcher },
        TargetGroupAttributes: liveAttributes(properties, 'TargetGroupAttributes', attributes),
      };
    },
    attributes: attributesOf,
  });

  /** Those that Auto Scaling has registered are none of the template's. */
  function changeTargets(
    region: ElbRegion,
    group: TargetGroup,
    before: ResourceProperties,
    properties: PropertyReader,
  ): void {
    const wanted = targetsOf(properties);
    for (const { id, port } of targetsOf(new PropertyReader(before)))
      if (!wanted.some((one) => one.id === id && one.port === port))
        registrations.deregister(region, group, id, port);
    for (const { id, port } of wanted) registrations.register(region, group, id, port);
  }
}

function healthCheckInput(properties: PropertyReader) {
  const matcher = properties.object('Matcher');
  const protocol: TargetGroupInput['HealthCheckProtocol'] = oneOf(
    properties,
    'HealthCheckProtocol',
    ['HTTP', 'HTTPS', 'TCP'],
  );
  return {
    HealthCheckEnabled: properties.boolean('HealthCheckEnabled'),
    HealthCheckIntervalSeconds: properties.number('HealthCheckIntervalSeconds'),
    HealthCheckPath: properties.string('HealthCheckPath'),
    HealthCheckPort: properties.string('HealthCheckPort'),
    HealthCheckProtocol: protocol,
    HealthCheckTimeoutSeconds: properties.number('HealthCheckTimeoutSeconds'),
    HealthyThresholdCount: properties.number('HealthyThresholdCount'),
    UnhealthyThresholdCount: properties.number('UnhealthyThresholdCount'),
    Matcher: matcher && {
      HttpCode: matcher.string('HttpCode'),
      GrpcCode: matcher.string('GrpcCode'),
    },
  };
}

function targetsOf(properties: PropertyReader) {
  return (properties.objects('Targets') ?? []).map((target) => ({
    id: target.requiredString('Id'),
    port: target.number('Port'),
  }));
}

function oneOf<const T extends string>(
  properties: PropertyReader,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = properties.string(name);
  const value = values.find((one) => one === text);
  if (text !== undefined && value === undefined)
    throw new NotImplementedError(`${name} ${text} of target groups`);
  return value;
}

function attributesOf(region: ElbRegion, arn: string) {
  const group = region.targetGroup(arn);
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    TargetGroupFullName: group.fullName,
    get LoadBalancerArns() {
      return region.usersOf(arn).map((balancer) => balancer.arn);
    },
  };
}
