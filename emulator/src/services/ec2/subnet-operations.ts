import type { HostnameType, Subnet as SubnetDescription } from '@aws-sdk/client-ec2';
import { acceptOnly } from '../accepted-parameters';
import { answered, type Operations, type RegionOf } from './client';
import { describedPage, describeMembers, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import type { FilterTable } from './filters';
import { availableAddresses, createSubnet, deleteSubnet, type Subnet } from './subnet';
import { tagsIfAny, tagsOf } from './tags';

const filters = (region: Ec2Region): FilterTable<Subnet> => {
  const zone = ({ availabilityZone }: Subnet) => availabilityZone;
  const cidr = ({ block }: Subnet) => block && String(block);
  return {
    'availability-zone': zone,
    availabilityZone: zone,
    'availability-zone-id': ({ availabilityZoneId }) => availabilityZoneId,
    availabilityZoneId: ({ availabilityZoneId }) => availabilityZoneId,
    'available-ip-address-count': (subnet) => availableAddresses(region, subnet),
    cidr,
    'cidr-block': cidr,
    cidrBlock: cidr,
    'default-for-az': ({ isDefault }) => isDefault,
    defaultForAz: ({ isDefault }) => isDefault,
    'enable-dns64': ({ enableDns64 }) => enableDns64,
    'ipv6-cidr-block-association.association-id': ({ ipv6Blocks }) =>
      ipv6Blocks.map(({ id }) => id),
    'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6Blocks }) =>
      ipv6Blocks.map(({ block }) => String(block)),
    'ipv6-cidr-block-association.state': ({ ipv6Blocks }) => ipv6Blocks.map(() => 'associated'),
    'ipv6-native': ({ block }) => block === undefined,
    'map-public-ip-on-launch': ({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch,
    'owner-id': () => region.account,
    state: () => 'available',
    'subnet-arn': ({ id }) => region.arn('subnet', id),
    'subnet-id': ({ id }) => id,
    'vpc-id': ({ vpcId }) => vpcId,
  };
};

/** Operations on subnets. */
export function subnetOperations(regionOf: RegionOf): Operations {
  return {
    DescribeSubnets(input, context) {
      acceptOnly('DescribeSubnets', input, [...describeMembers, 'SubnetIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.subnets,
        input.SubnetIds,
        filters(region),
      );
      return { Subnets: items.map((one) => describeSubnet(region, one)), NextToken: nextToken };
    },

    CreateSubnet(input, context) {
      acceptOnly('CreateSubnet', input, [
        'AvailabilityZone',
        'AvailabilityZoneId',
        'CidrBlock',
        'DryRun',
        'Ipv6CidrBlock',
        'TagSpecifications',
        'VpcId',
      ]);
      const region = regionOf(context);
      permit(context, input, region.arn('subnet', '*'));
      const subnet = createSubnet(region, {
        vpcId: input.VpcId,
        cidrBlock: input.CidrBlock,
        ipv6CidrBlock: input.Ipv6CidrBlock,
        availabilityZone: input.AvailabilityZone ?? input.AvailabilityZoneId,
        tags: tagsOf(input.TagSpecifications, 'subnet'),
      });
      return { Subnet: describeSubnet(region, subnet) };
    },

    ModifySubnetAttribute(input, context) {
      acceptOnly('ModifySubnetAttribute', input, [
        'AssignIpv6AddressOnCreation',
        'EnableDns64',
        'MapPublicIpOnLaunch',
        'SubnetId',
      ]);
      const region = regionOf(context);
      permit(context, {}, region.arn('subnet', input.SubnetId));
      const subnet = region.subnets.get(input.SubnetId);
      subnet.mapPublicIpOnLaunch = input.MapPublicIpOnLaunch?.Value ?? subnet.mapPublicIpOnLaunch;
      subnet.enableDns64 = input.EnableDns64?.Value ?? subnet.enableDns64;
      subnet.assignIpv6AddressOnCreation =
        input.AssignIpv6AddressOnCreation?.Value ?? subnet.assignIpv6AddressOnCreation;
      return {};
    },

    DeleteSubnet(input, context) {
      acceptOnly('DeleteSubnet', input, ['DryRun', 'SubnetId']);
      const region = regionOf(context);
      permit(context, input, region.arn('subnet', input.SubnetId));
      deleteSubnet(region, input.SubnetId);
      return {};
    },
  };
}

function describeSubnet(region: Ec2Region, subnet: Subnet): SubnetDescription {
  return {
    SubnetId: subnet.id,
    SubnetArn: region.arn('subnet', subnet.id),
    OwnerId: region.account,
    VpcId: subnet.vpcId,
    State: 'available',
    AvailabilityZone: subnet.availabilityZone,
    AvailabilityZoneId: subnet.availabilityZoneId,
    AvailableIpAddressCount: availableAddresses(region, subnet),
    CidrBlock: subnet.block && String(subnet.block),
    Ipv6CidrBlockAssociationSet: subnet.ipv6Blocks.map(({ id, block }) => ({
      AssociationId: id,
      Ipv6CidrBlock: String(block),
      Ipv6CidrBlockState: { State: 'associated' },
    })),
    Ipv6Native: subnet.block === undefined,
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
    AssignIpv6AddressOnCreation: subnet.assignIpv6AddressOnCreation,
    EnableDns64: subnet.enableDns64,
    MapCustomerOwnedIpOnLaunch: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: answered<HostnameType>(subnet.hostnames.type),
      EnableResourceNameDnsARecord: subnet.hostnames.aRecord,
      EnableResourceNameDnsAAAARecord: subnet.hostnames.aaaaRecord,
    },
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagsIfAny(subnet.tags),
  };
}
