import { acceptOnly } from '../../accepted-parameters';
import { setTags } from '../balancing';
import type { ElbRegion } from '../elb-region';
import { loadBalancerNotFound } from '../errors';
import type { LoadBalancer } from '../load-balancer';
import { type ElbContext, type Operations, pageOfArns, permit } from './context';

/** Of the hosted zone of load balancers in us-east-1; made up for the other regions. */
export const hostedZone = 'Z35SXDOTRQ7X7K';

/** Operations on load balancers and on the tags of everything. */
export function loadBalancerOperations({ balancing, regionOf }: ElbContext): Operations {
  return {
    CreateLoadBalancer(input, context) {
      const region = regionOf(context);
      permit(context, region.arn(`loadbalancer/app/${input.Name}/*`));
      const balancer = balancing.createLoadBalancer(region, input, false);
      return { LoadBalancers: [describeLoadBalancer(balancer)] };
    },

    DescribeLoadBalancers(input, context) {
      acceptOnly('DescribeLoadBalancers', input, [
        'LoadBalancerArns',
        'Marker',
        'Names',
        'PageSize',
      ]);
      permit(context, '*');
      const region = regionOf(context);
      const { LoadBalancerArns: arns, Names: names } = input;
      for (const arn of arns ?? []) region.loadBalancer(arn);
      const all = region.allLoadBalancers();
      for (const name of names ?? [])
        if (!all.some((one) => one.name === name)) throw loadBalancersNotFound(name);
      const named = all.filter(
        ({ arn, name }) => (arns?.includes(arn) ?? true) && (names?.includes(name) ?? true),
      );
      const { items, NextMarker } = pageOfArns(named, input);
      return { LoadBalancers: items.map(describeLoadBalancer), NextMarker };
    },

    DeleteLoadBalancer(input, context) {
      permit(context, input.LoadBalancerArn);
      balancing.deleteLoadBalancer(regionOf(context), input.LoadBalancerArn);
      return {};
    },

    DescribeLoadBalancerAttributes(input, context) {
      permit(context, '*');
      const { attributes } = regionOf(context).loadBalancer(input.LoadBalancerArn);
      return { Attributes: attributes.list() };
    },

    ModifyLoadBalancerAttributes(input, context) {
      permit(context, input.LoadBalancerArn);
      const { attributes } = regionOf(context).loadBalancer(input.LoadBalancerArn);
      attributes.set(input.Attributes);
      return { Attributes: attributes.list() };
    },

    SetSecurityGroups(input, context) {
      acceptOnly('SetSecurityGroups', input, ['LoadBalancerArn', 'SecurityGroups']);
      permit(context, input.LoadBalancerArn);
      const region = regionOf(context);
      const balancer = region.loadBalancer(input.LoadBalancerArn);
      balancing.secure(region, balancer, input.SecurityGroups);
      return { SecurityGroupIds: [...balancer.securityGroups] };
    },

    SetSubnets(input, context) {
      acceptOnly('SetSubnets', input, ['LoadBalancerArn', 'SubnetMappings', 'Subnets']);
      permit(context, input.LoadBalancerArn);
      const region = regionOf(context);
      const balancer = region.loadBalancer(input.LoadBalancerArn);
      balancing.moveTo(region, balancer, input);
      return { AvailabilityZones: describeZones(balancer) };
    },

    AddTags(input, context) {
      const region = regionOf(context);
      for (const arn of input.ResourceArns) {
        permit(context, arn);
        setTags(taggedBy(region, arn), input.Tags);
      }
      return {};
    },

    RemoveTags(input, context) {
      const region = regionOf(context);
      for (const arn of input.ResourceArns) {
        permit(context, arn);
        for (const key of input.TagKeys) taggedBy(region, arn).delete(key);
      }
      return {};
    },

    DescribeTags(input, context) {
      permit(context, '*');
      const region = regionOf(context);
      return {
        TagDescriptions: input.ResourceArns.map((arn) => ({
          ResourceArn: arn,
          Tags: [...taggedBy(region, arn)].map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  };
}

function taggedBy(region: ElbRegion, arn: string): Map<string, string> {
  const tags = region.tagsOf(arn);
  if (!tags) throw loadBalancerNotFound(arn);
  return tags;
}

function loadBalancersNotFound(name: string) {
  return loadBalancerNotFound(`[${name}]`);
}

function describeZones(balancer: LoadBalancer) {
  return balancer.zones.map(({ subnetId, zone }) => ({ SubnetId: subnetId, ZoneName: zone }));
}

function describeLoadBalancer(balancer: LoadBalancer) {
  return {
    LoadBalancerArn: balancer.arn,
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: hostedZone,
    CreatedTime: new Date(balancer.createdAt),
    Scheme: balancer.scheme,
    VpcId: balancer.vpcId,
    State: { Code: balancer.state },
    Type: 'application' as const,
    IpAddressType: 'ipv4' as const,
    AvailabilityZones: describeZones(balancer),
    SecurityGroups: [...balancer.securityGroups],
  };
}
