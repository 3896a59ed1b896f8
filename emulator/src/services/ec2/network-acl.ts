import { IpBlock } from '../../network/ip-block';
import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { hasDependencies, invalidCidr } from './errors';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** A rule of a network ACL. Nothing filters packets by it. */
export interface NetworkAclEntry {
  readonly egress: boolean;
  readonly ruleNumber: number;
  /** `-1` for all. */
  readonly protocol: string;
  readonly action: 'allow' | 'deny';
  readonly cidrBlock?: string | undefined;
  readonly ipv6CidrBlock?: string | undefined;
  readonly portRange?: { readonly From?: number | undefined; readonly To?: number | undefined };
  readonly icmp?: { readonly Type?: number | undefined; readonly Code?: number | undefined };
}

/** A network ACL of a VPC. */
export interface NetworkAcl extends Ec2Resource {
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly entries: NetworkAclEntry[];
  /** Ids of associations by subnet. */
  readonly associations: Map<string, string>;
}

export const networkAclKind: ResourceKind = {
  prefix: 'acl',
  resourceType: 'network-acl',
  notFoundCode: 'InvalidNetworkAclID.NotFound',
  notFoundMessage: (id) => `The networkAcl ID '${id}' does not exist`,
};

/** The rule that comes after all others, in both directions of each network ACL. */
const lastRule = 32767;

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html: the default one lets all pass, any other nothing. */
export function createNetworkAcl(
  region: Ec2Region,
  options: {
    readonly vpcId: string;
    readonly isDefault?: boolean;
    readonly tags: Map<string, string>;
  },
): NetworkAcl {
  const { vpcId, isDefault = false, tags } = options;
  region.vpcs.get(vpcId);
  const rule = (egress: boolean, ruleNumber: number, action: NetworkAclEntry['action']) => ({
    egress,
    ruleNumber,
    action,
    protocol: '-1',
    cidrBlock: '0.0.0.0/0',
  });
  const entries = [true, false].flatMap((egress) => [
    ...(isDefault ? [rule(egress, 100, 'allow')] : []),
    rule(egress, lastRule, 'deny'),
  ]);
  return region.networkAcls.add((id) => ({
    id,
    vpcId,
    isDefault,
    entries,
    associations: new Map(),
    tags,
  }));
}

/** @throws ServiceError for the default one, and while subnets have it. */
export function deleteNetworkAcl(region: Ec2Region, id: string): void {
  const acl = region.networkAcls.get(id);
  if (acl.isDefault)
    throw new ServiceError('InvalidParameterValue', `cannot delete default network ACL ${id}`);
  if (acl.associations.size > 0) throw hasDependencies('networkAcl', id);
  region.networkAcls.delete(id);
}

export function defaultNetworkAcl(region: Ec2Region, vpcId: string): NetworkAcl {
  const [acl] = region.networkAcls.where((one) => one.isDefault && one.vpcId === vpcId);
  if (!acl) throw new Error(`${vpcId} has no default network ACL`);
  return acl;
}

/** Puts a subnet on a network ACL, in place of the one that it was on. @returns the new association's id */
export function associateAcl(region: Ec2Region, acl: NetworkAcl, subnetId: string): string {
  for (const other of region.networkAcls.all()) other.associations.delete(subnetId);
  const id = region.newId('aclassoc');
  acl.associations.set(subnetId, id);
  return id;
}

/** The network ACL association of a subnet. */
export function aclAssociationOf(region: Ec2Region, subnetId: string): string {
  for (const { associations } of region.networkAcls.all()) {
    const id = associations.get(subnetId);
    if (id !== undefined) return id;
  }
  throw new Error(`${subnetId} has no network ACL`);
}

/** Adds a rule. @throws ServiceError `NetworkAclEntryAlreadyExists` if its number is taken. */
export function createAclEntry(acl: NetworkAcl, entry: NetworkAclEntry): void {
  checkEntry(entry);
  if (acl.entries.some((other) => sameEntry(other, entry)))
    throw new ServiceError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${entry.ruleNumber} already exists.`,
    );
  acl.entries.push(entry);
  acl.entries.sort((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber);
}

export function deleteAclEntry(
  acl: NetworkAcl,
  entry: Pick<NetworkAclEntry, 'egress' | 'ruleNumber'>,
): void {
  const index = acl.entries.findIndex((other) => sameEntry(other, entry));
  if (index < 0)
    throw new ServiceError(
      'InvalidNetworkAclEntry.NotFound',
      `The ${entry.egress ? 'egress' : 'ingress'} entry with rule number ${entry.ruleNumber} does not exist in network ACL ${acl.id}`,
    );
  acl.entries.splice(index, 1);
}

function checkEntry({ ruleNumber, cidrBlock, ipv6CidrBlock }: NetworkAclEntry): void {
  if (!(ruleNumber >= 1 && ruleNumber < lastRule))
    throw new ServiceError(
      'InvalidParameterValue',
      `Value (${ruleNumber}) for parameter ruleNumber is invalid. Must be between 1 and ${lastRule - 1}.`,
    );
  const cidr = cidrBlock ?? ipv6CidrBlock;
  if (cidr === undefined || !IpBlock.parse(cidr))
    throw invalidCidr(ipv6CidrBlock === undefined ? 'cidrBlock' : 'ipv6CidrBlock', cidr ?? '');
}

function sameEntry(
  a: Pick<NetworkAclEntry, 'egress' | 'ruleNumber'>,
  b: Pick<NetworkAclEntry, 'egress' | 'ruleNumber'>,
): boolean {
  return a.egress === b.egress && a.ruleNumber === b.ruleNumber;
}
