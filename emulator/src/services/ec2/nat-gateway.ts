import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { associateAddress, requireFree } from './elastic-ip';
import { createNetworkInterface } from './network-interface';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** A NAT gateway. It is available as soon as it is created. */
export interface NatGateway extends Ec2Resource {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly isPublic: boolean;
  readonly networkInterfaceId: string;
  /** Of its Elastic IP addresses, the first one first. */
  readonly allocationIds: readonly string[];
  readonly createdAt: number;
}

export const natGatewayKind: ResourceKind = {
  prefix: 'nat',
  resourceType: 'natgateway',
  notFoundCode: 'NatGatewayNotFound',
  notFoundMessage: (id) => `NAT gateway ${id} was not found`,
};

/** What a NAT gateway is created with. */
export interface NatGatewayOptions {
  readonly subnetId: string;
  readonly isPublic: boolean;
  readonly allocationIds: readonly string[];
  /** @default - the lowest free one */
  readonly privateIp?: string | undefined;
  readonly tags: Map<string, string>;
}

/**
 * Creates a NAT gateway.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
 * @throws ServiceError if a public one has no address, or its VPC no internet gateway.
 */
export function createNatGateway(region: Ec2Region, options: NatGatewayOptions): NatGateway {
  const { subnetId, isPublic, allocationIds, privateIp, tags } = options;
  const { vpcId } = region.subnets.get(subnetId);
  if (isPublic && allocationIds.length === 0)
    throw new ServiceError(
      'MissingParameter',
      'The request must contain the parameter AllocationId',
    );
  if (!isPublic && allocationIds.length > 0)
    throw new ServiceError(
      'InvalidParameterCombination',
      'AllocationId cannot be specified for a private NAT gateway',
    );
  for (const id of allocationIds) requireFree(region, id);
  if (isPublic && !region.internetGateways.all().some((gateway) => gateway.vpcId === vpcId))
    throw new ServiceError(
      'Gateway.NotAttached',
      `Network ${vpcId} has no Internet gateway attached`,
    );
  return region.natGateways.add((id) => {
    const networkInterface = createNetworkInterface(region, {
      subnetId,
      type: 'nat_gateway',
      description: `Interface for NAT Gateway ${id}`,
      privateIp,
    });
    for (const allocationId of allocationIds)
      associateAddress(region, allocationId, networkInterface.id);
    return {
      id,
      vpcId,
      subnetId,
      isPublic,
      networkInterfaceId: networkInterface.id,
      allocationIds,
      createdAt: region.clock.now(),
      tags,
    };
  });
}

/** Deletes a NAT gateway, and frees its addresses. */
export function deleteNatGateway(region: Ec2Region, id: string): void {
  const { allocationIds, networkInterfaceId } = region.natGateways.get(id);
  for (const allocationId of allocationIds) {
    const address = region.addresses.find(allocationId);
    if (address) address.association = undefined;
  }
  region.networkInterfaces.delete(networkInterfaceId);
  region.natGateways.delete(id);
}
