import type {
  Route as RouteDescription,
  RouteTable as RouteTableDescription,
} from '@aws-sdk/client-ec2';
import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { Operations, RegionOf } from './client';
import { describedPage, describeMembers, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import type { FilterTable } from './filters';
import {
  associateRouteTable,
  createRoute,
  createRouteTable,
  deleteRoute,
  deleteRouteTable,
  destinationMembers,
  destinationOf,
  disassociateRouteTable,
  localBlocks,
  type RouteTable,
  replaceRoute,
  routeState,
  targetMembers,
  targetOf,
} from './route-table';
import { tagList, tagsOf } from './tags';
import { endpointPrefixList } from './vpc-endpoint';

const filters = (region: Ec2Region): FilterTable<RouteTable> => {
  const ofRoutes = (member: keyof RouteDescription) => (table: RouteTable) =>
    describeRoutes(region, table).map((route) => route[member]);
  return {
    'association.gateway-id': () => undefined,
    'association.main': ({ associations }) => associations.map(({ main }) => main),
    'association.route-table-association-id': ({ associations }) =>
      associations.map(({ id }) => id),
    'association.route-table-id': ({ id, associations }) => associations.map(() => id),
    'association.subnet-id': ({ associations }) => associations.map(({ subnetId }) => subnetId),
    'owner-id': () => region.account,
    'route-table-id': ({ id }) => id,
    'route.destination-cidr-block': ofRoutes('DestinationCidrBlock'),
    'route.destination-ipv6-cidr-block': ofRoutes('DestinationIpv6CidrBlock'),
    'route.destination-prefix-list-id': ofRoutes('DestinationPrefixListId'),
    'route.egress-only-internet-gateway-id': ofRoutes('EgressOnlyInternetGatewayId'),
    'route.gateway-id': ofRoutes('GatewayId'),
    'route.instance-id': ofRoutes('InstanceId'),
    'route.nat-gateway-id': ofRoutes('NatGatewayId'),
    'route.origin': ofRoutes('Origin'),
    'route.state': ofRoutes('State'),
    'route.transit-gateway-id': ofRoutes('TransitGatewayId'),
    'route.vpc-peering-connection-id': ofRoutes('VpcPeeringConnectionId'),
    'vpc-id': ({ vpcId }) => vpcId,
  };
};

/** Operations on route tables, their routes and associations. */
export function routeTableOperations(regionOf: RegionOf): Operations {
  return {
    DescribeRouteTables(input, context) {
      acceptOnly('DescribeRouteTables', input, [...describeMembers, 'RouteTableIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.routeTables,
        input.RouteTableIds,
        filters(region),
      );
      return {
        RouteTables: items.map((table) => describeRouteTable(region, table)),
        NextToken: nextToken,
      };
    },

    CreateRouteTable(input, context) {
      acceptOnly('CreateRouteTable', input, [
        'ClientToken',
        'DryRun',
        'TagSpecifications',
        'VpcId',
      ]);
      const region = regionOf(context);
      permit(context, input, region.arn('route-table', '*'));
      const { ClientToken: token, ...parameters } = input;
      const tags = tagsOf(input.TagSpecifications, 'route-table');
      const table = region.routeTableTokens.once(token, parameters, () =>
        createRouteTable(region, { vpcId: input.VpcId, tags }),
      );
      return { ClientToken: token, RouteTable: describeRouteTable(region, table) };
    },

    DeleteRouteTable(input, context) {
      acceptOnly('DeleteRouteTable', input, ['DryRun', 'RouteTableId']);
      const region = regionOf(context);
      permit(context, input, region.arn('route-table', input.RouteTableId));
      deleteRouteTable(region, input.RouteTableId);
      return {};
    },

    AssociateRouteTable(input, context) {
      acceptOnly('AssociateRouteTable', input, ['DryRun', 'RouteTableId', 'SubnetId']);
      const region = regionOf(context);
      permit(context, input, region.arn('route-table', input.RouteTableId ?? '*'));
      const { RouteTableId: tableId = '', SubnetId: subnetId } = input;
      if (subnetId === undefined)
        throw new NotImplementedError('AssociateRouteTable without SubnetId');
      const { id } = associateRouteTable(region, tableId, subnetId);
      return { AssociationId: id, AssociationState: { State: 'associated' } };
    },

    DisassociateRouteTable(input, context) {
      acceptOnly('DisassociateRouteTable', input, ['AssociationId', 'DryRun']);
      permit(context, input);
      disassociateRouteTable(regionOf(context), input.AssociationId ?? '');
      return {};
    },

    CreateRoute(input, context) {
      acceptOnly('CreateRoute', input, [
        'DryRun',
        'RouteTableId',
        ...destinationMembers,
        ...targetMembers,
      ]);
      const region = regionOf(context);
      const { RouteTableId: id = '' } = input;
      permit(context, input, region.arn('route-table', id));
      createRoute(region, id, destinationOf(input), targetOf(input));
      return { Return: true };
    },

    ReplaceRoute(input, context) {
      acceptOnly('ReplaceRoute', input, [
        'DryRun',
        'RouteTableId',
        ...destinationMembers,
        ...targetMembers,
      ]);
      const region = regionOf(context);
      const { RouteTableId: id = '' } = input;
      permit(context, input, region.arn('route-table', id));
      replaceRoute(region, id, destinationOf(input), targetOf(input));
      return {};
    },

    DeleteRoute(input, context) {
      acceptOnly('DeleteRoute', input, ['DryRun', 'RouteTableId', ...destinationMembers]);
      const region = regionOf(context);
      const { RouteTableId: id = '' } = input;
      permit(context, input, region.arn('route-table', id));
      deleteRoute(region, id, destinationOf(input));
      return {};
    },
  };
}

function describeRouteTable(region: Ec2Region, table: RouteTable): RouteTableDescription {
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: region.account,
    Associations: table.associations.map(({ id, main, subnetId }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      SubnetId: subnetId,
      Main: main,
      AssociationState: { State: 'associated' },
    })),
    PropagatingVgws: [...table.propagatingGateways].map((id) => ({ GatewayId: id })),
    Routes: describeRoutes(region, table),
    Tags: tagList(table.tags),
  };
}

/** Local ones first, then those that somebody created, then those of gateway endpoints. */
function describeRoutes(region: Ec2Region, table: RouteTable): RouteDescription[] {
  const local = localBlocks(region, table).map(
    (block): RouteDescription => ({
      [block.includes(':') ? 'DestinationIpv6CidrBlock' : 'DestinationCidrBlock']: block,
      GatewayId: 'local',
      Origin: 'CreateRouteTable',
      State: 'active',
    }),
  );
  const created = table.routes.map(
    (route): RouteDescription => ({
      [route.destination.member]: route.destination.value,
      // An endpoint is described as a gateway.
      [route.target.member === 'VpcEndpointId' ? 'GatewayId' : route.target.member]:
        route.target.id,
      Origin: 'CreateRoute',
      State: routeState(region, table, route),
    }),
  );
  const endpoints = region.vpcEndpoints
    .where(({ routeTableIds }) => routeTableIds.has(table.id))
    .map(
      (endpoint): RouteDescription => ({
        DestinationPrefixListId: endpointPrefixList(region, endpoint),
        GatewayId: endpoint.id,
        Origin: 'CreateRoute',
        State: 'active',
      }),
    );
  return [...local, ...created, ...endpoints];
}
