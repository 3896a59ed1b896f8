import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** A network interface that a resource of a VPC has in a subnet. */
export interface NetworkInterface extends Ec2Resource {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly type: 'efs' | 'interface' | 'nat_gateway' | 'vpc_endpoint';
  readonly description: string;
  readonly privateIp: string;
  /** Such as `0a:1b:2c:3d:4e:5f`. */
  readonly macAddress: string;
  groupIds: readonly string[];
}

export const networkInterfaceKind: ResourceKind = {
  prefix: 'eni',
  resourceType: 'network-interface',
  notFoundCode: 'InvalidNetworkInterfaceID.NotFound',
  notFoundMessage: (id) => `The networkInterface ID '${id}' does not exist`,
};

/** Creates an interface on the lowest free address of a subnet, or on the one that is asked for. */
export function createNetworkInterface(
  region: Ec2Region,
  options: Pick<NetworkInterface, 'subnetId' | 'type' | 'description'> & {
    readonly privateIp?: string | undefined;
    readonly groupIds?: readonly string[];
    readonly tags?: Map<string, string>;
  },
): NetworkInterface {
  const { subnetId, type, description, groupIds = [], tags = new Map() } = options;
  const { vpcId } = region.subnets.get(subnetId);
  const privateIp = options.privateIp ?? freeAddress(region, subnetId);
  if (addressesOf(region, subnetId).has(privateIp))
    throw new ServiceError(
      'InvalidIPAddress.InUse',
      `The specified address is already in use: ${privateIp}`,
    );
  const octets = region.stream('mac-addresses').hex(10).match(/../g) ?? [];
  return region.networkInterfaces.add((id) => ({
    id,
    vpcId,
    subnetId,
    type,
    description,
    privateIp,
    macAddress: ['0a', ...octets].join(':'),
    groupIds,
    tags,
  }));
}

function addressesOf(region: Ec2Region, subnetId: string): Set<string> {
  const inSubnet = region.networkInterfaces.where((one) => one.subnetId === subnetId);
  return new Set(inSubnet.map(({ privateIp }) => privateIp));
}

/** AWS keeps the first four addresses of a subnet and the last. */
function freeAddress(region: Ec2Region, subnetId: string): string {
  const { block } = region.subnets.get(subnetId);
  const taken = addressesOf(region, subnetId);
  for (let offset = 4n; block && offset < block.size - 1n; offset++) {
    const address = block.address(offset);
    if (!taken.has(address)) return address;
  }
  throw new ServiceError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}
