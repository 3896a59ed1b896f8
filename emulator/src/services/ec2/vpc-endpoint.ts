import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import { createNetworkInterface } from './network-interface';
import type { Ec2Resource, ResourceKind } from './resource-table';
import { defaultSecurityGroups } from './security-group';

/** A way from a VPC to a service that does not lead through the internet. */
export interface VpcEndpoint extends Ec2Resource {
  readonly vpcId: string;
  readonly type: 'Gateway' | 'Interface';
  readonly serviceName: string;
  /** Tables with a route to it, of a gateway endpoint. */
  readonly routeTableIds: Set<string>;
  /** Network interfaces by subnet, of an interface endpoint. */
  readonly interfaces: Map<string, string>;
  readonly createdAt: number;
  groupIds: readonly string[];
  privateDnsEnabled: boolean;
  /** JSON. */
  policy: string;
}

export const vpcEndpointKind: ResourceKind = {
  prefix: 'vpce',
  resourceType: 'vpc-endpoint',
  notFoundCode: 'InvalidVpcEndpointId.NotFound',
  notFoundMessage: (id) => `The Vpc Endpoint Id '${id}' does not exist`,
};

/** What may change of an endpoint. */
export interface EndpointOptions {
  readonly routeTableIds: readonly string[];
  readonly subnetIds: readonly string[];
  /** @default - the VPC's default one */
  readonly groupIds: readonly string[];
  readonly privateDnsEnabled: boolean;
  /** JSON. @default - everybody may do everything */
  readonly policy?: string | undefined;
}

/** Services that have gateway endpoints. */
export const gatewayServices = ['dynamodb', 's3'];

const allowAll = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** @throws ServiceError for a service of another region, and for a kind that it does not have. */
export function createVpcEndpoint(
  region: Ec2Region,
  options: EndpointOptions &
    Pick<VpcEndpoint, 'vpcId' | 'serviceName' | 'tags'> & { readonly type: string },
): VpcEndpoint {
  const { vpcId, serviceName, type, tags } = options;
  region.vpcs.get(vpcId);
  checkService(region, serviceName);
  const hasGateway = gatewayServices.some((name) => serviceName.endsWith(`.${name}`));
  if ((type !== 'Gateway' && type !== 'Interface') || (type === 'Gateway' && !hasGateway))
    throw new ServiceError(
      'InvalidParameter',
      `Endpoint type (${type}) does not match available service types ([${hasGateway ? 'Gateway, Interface' : 'Interface'}]).`,
    );
  const endpoint = region.vpcEndpoints.add((id) => ({
    id,
    vpcId,
    type,
    serviceName,
    routeTableIds: new Set(),
    interfaces: new Map(),
    createdAt: region.clock.now(),
    groupIds: [],
    privateDnsEnabled: false,
    policy: allowAll,
    tags,
  }));
  try {
    modifyVpcEndpoint(region, endpoint, options);
  } catch (error) {
    deleteVpcEndpoint(region, endpoint.id);
    throw error;
  }
  return endpoint;
}

/** Gives an endpoint other tables, subnets, groups, another policy. */
export function modifyVpcEndpoint(
  region: Ec2Region,
  endpoint: VpcEndpoint,
  options: EndpointOptions,
): void {
  const { routeTableIds, subnetIds, privateDnsEnabled, policy = allowAll } = options;
  for (const id of routeTableIds) inVpc(region.routeTables.get(id), endpoint, 'route table');
  for (const id of subnetIds) inVpc(region.subnets.get(id), endpoint, 'subnet');
  for (const id of options.groupIds)
    inVpc(region.securityGroups.get(id), endpoint, 'security group');
  endpoint.groupIds =
    endpoint.type === 'Interface' && options.groupIds.length === 0
      ? defaultSecurityGroups(region, endpoint.vpcId)
      : options.groupIds;
  endpoint.privateDnsEnabled = privateDnsEnabled;
  endpoint.policy = policy;
  endpoint.routeTableIds.clear();
  for (const id of routeTableIds) endpoint.routeTableIds.add(id);
  for (const [subnetId, interfaceId] of endpoint.interfaces) {
    if (subnetIds.includes(subnetId)) continue;
    region.networkInterfaces.delete(interfaceId);
    endpoint.interfaces.delete(subnetId);
  }
  for (const subnetId of subnetIds) {
    if (endpoint.interfaces.has(subnetId)) continue;
    const { id } = createNetworkInterface(region, {
      subnetId,
      type: 'vpc_endpoint',
      description: `VPC Endpoint Interface ${endpoint.id}`,
    });
    endpoint.interfaces.set(subnetId, id);
  }
  for (const id of endpoint.interfaces.values())
    region.networkInterfaces.get(id).groupIds = endpoint.groupIds;
}

export function deleteVpcEndpoint(region: Ec2Region, id: string): void {
  for (const interfaceId of region.vpcEndpoints.get(id).interfaces.values())
    region.networkInterfaces.delete(interfaceId);
  region.vpcEndpoints.delete(id);
}

/** The list of a service's addresses that routes to a gateway endpoint are for. */
export function endpointPrefixList(region: Ec2Region, { serviceName }: VpcEndpoint): string {
  const [list] = region.prefixLists.where(({ name }) => name === serviceName);
  if (!list) throw new Error(`${serviceName} has no prefix list`);
  return list.id;
}

/** @throws ServiceError `InvalidServiceName` for what is not called as a service of AWS in this region is. */
export function checkService(region: Ec2Region, serviceName: string): void {
  if (
    !new RegExp(`^(com\\.amazonaws|aws\\.\\w+)\\.${region.region}\\.[a-z0-9.-]+$`).test(serviceName)
  )
    throw new ServiceError(
      'InvalidServiceName',
      `The Vpc Endpoint Service '${serviceName}' does not exist`,
    );
}

/** Names of an interface endpoint. Nothing resolves them. */
export function dnsNames(region: Ec2Region, endpoint: VpcEndpoint): string[] {
  if (endpoint.type === 'Gateway') return [];
  const service = endpoint.serviceName.slice(endpoint.serviceName.indexOf(region.region));
  const [, ...parts] = service.split('.');
  return [`${endpoint.id}.${parts.reverse().join('.')}.${region.region}.vpce.amazonaws.com`];
}

function inVpc(
  resource: { readonly vpcId: string; readonly id: string },
  { vpcId }: VpcEndpoint,
  kind: string,
) {
  if (resource.vpcId !== vpcId)
    throw invalidValue(`The ${kind} ${resource.id} does not belong to VPC ${vpcId}.`);
}
