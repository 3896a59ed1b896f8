import type { ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import {
  associateBlock,
  associateIpv6Block,
  createVpc,
  defaultDhcpOptions,
  deleteVpc,
  disassociateBlock,
  type Vpc,
} from './vpc';

/** The CloudFormation types of VPCs, their blocks of addresses and their DHCP options. */
export function vpcProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::VPC',
      on: 'vpc',
      properties: [
        'CidrBlock',
        'EnableDnsHostnames',
        'EnableDnsSupport',
        'InstanceTenancy',
        'Tags',
      ],
      actions: { create: 'CreateVpc', update: 'ModifyVpcAttribute', delete: 'DeleteVpc' },
      create(region, properties, request) {
        const vpc = createVpc(region, {
          cidrBlock: properties.requiredString('CidrBlock'),
          tenancy: properties.string('InstanceTenancy'),
          enableDnsHostnames: properties.boolean('EnableDnsHostnames'),
          enableDnsSupport: properties.boolean('EnableDnsSupport'),
          tags: resourceTags(properties, request),
        });
        return { physicalId: vpc.id, attributes: vpcAttributes(region, vpc) };
      },
      update(region, properties, { physicalId }) {
        const vpc = region.vpcs.get(physicalId);
        vpc.enableDnsHostnames = properties.boolean('EnableDnsHostnames') ?? false;
        vpc.enableDnsSupport = properties.boolean('EnableDnsSupport') ?? true;
      },
      delete: (region, _properties, { physicalId }) => deleteVpc(region, physicalId),
      read(region, _properties, { physicalId }) {
        const vpc = region.vpcs.get(physicalId);
        return {
          CidrBlock: String(vpc.blocks[0]?.block),
          EnableDnsHostnames: vpc.enableDnsHostnames,
          EnableDnsSupport: vpc.enableDnsSupport,
          InstanceTenancy: vpc.tenancy,
        };
      },
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::VPCCidrBlock',
      on: 'vpc',
      properties: ['AmazonProvidedIpv6CidrBlock', 'CidrBlock', 'VpcId'],
      actions: { create: 'AssociateVpcCidrBlock', delete: 'DisassociateVpcCidrBlock' },
      create(region, properties) {
        const vpc = region.vpcs.get(properties.requiredString('VpcId'));
        const cidrBlock = properties.string('CidrBlock');
        const { id } =
          cidrBlock === undefined
            ? associateIpv6Block(region, vpc)
            : associateBlock(region, vpc, cidrBlock);
        return {
          physicalId: id,
          attributes: {
            Id: id,
            ...(cidrBlock === undefined && { IpSource: 'amazon', Ipv6AddressAttribute: 'public' }),
          },
        };
      },
      exists: (region, properties) =>
        region.vpcs.find(properties.requiredString('VpcId')) !== undefined,
      delete(region, properties, { physicalId }) {
        const vpc = region.vpcs.get(properties.requiredString('VpcId'));
        disassociateBlock(region, vpc, physicalId);
      },
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::DHCPOptions',
      on: 'dhcp-options',
      properties: [...Object.keys(optionNames), 'Tags'],
      actions: { create: 'CreateDhcpOptions', delete: 'DeleteDhcpOptions' },
      create(region, properties, request) {
        const options = new Map(
          Object.entries(optionNames).flatMap(([property, name]) => {
            const values = properties.strings(property);
            return values === undefined ? [] : [[name, values] as const];
          }),
        );
        const tags = resourceTags(properties, request);
        const { id } = region.dhcpOptions.add((newId) => ({
          id: newId,
          isDefault: false,
          options,
          tags,
        }));
        return { physicalId: id, attributes: { DhcpOptionsId: id } };
      },
      delete: (region, _properties, { physicalId }) => region.dhcpOptions.delete(physicalId),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::VPCDHCPOptionsAssociation',
      on: 'dhcp-options',
      properties: ['DhcpOptionsId', 'VpcId'],
      actions: { create: 'AssociateDhcpOptions', delete: 'AssociateDhcpOptions' },
      create(region, properties) {
        const vpc = region.vpcs.get(properties.requiredString('VpcId'));
        const id = properties.requiredString('DhcpOptionsId');
        if (id !== 'default') region.dhcpOptions.get(id);
        vpc.dhcpOptionsId = id;
        return { physicalId: `${id}|${vpc.id}`, attributes: {} };
      },
      // Not if another association has taken its place.
      exists: (region, properties) =>
        region.vpcs.find(properties.requiredString('VpcId'))?.dhcpOptionsId ===
        properties.string('DhcpOptionsId'),
      delete(region, properties) {
        const vpc = region.vpcs.get(properties.requiredString('VpcId'));
        vpc.dhcpOptionsId = defaultDhcpOptions(region);
      },
    }),
  ];
}

const optionNames: Readonly<Record<string, string>> = {
  DomainName: 'domain-name',
  DomainNameServers: 'domain-name-servers',
  NetbiosNameServers: 'netbios-name-servers',
  NetbiosNodeType: 'netbios-node-type',
  NtpServers: 'ntp-servers',
};

/** Blocks of addresses come and go with resources of their own, so those are read when they are asked for. */
function vpcAttributes(region: Ec2Region, vpc: Vpc) {
  const inVpc = ({ vpcId }: { readonly vpcId: string }) => vpcId === vpc.id;
  const [acl] = region.networkAcls.where(inVpc);
  const [group] = region.securityGroups.where(inVpc);
  return {
    VpcId: vpc.id,
    CidrBlock: String(vpc.blocks[0]?.block),
    DefaultNetworkAcl: acl?.id ?? '',
    DefaultSecurityGroup: group?.id ?? '',
    get CidrBlockAssociations() {
      return vpc.blocks.map(({ id }) => id);
    },
    get Ipv6CidrBlocks() {
      return vpc.ipv6Blocks.map(({ block }) => String(block));
    },
  };
}
