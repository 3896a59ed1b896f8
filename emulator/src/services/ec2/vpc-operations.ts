import type { Vpc as VpcDescription } from '@aws-sdk/client-ec2';
import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { Operations, RegionOf } from './client';
import { describedPage, describeMembers, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import type { FilterTable } from './filters';
import { tagList, tagsIfAny, tagsOf } from './tags';
import { createVpc, type DhcpOptions, deleteVpc, type Vpc } from './vpc';

const filters = (region: Ec2Region): FilterTable<Vpc> => ({
  cidr: ({ blocks: [primary] }) => primary && String(primary.block),
  'cidr-block-association.association-id': ({ blocks }) => blocks.map(({ id }) => id),
  'cidr-block-association.cidr-block': ({ blocks }) => blocks.map(({ block }) => String(block)),
  'cidr-block-association.state': () => 'associated',
  'dhcp-options-id': ({ dhcpOptionsId }) => dhcpOptionsId,
  'ipv6-cidr-block-association.association-id': ({ ipv6Blocks }) => ipv6Blocks.map(({ id }) => id),
  'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6Blocks }) =>
    ipv6Blocks.map(({ block }) => String(block)),
  'ipv6-cidr-block-association.state': ({ ipv6Blocks }) => ipv6Blocks.map(() => 'associated'),
  'is-default': ({ isDefault }) => isDefault,
  // The name before `is-default`, which AWS still takes.
  isDefault: ({ isDefault }) => isDefault,
  'owner-id': () => region.account,
  state: () => 'available',
  'vpc-id': ({ id }) => id,
});

const dhcpFilters = (region: Ec2Region): FilterTable<DhcpOptions> => ({
  'dhcp-options-id': ({ id }) => id,
  key: ({ options }) => [...options.keys()],
  'owner-id': () => region.account,
  value: ({ options }) => [...options.values()].flat(),
});

/** Operations on VPCs and their DHCP options. */
export function vpcOperations(regionOf: RegionOf): Operations {
  return {
    DescribeVpcs(input, context) {
      acceptOnly('DescribeVpcs', input, [...describeMembers, 'VpcIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.vpcs,
        input.VpcIds,
        filters(region),
      );
      return { Vpcs: items.map((vpc) => describeVpc(region, vpc)), NextToken: nextToken };
    },

    DescribeVpcAttribute(input, context) {
      acceptOnly('DescribeVpcAttribute', input, ['Attribute', 'DryRun', 'VpcId']);
      const region = regionOf(context);
      permit(context, input, region.arn('vpc', input.VpcId));
      const vpc = region.vpcs.get(input.VpcId);
      const { Attribute: attribute } = input;
      switch (attribute) {
        case 'enableDnsHostnames':
          return { VpcId: vpc.id, EnableDnsHostnames: { Value: vpc.enableDnsHostnames } };
        case 'enableDnsSupport':
          return { VpcId: vpc.id, EnableDnsSupport: { Value: vpc.enableDnsSupport } };
        case 'enableNetworkAddressUsageMetrics':
          return {
            VpcId: vpc.id,
            EnableNetworkAddressUsageMetrics: { Value: vpc.enableNetworkAddressUsageMetrics },
          };
        default:
          throw new NotImplementedError(`the attribute ${attribute} of DescribeVpcAttribute`);
      }
    },

    ModifyVpcAttribute(input, context) {
      acceptOnly('ModifyVpcAttribute', input, [
        'EnableDnsHostnames',
        'EnableDnsSupport',
        'EnableNetworkAddressUsageMetrics',
        'VpcId',
      ]);
      const region = regionOf(context);
      permit(context, {}, region.arn('vpc', input.VpcId));
      const vpc = region.vpcs.get(input.VpcId);
      vpc.enableDnsHostnames = input.EnableDnsHostnames?.Value ?? vpc.enableDnsHostnames;
      vpc.enableDnsSupport = input.EnableDnsSupport?.Value ?? vpc.enableDnsSupport;
      vpc.enableNetworkAddressUsageMetrics =
        input.EnableNetworkAddressUsageMetrics?.Value ?? vpc.enableNetworkAddressUsageMetrics;
      return {};
    },

    CreateVpc(input, context) {
      acceptOnly('CreateVpc', input, [
        'CidrBlock',
        'DryRun',
        'InstanceTenancy',
        'TagSpecifications',
      ]);
      const region = regionOf(context);
      permit(context, input, region.arn('vpc', '*'));
      const vpc = createVpc(region, {
        cidrBlock: input.CidrBlock ?? '',
        tenancy: input.InstanceTenancy,
        tags: tagsOf(input.TagSpecifications, 'vpc'),
      });
      return { Vpc: describeVpc(region, vpc) };
    },

    DeleteVpc(input, context) {
      acceptOnly('DeleteVpc', input, ['DryRun', 'VpcId']);
      const region = regionOf(context);
      permit(context, input, region.arn('vpc', input.VpcId));
      deleteVpc(region, input.VpcId);
      return {};
    },

    DescribeDhcpOptions(input, context) {
      acceptOnly('DescribeDhcpOptions', input, [...describeMembers, 'DhcpOptionsIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.dhcpOptions,
        input.DhcpOptionsIds,
        dhcpFilters(region),
      );
      return {
        DhcpOptions: items.map(({ id, options, tags }) => ({
          DhcpOptionsId: id,
          OwnerId: region.account,
          DhcpConfigurations: [...options].map(([key, values]) => ({
            Key: key,
            Values: values.map((value) => ({ Value: value })),
          })),
          Tags: tagList(tags),
        })),
        NextToken: nextToken,
      };
    },
  };
}

function describeVpc(region: Ec2Region, vpc: Vpc): VpcDescription {
  return {
    VpcId: vpc.id,
    OwnerId: region.account,
    State: 'available',
    CidrBlock: vpc.blocks[0] && String(vpc.blocks[0].block),
    CidrBlockAssociationSet: vpc.blocks.map(({ id, block }) => ({
      AssociationId: id,
      CidrBlock: String(block),
      CidrBlockState: { State: 'associated' },
    })),
    Ipv6CidrBlockAssociationSet:
      vpc.ipv6Blocks.length === 0
        ? undefined
        : vpc.ipv6Blocks.map(({ id, block }) => ({
            AssociationId: id,
            Ipv6CidrBlock: String(block),
            Ipv6CidrBlockState: { State: 'associated' },
            Ipv6Pool: 'Amazon',
            NetworkBorderGroup: region.region,
          })),
    DhcpOptionsId: vpc.dhcpOptionsId,
    InstanceTenancy: vpc.tenancy,
    IsDefault: vpc.isDefault,
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagsIfAny(vpc.tags),
  };
}
