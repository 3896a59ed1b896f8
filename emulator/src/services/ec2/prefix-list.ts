import { createHash } from 'node:crypto';
import { IpBlock } from '../../network/ip-block';
import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** One block of a prefix list. */
export interface PrefixListEntry {
  readonly cidr: string;
  readonly description?: string | undefined;
}

/** A named list of blocks, of a customer or of AWS. */
export interface PrefixList extends Ec2Resource {
  name: string;
  /** An account, or `AWS`. */
  readonly owner: string;
  readonly addressFamily: 'IPv4' | 'IPv6';
  maxEntries: number;
  version: number;
  entries: readonly PrefixListEntry[];
}

export const prefixListKind: ResourceKind = {
  prefix: 'pl',
  resourceType: 'prefix-list',
  notFoundCode: 'InvalidPrefixListID.NotFound',
  notFoundMessage: (id) => `The prefix list ID '${id}' does not exist`,
};

/** What a prefix list is created with, and changed to. */
export interface PrefixListOptions {
  readonly name: string;
  readonly addressFamily: string;
  /** @default - as many as there are entries */
  readonly maxEntries?: number | undefined;
  readonly entries: readonly PrefixListEntry[];
  readonly tags: Map<string, string>;
}

/** @throws ServiceError for a family, a size or an entry that cannot be. */
export function createPrefixList(region: Ec2Region, options: PrefixListOptions): PrefixList {
  const { name, addressFamily, tags } = options;
  if (addressFamily !== 'IPv4' && addressFamily !== 'IPv6')
    throw invalidValue(`Value (${addressFamily}) for parameter AddressFamily is invalid.`);
  const entries = checkedEntries(addressFamily, options.entries);
  const maxEntries = options.maxEntries ?? entries.length;
  checkSize(maxEntries, entries.length);
  return region.prefixLists.add((id) => ({
    id,
    name,
    owner: region.account,
    addressFamily,
    maxEntries,
    version: 1,
    entries,
    tags,
  }));
}

/** Gives a list another name, size and entries; other entries make another version. */
export function modifyPrefixList(
  list: PrefixList,
  options: Pick<PrefixListOptions, 'name' | 'maxEntries' | 'entries'>,
): void {
  const entries = checkedEntries(list.addressFamily, options.entries);
  const maxEntries = options.maxEntries ?? Math.max(list.maxEntries, entries.length);
  checkSize(maxEntries, entries.length);
  list.name = options.name;
  list.maxEntries = maxEntries;
  if (JSON.stringify(entries) !== JSON.stringify(list.entries)) list.version += 1;
  list.entries = entries;
}

/** @throws ServiceError while routes or rules refer to it. */
export function deletePrefixList(region: Ec2Region, id: string): void {
  region.prefixLists.get(id);
  const inRules = region.securityGroupRules
    .all()
    .some(({ peer }) => peer.kind === 'prefix-list' && peer.value === id);
  const inRoutes = region.routeTables
    .all()
    .some(({ routes }) => routes.some(({ destination }) => destination.value === id));
  if (inRules || inRoutes)
    throw new ServiceError(
      'DependencyViolation',
      `The prefix list '${id}' is referenced by other resources and cannot be deleted.`,
    );
  region.prefixLists.delete(id);
}

/** The list that AWS keeps of a service's addresses. Here it has no entries: nothing is routed by it. */
export function addManagedPrefixList(region: Ec2Region, serviceName: string): void {
  const digest = createHash('sha256').update(serviceName).digest('hex');
  region.prefixLists.addAs({
    id: `pl-${digest.slice(0, 8)}`,
    name: serviceName,
    owner: 'AWS',
    addressFamily: 'IPv4',
    maxEntries: 0,
    version: 1,
    entries: [],
    tags: new Map(),
  });
}

function checkedEntries(
  family: PrefixList['addressFamily'],
  entries: readonly PrefixListEntry[],
): PrefixListEntry[] {
  return entries.map(({ cidr, description }) => {
    const block = IpBlock.parse(cidr);
    if (!block || block.isIpv6 !== (family === 'IPv6'))
      throw invalidValue(`The CIDR (${cidr}) is invalid for address family ${family}.`);
    return { cidr: String(block), description };
  });
}

function checkSize(maxEntries: number, entries: number): void {
  if (!(maxEntries >= 1 && maxEntries <= 1000))
    throw invalidValue(`Value (${maxEntries}) for parameter MaxEntries is invalid.`);
  if (entries > maxEntries)
    throw new ServiceError(
      'PrefixListMaxEntriesExceeded',
      `The number of entries exceeds the maximum of ${maxEntries}.`,
    );
}
