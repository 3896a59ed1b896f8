import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { hasDependencies, invalidValue } from './errors';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** What joins a VPC to the internet. */
export interface InternetGateway extends Ec2Resource {
  /** Undefined while it is detached. */
  vpcId: string | undefined;
}

/** What joins a VPC to a VPN. */
export interface VpnGateway extends Ec2Resource {
  vpcId: string | undefined;
  readonly type: string;
  readonly amazonSideAsn: number;
}

/** What lets IPv6 out of a VPC, and nothing in. */
export interface EgressOnlyInternetGateway extends Ec2Resource {
  readonly vpcId: string;
}

export const internetGatewayKind: ResourceKind = {
  prefix: 'igw',
  resourceType: 'internet-gateway',
  notFoundCode: 'InvalidInternetGatewayID.NotFound',
  notFoundMessage: (id) => `The internetGateway ID '${id}' does not exist`,
};

export const vpnGatewayKind: ResourceKind = {
  prefix: 'vgw',
  resourceType: 'vpn-gateway',
  notFoundCode: 'InvalidVpnGatewayID.NotFound',
  notFoundMessage: (id) => `The vpnGateway ID '${id}' does not exist`,
};

export const egressOnlyInternetGatewayKind: ResourceKind = {
  prefix: 'eigw',
  resourceType: 'egress-only-internet-gateway',
  notFoundCode: 'InvalidGatewayID.NotFound',
  notFoundMessage: (id) => `The eigw ID '${id}' does not exist`,
};

/** @throws ServiceError if the gateway is attached already, or the VPC has another. */
export function attachInternetGateway(region: Ec2Region, id: string, vpcId: string): void {
  const gateway = region.internetGateways.get(id);
  region.vpcs.get(vpcId);
  if (gateway.vpcId !== undefined)
    throw new ServiceError(
      'Resource.AlreadyAssociated',
      `resource ${id} is already attached to network ${gateway.vpcId}`,
    );
  if (region.internetGateways.all().some((other) => other.vpcId === vpcId))
    throw invalidValue(`Network ${vpcId} already has an internet gateway attached`);
  gateway.vpcId = vpcId;
}

/** @throws ServiceError while NAT gateways of the VPC have public addresses. */
export function detachInternetGateway(region: Ec2Region, id: string, vpcId: string): void {
  const gateway = region.internetGateways.get(id);
  if (gateway.vpcId !== vpcId) throw notAttached(id, vpcId);
  if (region.natGateways.all().some((nat) => nat.vpcId === vpcId && nat.isPublic))
    throw new ServiceError(
      'DependencyViolation',
      `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  gateway.vpcId = undefined;
}

/** @throws ServiceError `DependencyViolation` while it is attached. */
export function deleteInternetGateway(region: Ec2Region, id: string): void {
  if (region.internetGateways.get(id).vpcId !== undefined)
    throw hasDependencies('internetGateway', id);
  region.internetGateways.delete(id);
}

/** @throws ServiceError if the gateway is attached already, or the VPC has another. */
export function attachVpnGateway(region: Ec2Region, id: string, vpcId: string): void {
  const gateway = region.vpnGateways.get(id);
  region.vpcs.get(vpcId);
  if (gateway.vpcId !== undefined)
    throw new ServiceError(
      'VpnGatewayAttachmentLimitExceeded',
      `The VPN gateway ${id} is already attached to the VPC ${gateway.vpcId}.`,
    );
  if (region.vpnGateways.all().some((other) => other.vpcId === vpcId))
    throw invalidValue(`The VPC ${vpcId} already has an attached VPN gateway`);
  gateway.vpcId = vpcId;
}

export function detachVpnGateway(region: Ec2Region, id: string, vpcId: string): void {
  const gateway = region.vpnGateways.get(id);
  if (gateway.vpcId !== vpcId)
    throw new ServiceError(
      'InvalidVpnGatewayAttachment.NotFound',
      `The attachment with vpn gateway ID '${id}' and vpc ID '${vpcId}' does not exist`,
    );
  for (const table of region.routeTables.all()) table.propagatingGateways.delete(id);
  gateway.vpcId = undefined;
}

/** @throws ServiceError `IncorrectState` while it is attached. */
export function deleteVpnGateway(region: Ec2Region, id: string): void {
  if (region.vpnGateways.get(id).vpcId !== undefined)
    throw new ServiceError('IncorrectState', `The vpnGateway ID '${id}' is in use`);
  region.vpnGateways.delete(id);
}

function notAttached(id: string, vpcId: string): ServiceError {
  return new ServiceError(
    'Gateway.NotAttached',
    `resource ${id} is not attached to network ${vpcId}`,
  );
}
