import { IpBlock } from '../../network/ip-block';
import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { hasDependencies, invalidCidr, invalidValue } from './errors';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** Where packets go that a route is for: the member of the API that names it, and its id. */
export interface RouteTarget {
  readonly member: (typeof targetMembers)[number];
  readonly id: string;
}

/** The members of the API, and properties of `AWS::EC2::Route`, that name a target. */
export const targetMembers = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'LocalGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
] as const;

/** The members of the API, and properties of `AWS::EC2::Route`, that name a destination. */
export const destinationMembers = [
  'DestinationCidrBlock',
  'DestinationIpv6CidrBlock',
  'DestinationPrefixListId',
] as const;

/** Which packets a route is for. */
export interface RouteDestination {
  readonly member: (typeof destinationMembers)[number];
  readonly value: string;
}

/** A route that somebody created; the local ones follow from the VPC. */
export interface Route {
  readonly destination: RouteDestination;
  target: RouteTarget;
}

/** What a route table is for: a subnet, or what has no table of its own. */
export interface RouteTableAssociation {
  /** Such as `rtbassoc-0123456789abcdef0`. */
  readonly id: string;
  readonly main: boolean;
  readonly subnetId?: string;
}

/** A route table of a VPC. */
export interface RouteTable extends Ec2Resource {
  readonly vpcId: string;
  readonly routes: Route[];
  readonly associations: RouteTableAssociation[];
  /** VPN gateways whose routes it takes over. */
  readonly propagatingGateways: Set<string>;
}

export const routeTableKind: ResourceKind = {
  prefix: 'rtb',
  resourceType: 'route-table',
  notFoundCode: 'InvalidRouteTableID.NotFound',
  notFoundMessage: (id) => `The routeTable ID '${id}' does not exist`,
};

/** Which packets a route is for, by the one member or property that says it. @throws ServiceError if none or several do. */
export function destinationOf(
  input: Partial<Readonly<Record<RouteDestination['member'], string | undefined>>>,
): RouteDestination {
  const [given, another] = destinationMembers.flatMap((member) => {
    const value = input[member];
    return value === undefined ? [] : [{ member, value }];
  });
  if (!given || another)
    throw new ServiceError(
      given ? 'InvalidParameterCombination' : 'MissingParameter',
      `Exactly one of ${destinationMembers.join(', ')} must be given.`,
    );
  return given;
}

/** Where a route leads, by the one member or property that says it. @throws ServiceError if none or several do. */
export function targetOf(
  input: Partial<Readonly<Record<RouteTarget['member'], string | undefined>>>,
): RouteTarget {
  const [given, another] = targetMembers.flatMap((member) => {
    const id = input[member];
    return id === undefined ? [] : [{ member, id }];
  });
  if (!given || another)
    throw new ServiceError(
      given ? 'InvalidParameterCombination' : 'MissingParameter',
      `Exactly one of ${targetMembers.join(', ')} must be given.`,
    );
  return given;
}

export function createRouteTable(
  region: Ec2Region,
  options: { readonly vpcId: string; readonly main?: boolean; readonly tags: Map<string, string> },
): RouteTable {
  const { vpcId, main = false, tags } = options;
  region.vpcs.get(vpcId);
  return region.routeTables.add((id) => ({
    id,
    vpcId,
    routes: [],
    associations: main ? [{ id: region.newId('rtbassoc'), main: true }] : [],
    propagatingGateways: new Set(),
    tags,
  }));
}

/** @throws ServiceError `DependencyViolation` while it is associated. */
export function deleteRouteTable(region: Ec2Region, id: string): void {
  if (region.routeTables.get(id).associations.length > 0) throw hasDependencies('routeTable', id);
  for (const endpoint of region.vpcEndpoints.all()) endpoint.routeTableIds.delete(id);
  region.routeTables.delete(id);
}

/**
 * Adds a route.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
 * @throws ServiceError `RouteAlreadyExists`, and for a target that does not exist or is of another VPC.
 */
export function createRoute(
  region: Ec2Region,
  routeTableId: string,
  destination: RouteDestination,
  target: RouteTarget,
): Route {
  const table = region.routeTables.get(routeTableId);
  const canonical = canonicalDestination(region, destination);
  checkTarget(region, table, target);
  if (findRoute(table, canonical) || localBlocks(region, table).includes(canonical.value))
    throw new ServiceError(
      'RouteAlreadyExists',
      `The route identified by ${canonical.value} already exists.`,
    );
  const route = { destination: canonical, target };
  table.routes.push(route);
  return route;
}

/** Gives a route another target. @throws ServiceError `InvalidRoute.NotFound` */
export function replaceRoute(
  region: Ec2Region,
  routeTableId: string,
  destination: RouteDestination,
  target: RouteTarget,
): void {
  const table = region.routeTables.get(routeTableId);
  checkTarget(region, table, target);
  existingRoute(region, table, destination).target = target;
}

/** @throws ServiceError `InvalidRoute.NotFound` */
export function deleteRoute(
  region: Ec2Region,
  routeTableId: string,
  destination: RouteDestination,
): void {
  const table = region.routeTables.get(routeTableId);
  table.routes.splice(table.routes.indexOf(existingRoute(region, table, destination)), 1);
}

/** @throws ServiceError `Resource.AlreadyAssociated` if the subnet has another table. */
export function associateRouteTable(
  region: Ec2Region,
  routeTableId: string,
  subnetId: string,
): RouteTableAssociation {
  const table = region.routeTables.get(routeTableId);
  const subnet = region.subnets.get(subnetId);
  if (subnet.vpcId !== table.vpcId)
    throw invalidValue(
      `Route table ${routeTableId} and subnet ${subnetId} belong to different networks`,
    );
  const associated = region.routeTables
    .all()
    .some(({ associations }) => associations.some((one) => one.subnetId === subnetId));
  if (associated)
    throw new ServiceError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${routeTableId} conflicts with an existing association`,
    );
  const association = { id: region.newId('rtbassoc'), main: false, subnetId };
  table.associations.push(association);
  return association;
}

/** The table that holds an association. @throws ServiceError `InvalidAssociationID.NotFound` */
export function disassociateRouteTable(region: Ec2Region, associationId: string): void {
  for (const { associations } of region.routeTables.all()) {
    const index = associations.findIndex(({ id }) => id === associationId);
    if (index < 0) continue;
    if (associations[index]?.main)
      throw invalidValue(`cannot disassociate the main route table association ${associationId}`);
    associations.splice(index, 1);
    return;
  }
  throw new ServiceError(
    'InvalidAssociationID.NotFound',
    `The association ID '${associationId}' does not exist`,
  );
}

/** The blocks of addresses that every table of a VPC leads to its inside. */
export function localBlocks(region: Ec2Region, { vpcId }: RouteTable): string[] {
  const vpc = region.vpcs.get(vpcId);
  return [...vpc.blocks, ...vpc.ipv6Blocks].map(({ block }) => String(block));
}

/** `blackhole` once the target has gone or has been detached. */
export function routeState(
  region: Ec2Region,
  { vpcId }: RouteTable,
  { target }: Route,
): 'active' | 'blackhole' {
  return targetVpc(region, target).includes(vpcId) ? 'active' : 'blackhole';
}

function findRoute(table: RouteTable, { value }: RouteDestination): Route | undefined {
  return table.routes.find(({ destination }) => destination.value === value);
}

function existingRoute(region: Ec2Region, table: RouteTable, destination: RouteDestination): Route {
  const { value } = canonicalDestination(region, destination);
  const route = findRoute(table, { ...destination, value });
  if (!route)
    throw new ServiceError(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${value} in route table ${table.id}`,
    );
  return route;
}

function canonicalDestination(
  region: Ec2Region,
  { member, value }: RouteDestination,
): RouteDestination {
  if (member === 'DestinationPrefixListId') {
    region.prefixLists.get(value);
    return { member, value };
  }
  const block = IpBlock.parse(value);
  if (!block || block.isIpv6 !== (member === 'DestinationIpv6CidrBlock'))
    throw invalidCidr(
      member === 'DestinationCidrBlock' ? 'destinationCidrBlock' : 'destinationIpv6CidrBlock',
      value,
    );
  return { member, value: String(block) };
}

function checkTarget(region: Ec2Region, { id, vpcId }: RouteTable, target: RouteTarget): void {
  const vpcs = targetVpc(region, target);
  if (vpcs.length === 0) throw targetNotFound(region, target);
  if (!vpcs.includes(vpcId))
    throw invalidValue(
      `route table ${id} and network gateway ${target.id} belong to different networks`,
    );
}

/** The VPCs that a target can be reached from; none if it does not exist. Kinds that are not there are taken as they come. */
function targetVpc(region: Ec2Region, { member, id }: RouteTarget): readonly string[] {
  const everywhere = region.vpcs.all().map((vpc) => vpc.id);
  const detached = 'none';
  const of = (found: { readonly vpcId?: string | undefined } | undefined) =>
    found ? [found.vpcId ?? detached] : [];
  switch (member) {
    case 'GatewayId':
      if (id === 'local') return everywhere;
      if (id.startsWith('vpce-')) return of(region.vpcEndpoints.find(id));
      return of(region.internetGateways.find(id) ?? region.vpnGateways.find(id));
    case 'NatGatewayId':
      return of(region.natGateways.find(id));
    case 'EgressOnlyInternetGatewayId':
      return of(region.egressOnlyInternetGateways.find(id));
    case 'VpcEndpointId':
      return of(region.vpcEndpoints.find(id));
    case 'NetworkInterfaceId':
      return of(region.networkInterfaces.find(id));
    default:
      return everywhere;
  }
}

function targetNotFound(region: Ec2Region, { member, id }: RouteTarget): ServiceError {
  switch (member) {
    case 'NatGatewayId':
      return region.natGateways.notFound(id);
    case 'VpcEndpointId':
      return region.vpcEndpoints.notFound(id);
    case 'NetworkInterfaceId':
      return region.networkInterfaces.notFound(id);
    default:
      return new ServiceError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
  }
}
