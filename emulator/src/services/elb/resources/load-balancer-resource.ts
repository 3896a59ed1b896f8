import type { PropertyReader, ResourceProvider } from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import type { Attributes } from '../attributes';
import type { ElbRegion } from '../elb-region';
import type { ElbContext } from '../operations/context';
import { hostedZone } from '../operations/load-balancer-operations';
import { elbProvider } from './elb-provider';

/** `AWS::ElasticLoadBalancingV2::LoadBalancer`: active as soon as its stack has it. */
export function loadBalancerProvider(context: ElbContext, authorize: Authorize): ResourceProvider {
  const { balancing } = context;
  return elbProvider(context, authorize, {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    properties: [
      'IpAddressType',
      'LoadBalancerAttributes',
      'Name',
      'Scheme',
      'SecurityGroups',
      'SubnetMappings',
      'Subnets',
      'Tags',
      'Type',
    ],
    unorderedProperties: ['LoadBalancerAttributes', 'SecurityGroups', 'Subnets'],
    actions: {
      create: 'CreateLoadBalancer',
      update: 'ModifyLoadBalancerAttributes',
      delete: 'DeleteLoadBalancer',
    },
    create(region, properties, request) {
      const scheme = properties.string('Scheme');
      const balancer = balancing.createLoadBalancer(
        region,
        {
          Name: properties.string('Name') ?? shortName(request.generateName(32)),
          Scheme: scheme === 'internal' ? scheme : 'internet-facing',
          Type: loadBalancerType(properties.string('Type')),
          IpAddressType: addressType(properties.string('IpAddressType')),
          ...subnetsOf(properties),
          SecurityGroups: properties.strings('SecurityGroups'),
        },
        true,
      );
      balancer.attributes.set(givenAttributes(properties, 'LoadBalancerAttributes'));
      return { physicalId: balancer.arn, attributes: attributesOf(region, balancer.arn) };
    },
    update(region, properties, { physicalId }) {
      const balancer = region.loadBalancer(physicalId);
      balancing.moveTo(region, balancer, subnetsOf(properties));
      balancing.secure(region, balancer, properties.strings('SecurityGroups'));
      balancer.attributes.reset();
      balancer.attributes.set(givenAttributes(properties, 'LoadBalancerAttributes'));
    },
    delete: (region, arn) => balancing.deleteLoadBalancer(region, arn),
    read(region, arn, properties) {
      const balancer = region.loadBalancer(arn);
      return {
        Name: balancer.name,
        Scheme: balancer.scheme,
        SecurityGroups: balancer.securityGroups,
        ...(properties.strings('Subnets') && {
          Subnets: balancer.zones.map(({ subnetId }) => subnetId),
        }),
        LoadBalancerAttributes: liveAttributes(
          properties,
          'LoadBalancerAttributes',
          balancer.attributes,
        ),
      };
    },
    attributes: attributesOf,
  });
}

/** Attributes as a template gives them. */
export function givenAttributes(properties: PropertyReader, name: string) {
  return (properties.objects(name) ?? []).map((one) => ({
    Key: one.string('Key'),
    Value: one.string('Value'),
  }));
}

/** Of the attributes of the template, what has become of them. */
export function liveAttributes(properties: PropertyReader, name: string, live: Attributes) {
  return properties.objects(name)?.map((one) => {
    const key = one.string('Key') ?? '';
    return { Key: key, Value: live.get(key) };
  });
}

/** A name that CloudFormation makes, without what load balancers do not take at its ends. */
export function shortName(name: string): string {
  return name.replace(/^-+|-+$/g, '');
}

function subnetsOf(properties: PropertyReader) {
  return {
    Subnets: properties.strings('Subnets'),
    SubnetMappings: properties
      .objects('SubnetMappings')
      ?.map((one) => ({ SubnetId: one.string('SubnetId') })),
  };
}

function loadBalancerType(text: string | undefined) {
  return (['application', 'gateway', 'network'] as const).find((one) => one === text);
}

function addressType(text: string | undefined) {
  return (['dualstack', 'dualstack-without-public-ipv4', 'ipv4'] as const).find(
    (one) => one === text,
  );
}

function attributesOf(region: ElbRegion, arn: string) {
  const balancer = region.loadBalancer(arn);
  return {
    LoadBalancerArn: balancer.arn,
    LoadBalancerName: balancer.name,
    LoadBalancerFullName: balancer.fullName,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneID: hostedZone,
    get SecurityGroups() {
      return balancer.securityGroups;
    },
  };
}
