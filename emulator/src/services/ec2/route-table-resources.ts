import type { PropertyReader, ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import {
  associateRouteTable,
  createRoute,
  createRouteTable,
  deleteRoute,
  deleteRouteTable,
  destinationMembers,
  destinationOf,
  disassociateRouteTable,
  type Route,
  replaceRoute,
  targetMembers,
  targetOf,
} from './route-table';

/** The CloudFormation types of route tables, routes and associations. */
export function routeTableProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::RouteTable',
      on: 'route-table',
      properties: ['Tags', 'VpcId'],
      actions: { create: 'CreateRouteTable', delete: 'DeleteRouteTable' },
      create(region, properties, request) {
        const { id } = createRouteTable(region, {
          vpcId: properties.requiredString('VpcId'),
          tags: resourceTags(properties, request),
        });
        return { physicalId: id, attributes: { RouteTableId: id } };
      },
      delete: (region, _properties, { physicalId }) => deleteRouteTable(region, physicalId),
      read: (region, _properties, { physicalId }) => ({
        VpcId: region.routeTables.get(physicalId).vpcId,
      }),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::Route',
      on: 'route-table',
      properties: ['RouteTableId', ...destinationMembers, ...targetMembers],
      actions: { create: 'CreateRoute', update: 'ReplaceRoute', delete: 'DeleteRoute' },
      create(region, properties) {
        const tableId = properties.requiredString('RouteTableId');
        const { destination } = createRoute(
          region,
          tableId,
          destinationOf(texts(properties, destinationMembers)),
          targetOf(texts(properties, targetMembers)),
        );
        return {
          physicalId: `${tableId}|${destination.value}`,
          attributes: { CidrBlock: destination.value },
        };
      },
      update(region, properties) {
        replaceRoute(
          region,
          properties.requiredString('RouteTableId'),
          destinationOf(texts(properties, destinationMembers)),
          targetOf(texts(properties, targetMembers)),
        );
      },
      exists: (region, _properties, { physicalId }) => routeOf(region, physicalId) !== undefined,
      read(region, _properties, { physicalId }) {
        const targets = targetMembers.map((member) => [member, undefined]);
        const { member, id } = routeOf(region, physicalId)?.target ?? {};
        return { ...Object.fromEntries(targets), ...(member && { [member]: id }) };
      },
      delete(region, properties) {
        deleteRoute(
          region,
          properties.requiredString('RouteTableId'),
          destinationOf(texts(properties, destinationMembers)),
        );
      },
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::SubnetRouteTableAssociation',
      on: 'route-table',
      properties: ['RouteTableId', 'SubnetId'],
      actions: { create: 'AssociateRouteTable', delete: 'DisassociateRouteTable' },
      create(region, properties) {
        const { id } = associateRouteTable(
          region,
          properties.requiredString('RouteTableId'),
          properties.requiredString('SubnetId'),
        );
        return { physicalId: id, attributes: { Id: id } };
      },
      exists: (region, _properties, { physicalId }) =>
        region.routeTables
          .all()
          .some(({ associations }) => associations.some(({ id }) => id === physicalId)),
      delete: (region, _properties, { physicalId }) => disassociateRouteTable(region, physicalId),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::VPNGatewayRoutePropagation',
      on: 'route-table',
      properties: ['RouteTableIds', 'VpnGatewayId'],
      actions: {
        create: 'EnableVgwRoutePropagation',
        delete: 'DisableVgwRoutePropagation',
      },
      create(region, properties, { logicalId, stackName }) {
        const gateway = region.vpnGateways.get(properties.requiredString('VpnGatewayId'));
        for (const id of properties.strings('RouteTableIds') ?? [])
          region.routeTables.get(id).propagatingGateways.add(gateway.id);
        const physicalId = `${stackName}-${logicalId}-${region.stream('propagations').hex(12)}`;
        return { physicalId, attributes: { Id: physicalId } };
      },
      exists: () => true,
      delete(region, properties) {
        for (const id of properties.strings('RouteTableIds') ?? [])
          region.routeTables
            .find(id)
            ?.propagatingGateways.delete(properties.requiredString('VpnGatewayId'));
      },
    }),
  ];
}

function routeOf(region: Ec2Region, physicalId: string): Route | undefined {
  const [tableId = '', destination] = physicalId.split('|');
  const routes = region.routeTables.find(tableId)?.routes ?? [];
  return routes.find((route) => route.destination.value === destination);
}

function texts<K extends string>(
  properties: PropertyReader,
  names: readonly K[],
): Partial<Record<K, string>> {
  const given: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = properties.string(name);
    if (value !== undefined) given[name] = value;
  }
  return given;
}
