import type { PropertyReader, ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import { aclAssociationOf } from './network-acl';
import {
  associateSubnetBlock,
  byAddress,
  createSubnet,
  deleteSubnet,
  type HostnameOptions,
  type Subnet,
} from './subnet';

/** The CloudFormation types of subnets. */
export function subnetProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::Subnet',
      on: 'subnet',
      properties: [
        'AssignIpv6AddressOnCreation',
        'AvailabilityZone',
        'AvailabilityZoneId',
        'CidrBlock',
        'EnableDns64',
        'Ipv6CidrBlock',
        'Ipv6Native',
        'MapPublicIpOnLaunch',
        'PrivateDnsNameOptionsOnLaunch',
        'Tags',
        'VpcId',
      ],
      actions: {
        create: 'CreateSubnet',
        update: 'ModifySubnetAttribute',
        delete: 'DeleteSubnet',
      },
      create(region, properties, request) {
        const subnet = createSubnet(region, {
          vpcId: properties.requiredString('VpcId'),
          cidrBlock: properties.string('CidrBlock'),
          ipv6CidrBlock: properties.string('Ipv6CidrBlock'),
          availabilityZone:
            properties.string('AvailabilityZone') ?? properties.string('AvailabilityZoneId'),
          mapPublicIpOnLaunch: properties.boolean('MapPublicIpOnLaunch'),
          assignIpv6AddressOnCreation: properties.boolean('AssignIpv6AddressOnCreation'),
          enableDns64: properties.boolean('EnableDns64'),
          hostnames: hostnamesOf(properties),
          tags: resourceTags(properties, request),
        });
        return { physicalId: subnet.id, attributes: subnetAttributes(region, subnet) };
      },
      update(region, properties, { physicalId }) {
        const subnet = region.subnets.get(physicalId);
        const ipv6 = properties.string('Ipv6CidrBlock');
        const had = subnet.ipv6Blocks.some(({ block }) => String(block) === ipv6);
        if (ipv6 !== undefined && !had) associateSubnetBlock(region, subnet, ipv6);
        subnet.mapPublicIpOnLaunch = properties.boolean('MapPublicIpOnLaunch') ?? false;
        subnet.enableDns64 = properties.boolean('EnableDns64') ?? false;
        subnet.hostnames = hostnamesOf(properties) ?? byAddress;
        subnet.assignIpv6AddressOnCreation =
          properties.boolean('AssignIpv6AddressOnCreation') ?? false;
      },
      delete: (region, _properties, { physicalId }) => deleteSubnet(region, physicalId),
      read(region, _properties, { physicalId }) {
        const subnet = region.subnets.get(physicalId);
        return {
          AvailabilityZone: subnet.availabilityZone,
          VpcId: subnet.vpcId,
          MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
          AssignIpv6AddressOnCreation: subnet.assignIpv6AddressOnCreation,
          EnableDns64: subnet.enableDns64,
          ...(subnet.block && { CidrBlock: String(subnet.block) }),
        };
      },
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::SubnetCidrBlock',
      on: 'subnet',
      properties: ['Ipv6CidrBlock', 'SubnetId'],
      actions: { create: 'AssociateSubnetCidrBlock', delete: 'DisassociateSubnetCidrBlock' },
      create(region, properties) {
        const subnet = region.subnets.get(properties.requiredString('SubnetId'));
        const { id } = associateSubnetBlock(
          region,
          subnet,
          properties.requiredString('Ipv6CidrBlock'),
        );
        return {
          physicalId: id,
          attributes: { Id: id, IpSource: 'amazon', Ipv6AddressAttribute: 'public' },
        };
      },
      exists: (region, properties) =>
        region.subnets.find(properties.requiredString('SubnetId')) !== undefined,
      delete(region, properties, { physicalId }) {
        const { ipv6Blocks } = region.subnets.get(properties.requiredString('SubnetId'));
        const index = ipv6Blocks.findIndex(({ id }) => id === physicalId);
        if (index >= 0) ipv6Blocks.splice(index, 1);
      },
    }),
  ];
}

function hostnamesOf(properties: PropertyReader): HostnameOptions | undefined {
  const options = properties.object('PrivateDnsNameOptionsOnLaunch');
  return (
    options && {
      type: options.string('HostnameType') ?? byAddress.type,
      aRecord: options.boolean('EnableResourceNameDnsARecord') ?? false,
      aaaaRecord: options.boolean('EnableResourceNameDnsAAAARecord') ?? false,
    }
  );
}

/** What other resources change is read when it is asked for. */
function subnetAttributes(region: Ec2Region, subnet: Subnet) {
  return {
    SubnetId: subnet.id,
    VpcId: subnet.vpcId,
    AvailabilityZone: subnet.availabilityZone,
    AvailabilityZoneId: subnet.availabilityZoneId,
    ...(subnet.block && { CidrBlock: String(subnet.block) }),
    get Ipv6CidrBlocks() {
      return subnet.ipv6Blocks.map(({ block }) => String(block));
    },
    get NetworkAclAssociationId() {
      return aclAssociationOf(region, subnet.id);
    },
  };
}
