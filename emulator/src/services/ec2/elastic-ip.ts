import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** An Elastic IP address. Its id is that of its allocation. */
export interface Address extends Ec2Resource {
  readonly publicIp: string;
  /** What it is mapped to; undefined while it is free. */
  association: { readonly id: string; readonly networkInterfaceId: string } | undefined;
}

export const addressKind: ResourceKind = {
  prefix: 'eipalloc',
  resourceType: 'elastic-ip',
  notFoundCode: 'InvalidAllocationID.NotFound',
  notFoundMessage: (id) => `The allocation ID '${id}' does not exist`,
};

/** Blocks that are kept for documentation: nobody on the internet has these addresses. @see https://www.rfc-editor.org/rfc/rfc5737 */
const blocks = ['198.51.100', '203.0.113', '192.0.2'];

export function allocateAddress(region: Ec2Region, tags: Map<string, string>): Address {
  const publicIp = freePublicAddress(region);
  return region.addresses.add((id) => ({ id, publicIp, association: undefined, tags }));
}

/** An address that nobody has. @throws ServiceError `AddressLimitExceeded` */
export function freePublicAddress(region: Ec2Region): string {
  const taken = new Set(
    [...region.addresses.all(), ...region.instances.all()].map(({ publicIp }) => publicIp),
  );
  const candidates = blocks.flatMap((block) =>
    Array.from({ length: 254 }, (_, index) => `${block}.${index + 1}`),
  );
  const publicIp = candidates.find((candidate) => !taken.has(candidate));
  if (publicIp === undefined)
    throw new ServiceError(
      'AddressLimitExceeded',
      'The maximum number of addresses has been reached.',
    );
  return publicIp;
}

/** Maps an address to a network interface. @throws ServiceError `Resource.AlreadyAssociated` */
export function associateAddress(
  region: Ec2Region,
  allocationId: string,
  networkInterfaceId: string,
): Address {
  const address = region.addresses.get(allocationId);
  if (address.association) throw alreadyAssociated(allocationId, address.association.id);
  address.association = { id: region.newId('eipassoc'), networkInterfaceId };
  return address;
}

/** @throws ServiceError `InvalidIPAddress.InUse` while it is mapped. */
export function releaseAddress(region: Ec2Region, allocationId: string): void {
  const { association, publicIp } = region.addresses.get(allocationId);
  if (association)
    throw new ServiceError('InvalidIPAddress.InUse', `Address ${publicIp} is in use.`);
  region.addresses.delete(allocationId);
}

/** @throws ServiceError if the address is mapped already. */
export function requireFree(region: Ec2Region, allocationId: string): void {
  const { association } = region.addresses.get(allocationId);
  if (association) throw alreadyAssociated(allocationId, association.id);
}

function alreadyAssociated(allocationId: string, associationId: string): ServiceError {
  return new ServiceError(
    'Resource.AlreadyAssociated',
    `resource ${allocationId} is already associated with associate-id ${associationId}`,
  );
}
