import type { NetworkInterfaceType } from '@aws-sdk/client-ec2';
import { ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { answered, type Operations, type RegionOf } from './client';
import { describedPage, describeMembers, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import { type Address, allocateAddress, releaseAddress } from './elastic-ip';
import type { FilterTable } from './filters';
import type { NetworkInterface } from './network-interface';
import { availabilityZoneOf } from './subnet';
import { tagList, tagsIfAny, tagsOf } from './tags';

const addressFilters = (region: Ec2Region): FilterTable<Address> => ({
  'allocation-id': ({ id }) => id,
  'association-id': ({ association }) => association?.id,
  domain: () => 'vpc',
  'network-border-group': () => region.region,
  'network-interface-id': ({ association }) => association?.networkInterfaceId,
  'network-interface-owner-id': ({ association }) => association && region.account,
  'private-ip-address': ({ association }) => privateIpOf(region, association),
  'public-ip': ({ publicIp }) => publicIp,
});

const interfaceFilters = (region: Ec2Region): FilterTable<NetworkInterface> => ({
  'addresses.association.public-ip': ({ id }) => publicAddressOf(region, id)?.publicIp,
  'addresses.private-ip-address': ({ privateIp }) => privateIp,
  'association.allocation-id': ({ id }) => publicAddressOf(region, id)?.id,
  'association.public-ip': ({ id }) => publicAddressOf(region, id)?.publicIp,
  'availability-zone': ({ subnetId }) => availabilityZoneOf(region, subnetId),
  description: ({ description }) => description,
  'group-id': ({ groupIds }) => groupIds,
  'interface-type': ({ type }) => type,
  'mac-address': ({ macAddress }) => macAddress,
  'network-interface-id': ({ id }) => id,
  'owner-id': () => region.account,
  'private-ip-address': ({ privateIp }) => privateIp,
  'requester-managed': () => true,
  status: () => 'in-use',
  'subnet-id': ({ subnetId }) => subnetId,
  'vpc-id': ({ vpcId }) => vpcId,
});

/** Operations on Elastic IP addresses, and on the network interfaces that NAT gateways and endpoints have. */
export function addressOperations(regionOf: RegionOf): Operations {
  return {
    DescribeAddresses(input, context) {
      acceptOnly('DescribeAddresses', input, ['AllocationIds', 'DryRun', 'Filters', 'PublicIps']);
      const region = regionOf(context);
      const byIp = (input.PublicIps ?? []).map((ip) => {
        const [address] = region.addresses.where(({ publicIp }) => publicIp === ip);
        if (!address)
          throw new ServiceError('InvalidAddress.NotFound', `Address '${ip}' not found.`);
        return address.id;
      });
      const ids = [...(input.AllocationIds ?? []), ...byIp];
      const { Filters, DryRun } = input;
      const { items } = describedPage(
        context,
        { Filters, DryRun },
        region.addresses,
        ids,
        addressFilters(region),
      );
      return {
        Addresses: items.map(({ id, publicIp, association, tags }) => ({
          AllocationId: id,
          PublicIp: publicIp,
          Domain: 'vpc',
          PublicIpv4Pool: 'amazon',
          NetworkBorderGroup: region.region,
          AssociationId: association?.id,
          NetworkInterfaceId: association?.networkInterfaceId,
          NetworkInterfaceOwnerId: association && region.account,
          PrivateIpAddress: privateIpOf(region, association),
          Tags: tagsIfAny(tags),
        })),
      };
    },

    AllocateAddress(input, context) {
      acceptOnly('AllocateAddress', input, ['Domain', 'DryRun', 'TagSpecifications']);
      const region = regionOf(context);
      permit(context, input, region.arn('elastic-ip', '*'));
      const address = allocateAddress(region, tagsOf(input.TagSpecifications, 'elastic-ip'));
      return {
        AllocationId: address.id,
        PublicIp: address.publicIp,
        Domain: 'vpc',
        PublicIpv4Pool: 'amazon',
        NetworkBorderGroup: region.region,
      };
    },

    ReleaseAddress(input, context) {
      acceptOnly('ReleaseAddress', input, ['AllocationId', 'DryRun']);
      const region = regionOf(context);
      const { AllocationId: id = '' } = input;
      permit(context, input, region.arn('elastic-ip', id));
      releaseAddress(region, id);
      return {};
    },

    DescribeNetworkInterfaces(input, context) {
      acceptOnly('DescribeNetworkInterfaces', input, [...describeMembers, 'NetworkInterfaceIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.networkInterfaces,
        input.NetworkInterfaceIds,
        interfaceFilters(region),
      );
      return {
        NetworkInterfaces: items.map((one) => describeInterface(region, one)),
        NextToken: nextToken,
      };
    },
  };
}

function describeInterface(region: Ec2Region, one: NetworkInterface) {
  const address = publicAddressOf(region, one.id);
  const association = address?.association && {
    AllocationId: address.id,
    AssociationId: address.association.id,
    PublicIp: address.publicIp,
    IpOwnerId: region.account,
  };
  return {
    NetworkInterfaceId: one.id,
    OwnerId: region.account,
    VpcId: one.vpcId,
    SubnetId: one.subnetId,
    AvailabilityZone: availabilityZoneOf(region, one.subnetId),
    Description: one.description,
    InterfaceType: answered<NetworkInterfaceType>(one.type),
    MacAddress: one.macAddress,
    PrivateIpAddress: one.privateIp,
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: one.privateIp, Association: association },
    ],
    Association: association,
    Groups: one.groupIds.map((id) => ({
      GroupId: id,
      GroupName: region.securityGroups.find(id)?.name,
    })),
    Ipv6Addresses: [],
    RequesterManaged: one.type !== 'interface',
    SourceDestCheck: one.type !== 'nat_gateway',
    Status: 'in-use' as const,
    TagSet: tagList(one.tags),
  };
}

function publicAddressOf(region: Ec2Region, interfaceId: string): Address | undefined {
  return region.addresses
    .all()
    .find(({ association }) => association?.networkInterfaceId === interfaceId);
}

function privateIpOf(region: Ec2Region, association: Address['association']): string | undefined {
  return association && region.networkInterfaces.find(association.networkInterfaceId)?.privateIp;
}
