import { IpBlock } from '../../network/ip-block';
import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { hasDependencies, invalidCidr, invalidValue } from './errors';
import { createNetworkAcl } from './network-acl';
import type { Ec2Resource, ResourceKind } from './resource-table';
import { createRouteTable } from './route-table';
import { createDefaultSecurityGroup, deleteRules } from './security-group';

/** A block of addresses of a VPC or a subnet. */
export interface BlockAssociation {
  /** Such as `vpc-cidr-assoc-0123456789abcdef0`. */
  readonly id: string;
  readonly block: IpBlock;
}

/** A virtual private cloud. */
export interface Vpc extends Ec2Resource {
  readonly isDefault: boolean;
  readonly tenancy: 'default' | 'dedicated';
  /** IPv4; the first is the one that it was created with. */
  readonly blocks: BlockAssociation[];
  readonly ipv6Blocks: BlockAssociation[];
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  enableNetworkAddressUsageMetrics: boolean;
  dhcpOptionsId: string;
}

/** A set of DHCP options, kept and described. */
export interface DhcpOptions extends Ec2Resource {
  /** Whether VPCs have it that name no other. */
  readonly isDefault: boolean;
  /** Values by name, such as `domain-name-servers`. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

export const vpcKind: ResourceKind = {
  prefix: 'vpc',
  resourceType: 'vpc',
  notFoundCode: 'InvalidVpcID.NotFound',
  notFoundMessage: (id) => `The vpc ID '${id}' does not exist`,
};

export const dhcpOptionsKind: ResourceKind = {
  prefix: 'dopt',
  resourceType: 'dhcp-options',
  notFoundCode: 'InvalidDhcpOptionsID.NotFound',
  notFoundMessage: (id) => `The dhcpOption ID '${id}' does not exist`,
};

/** What a VPC is created with. */
export interface VpcOptions {
  /** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html: /16 to /28 */
  readonly cidrBlock: string;
  readonly tags: Map<string, string>;
  /** @default false */
  readonly isDefault?: boolean;
  /** @default default */
  readonly tenancy?: string | undefined;
  /** @default false, true for the default VPC */
  readonly enableDnsHostnames?: boolean | undefined;
  /** @default true */
  readonly enableDnsSupport?: boolean | undefined;
}

/** Creates a VPC, with its main route table, default network ACL and default security group. */
export function createVpc(region: Ec2Region, options: VpcOptions): Vpc {
  const { isDefault = false, tenancy = 'default', tags } = options;
  if (tenancy !== 'default' && tenancy !== 'dedicated')
    throw invalidValue(`Value (${tenancy}) for parameter instanceTenancy is invalid.`);
  const block = vpcBlock(options.cidrBlock);
  const vpc = region.vpcs.add((id) => ({
    id,
    tags,
    isDefault,
    tenancy,
    blocks: [{ id: region.newId('vpc-cidr-assoc'), block }],
    ipv6Blocks: [],
    enableDnsSupport: options.enableDnsSupport ?? true,
    enableDnsHostnames: options.enableDnsHostnames ?? isDefault,
    enableNetworkAddressUsageMetrics: false,
    dhcpOptionsId: defaultDhcpOptions(region),
  }));
  createRouteTable(region, { vpcId: vpc.id, main: true, tags: new Map() });
  createNetworkAcl(region, { vpcId: vpc.id, isDefault: true, tags: new Map() });
  createDefaultSecurityGroup(region, vpc.id);
  return vpc;
}

/** Adds an IPv4 block to a VPC. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateVpcCidrBlock.html */
export function associateBlock(region: Ec2Region, vpc: Vpc, cidrBlock: string): BlockAssociation {
  const block = vpcBlock(cidrBlock);
  if (vpc.blocks.some((other) => other.block.overlaps(block)))
    throw new ServiceError(
      'InvalidVpc.Conflict',
      `The CIDR '${cidrBlock}' conflicts with another block of the VPC ${vpc.id}.`,
    );
  const association = { id: region.newId('vpc-cidr-assoc'), block };
  vpc.blocks.push(association);
  return association;
}

/** Adds a /56 of IPv6 addresses, out of the range that is kept for documentation. */
export function associateIpv6Block(region: Ec2Region, vpc: Vpc): BlockAssociation {
  const random = region.stream('ipv6-blocks');
  const group = () => random.hex(4);
  const block = IpBlock.parse(`2001:db8:${group()}:${random.hex(2)}00::/56`);
  if (!block) throw new Error('not a block');
  const association = { id: region.newId('vpc-cidr-assoc'), block };
  vpc.ipv6Blocks.push(association);
  return association;
}

/** Takes a block from a VPC. @throws ServiceError while a subnet has a part of it. */
export function disassociateBlock(region: Ec2Region, vpc: Vpc, associationId: string): void {
  for (const blocks of [vpc.blocks, vpc.ipv6Blocks]) {
    const index = blocks.findIndex(({ id }) => id === associationId);
    const [association] = blocks.slice(index, index + 1);
    if (index < 0 || !association) continue;
    const used = region.subnets
      .where(({ vpcId }) => vpcId === vpc.id)
      .some((subnet) =>
        [subnet.block, ...subnet.ipv6Blocks.map(({ block }) => block)].some(
          (block) => block !== undefined && association.block.contains(block),
        ),
      );
    if (used)
      throw new ServiceError(
        'DependencyViolation',
        `The vpc CIDR block with association ID ${associationId} has dependencies and cannot be disassociated.`,
      );
    blocks.splice(index, 1);
    return;
  }
}

/**
 * Deletes a VPC with what it was created with.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
 * @throws ServiceError `DependencyViolation` while anything else is in it.
 */
export function deleteVpc(region: Ec2Region, id: string): void {
  const vpc = region.vpcs.get(id);
  const inside = (resource: { readonly vpcId?: string | undefined }) => resource.vpcId === vpc.id;
  const groups = region.securityGroups.where(inside);
  const tables = region.routeTables.where(inside);
  const acls = region.networkAcls.where(inside);
  const others = [
    ...region.subnets.where(inside),
    ...region.internetGateways.where(inside),
    ...region.egressOnlyInternetGateways.where(inside),
    ...region.vpnGateways.where(inside),
    ...region.vpcEndpoints.where(inside),
    ...groups.filter(({ name }) => name !== 'default'),
    ...tables.filter(({ associations }) => !associations.some(({ main }) => main)),
    ...acls.filter(({ isDefault }) => !isDefault),
  ];
  if (others.length > 0) throw hasDependencies('vpc', id);
  for (const group of groups) {
    deleteRules(region, group.id);
    region.securityGroups.delete(group.id);
  }
  for (const table of tables) region.routeTables.delete(table.id);
  for (const acl of acls) region.networkAcls.delete(acl.id);
  region.vpcs.delete(id);
}

/** The VPC of those who name none. @throws ServiceError if it has been deleted. */
export function defaultVpc(region: Ec2Region): Vpc {
  const [vpc] = region.vpcs.where(({ isDefault }) => isDefault);
  if (!vpc) throw new ServiceError('VPCIdNotSpecified', 'No default VPC for this user');
  return vpc;
}

/** The set of DHCP options of VPCs that name no other. */
export function defaultDhcpOptions(region: Ec2Region): string {
  const [options] = region.dhcpOptions.where(({ isDefault }) => isDefault);
  if (!options) throw new Error('there is no default set of DHCP options');
  return options.id;
}

function vpcBlock(cidrBlock: string): IpBlock {
  const block = IpBlock.parse(cidrBlock);
  if (!block || block.isIpv6) throw invalidCidr('cidrBlock', cidrBlock);
  if (block.prefix < 16 || block.prefix > 28)
    throw new ServiceError('InvalidVpc.Range', `The CIDR '${cidrBlock}' is invalid.`);
  return block;
}
