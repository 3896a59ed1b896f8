import { availabilityZones } from '../../network/availability-zones';
import { IpBlock } from '../../network/ip-block';
import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { hasDependencies, invalidCidr, invalidValue } from './errors';
import { associateAcl, defaultNetworkAcl } from './network-acl';
import type { Ec2Resource, ResourceKind } from './resource-table';
import type { BlockAssociation, Vpc } from './vpc';

/** A range of a VPC's addresses in one availability zone. */
export interface Subnet extends Ec2Resource {
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly availabilityZoneId: string;
  /** IPv4; undefined in a subnet of IPv6 alone. */
  readonly block: IpBlock | undefined;
  readonly ipv6Blocks: BlockAssociation[];
  readonly isDefault: boolean;
  mapPublicIpOnLaunch: boolean;
  assignIpv6AddressOnCreation: boolean;
  enableDns64: boolean;
  hostnames: HostnameOptions;
}

/** How instances of a subnet are named. */
export interface HostnameOptions {
  /** `ip-name` or `resource-name`. */
  readonly type: string;
  readonly aRecord: boolean;
  readonly aaaaRecord: boolean;
}

export const subnetKind: ResourceKind = {
  prefix: 'subnet',
  resourceType: 'subnet',
  notFoundCode: 'InvalidSubnetID.NotFound',
  notFoundMessage: (id) => `The subnet ID '${id}' does not exist`,
};

/** Names by address: what a subnet has unless it asks for others. */
export const byAddress: HostnameOptions = {
  type: 'ip-name',
  aRecord: false,
  aaaaRecord: false,
};

/** What a subnet is created with. */
export interface SubnetOptions {
  readonly vpcId: string;
  /** @default - IPv6 alone */
  readonly cidrBlock?: string | undefined;
  readonly ipv6CidrBlock?: string | undefined;
  /** Name or id. @default - the first of the region */
  readonly availabilityZone?: string | undefined;
  readonly tags: Map<string, string>;
  readonly isDefault?: boolean;
  readonly mapPublicIpOnLaunch?: boolean | undefined;
  readonly assignIpv6AddressOnCreation?: boolean | undefined;
  readonly enableDns64?: boolean | undefined;
  /** @default - by address, without records */
  readonly hostnames?: HostnameOptions | undefined;
}

/**
 * Creates a subnet, on its VPC's default network ACL.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
 * @throws ServiceError `InvalidSubnet.Range`, `InvalidSubnet.Conflict`, and for an availability zone of another region.
 */
export function createSubnet(region: Ec2Region, options: SubnetOptions): Subnet {
  const vpc = region.vpcs.get(options.vpcId);
  const zones = availabilityZones(region.region);
  const wanted = options.availabilityZone ?? zones[0]?.name;
  const zone = zones.find(({ name, id }) => name === wanted || id === wanted);
  if (!zone)
    throw invalidValue(
      `Value (${wanted}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.map(({ name }) => name).join(', ')}.`,
    );
  const { cidrBlock, ipv6CidrBlock } = options;
  if (cidrBlock === undefined && ipv6CidrBlock === undefined)
    throw new ServiceError(
      'MissingParameter',
      "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.",
    );
  const block = cidrBlock === undefined ? undefined : subnetBlock(region, vpc, cidrBlock);
  const subnet = region.subnets.add((id) => ({
    id,
    vpcId: vpc.id,
    availabilityZone: zone.name,
    availabilityZoneId: zone.id,
    block,
    ipv6Blocks: [],
    isDefault: options.isDefault ?? false,
    mapPublicIpOnLaunch: options.mapPublicIpOnLaunch ?? false,
    assignIpv6AddressOnCreation: options.assignIpv6AddressOnCreation ?? false,
    enableDns64: options.enableDns64 ?? false,
    hostnames: options.hostnames ?? byAddress,
    tags: options.tags,
  }));
  if (ipv6CidrBlock !== undefined) {
    try {
      associateSubnetBlock(region, subnet, ipv6CidrBlock);
    } catch (error) {
      region.subnets.delete(subnet.id);
      throw error;
    }
  }
  associateAcl(region, defaultNetworkAcl(region, vpc.id), subnet.id);
  return subnet;
}

/** Adds an IPv6 block, /44 to /64, to a subnet. */
export function associateSubnetBlock(
  region: Ec2Region,
  subnet: Subnet,
  ipv6CidrBlock: string,
): BlockAssociation {
  const block = IpBlock.parse(ipv6CidrBlock);
  if (!block?.isIpv6) throw invalidCidr('ipv6CidrBlock', ipv6CidrBlock);
  const vpc = region.vpcs.get(subnet.vpcId);
  if (block.prefix > 64 || !vpc.ipv6Blocks.some((one) => one.block.contains(block)))
    throw new ServiceError('InvalidSubnet.Range', `The CIDR '${ipv6CidrBlock}' is invalid.`);
  const others = subnetsOf(region, vpc.id).flatMap(({ ipv6Blocks }) => ipv6Blocks);
  if (others.some((other) => other.block.overlaps(block))) throw conflict(ipv6CidrBlock);
  const association = { id: region.newId('subnet-cidr-assoc'), block };
  subnet.ipv6Blocks.push(association);
  return association;
}

/** @throws ServiceError `DependencyViolation` while it holds network interfaces. */
export function deleteSubnet(region: Ec2Region, id: string): void {
  region.subnets.get(id);
  if (region.networkInterfaces.all().some(({ subnetId }) => subnetId === id))
    throw hasDependencies('subnet', id);
  for (const table of region.routeTables.all()) {
    const index = table.associations.findIndex(({ subnetId }) => subnetId === id);
    if (index >= 0) table.associations.splice(index, 1);
  }
  for (const acl of region.networkAcls.all()) acl.associations.delete(id);
  region.subnets.delete(id);
}

/** Addresses that are free: AWS keeps the first four and the last for itself. */
export function availableAddresses(region: Ec2Region, { id, block }: Subnet): number {
  if (!block) return 0;
  const used = region.networkInterfaces.all().filter(({ subnetId }) => subnetId === id).length;
  return Number(block.size) - 5 - used;
}

function subnetsOf(region: Ec2Region, vpcId: string): Subnet[] {
  return region.subnets.where((subnet) => subnet.vpcId === vpcId);
}

function subnetBlock(region: Ec2Region, vpc: Vpc, cidrBlock: string): IpBlock {
  const block = IpBlock.parse(cidrBlock);
  if (!block || block.isIpv6) throw invalidCidr('cidrBlock', cidrBlock);
  if (
    block.prefix < 16 ||
    block.prefix > 28 ||
    !vpc.blocks.some((one) => one.block.contains(block))
  )
    throw new ServiceError('InvalidSubnet.Range', `The CIDR '${cidrBlock}' is invalid.`);
  if (subnetsOf(region, vpc.id).some((other) => other.block?.overlaps(block)))
    throw conflict(cidrBlock);
  return block;
}

function conflict(cidrBlock: string): ServiceError {
  return new ServiceError(
    'InvalidSubnet.Conflict',
    `The CIDR '${cidrBlock}' conflicts with another subnet`,
  );
}

/** The availability zone of a subnet; undefined once it has gone. */
export function availabilityZoneOf(region: Ec2Region, subnetId: string): string | undefined {
  return region.subnets.find(subnetId)?.availabilityZone;
}
