import type { Ec2Region } from './ec2-region';
import { createNetworkInterface, type NetworkInterface } from './network-interface';

/** Network interfaces that other services have in subnets. */
export interface RequestedInterfaces {
  /** @throws ServiceError InvalidIPAddress.InUse, InsufficientFreeAddressesInSubnet */
  add(
    request: Pick<NetworkInterface, 'subnetId' | 'description' | 'groupIds' | 'type'> & {
      readonly privateIp: string | undefined;
    },
  ): { readonly id: string; readonly privateIp: string };
  setSecurityGroups(id: string, groups: readonly string[]): void;
  remove(id: string): void;
}

export function requestedInterfaces(region: Ec2Region): RequestedInterfaces {
  return {
    add: (request) => createNetworkInterface(region, request),
    setSecurityGroups(id, groups) {
      region.networkInterfaces.get(id).groupIds = groups;
    },
    remove: (id) => region.networkInterfaces.delete(id),
  };
}
