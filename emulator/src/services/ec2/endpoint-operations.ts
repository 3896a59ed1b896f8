import type { State } from '@aws-sdk/client-ec2';
import { availabilityZones } from '../../network/availability-zones';
import { acceptOnly } from '../accepted-parameters';
import { sortedBy } from '../page';
import { answered, type Operations, type RegionOf } from './client';
import { describedPage, describeMembers, page, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import { type FilterTable, filtered } from './filters';
import { tagList } from './tags';
import { checkService, dnsNames, gatewayServices, type VpcEndpoint } from './vpc-endpoint';

const endpointFilters = (region: Ec2Region): FilterTable<VpcEndpoint> => ({
  'owner-id': () => region.account,
  'service-name': ({ serviceName }) => serviceName,
  'vpc-endpoint-id': ({ id }) => id,
  'vpc-endpoint-state': () => 'available',
  'vpc-endpoint-type': ({ type }) => type,
  'vpc-id': ({ vpcId }) => vpcId,
});

/** A service as an endpoint of one kind reaches it. */
interface EndpointService {
  readonly name: string;
  readonly type: VpcEndpoint['type'];
}

const serviceFilters: FilterTable<EndpointService> = {
  owner: () => 'amazon',
  'service-name': ({ name }) => name,
  'service-type': ({ type }) => type,
};

/** Of the services that have interface endpoints, those that are listed without being asked for by name. */
const listedServices = [
  'autoscaling',
  'cloudformation',
  'dynamodb',
  'ec2',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'elasticfilesystem',
  'elasticloadbalancing',
  'events',
  'execute-api',
  'kinesis-firehose',
  'kinesis-streams',
  'kms',
  'lambda',
  'logs',
  'monitoring',
  'rds',
  'rds-data',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'states',
  'sts',
];

/** Operations on VPC endpoints, which come from templates, and on the services that they lead to. */
export function endpointOperations(regionOf: RegionOf): Operations {
  return {
    DescribeVpcEndpoints(input, context) {
      acceptOnly('DescribeVpcEndpoints', input, [...describeMembers, 'VpcEndpointIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.vpcEndpoints,
        input.VpcEndpointIds,
        endpointFilters(region),
      );
      return {
        VpcEndpoints: items.map((endpoint) => describeEndpoint(region, endpoint)),
        NextToken: nextToken,
      };
    },

    DescribeVpcEndpointServices(input, context) {
      acceptOnly('DescribeVpcEndpointServices', input, [...describeMembers, 'ServiceNames']);
      permit(context, input);
      const region = regionOf(context);
      const prefix = `com.amazonaws.${region.region}`;
      const { ServiceNames: wanted } = input;
      for (const name of wanted ?? []) checkService(region, name);
      const names = wanted ?? listedServices.map((name) => `${prefix}.${name}`);
      const gateways = gatewayServices.map((name) => `${prefix}.${name}`);
      const all = names.flatMap((name): EndpointService[] => [
        ...(gateways.includes(name) ? [{ name, type: 'Gateway' as const }] : []),
        { name, type: 'Interface' },
      ]);
      const keyOf = ({ name, type }: EndpointService) => `${name} ${type}`;
      const matching = sortedBy(filtered(all, input.Filters, serviceFilters), keyOf);
      const { items, nextToken } = page(matching, input, keyOf);
      return {
        ServiceNames: [...new Set(items.map(({ name }) => name))],
        ServiceDetails: items.map(({ name, type }) => ({
          ServiceName: name,
          ServiceType: [{ ServiceType: type }],
          AvailabilityZones: availabilityZones(region.region).map((zone) => zone.name),
          Owner: 'amazon',
          AcceptanceRequired: false,
          ManagesVpcEndpoints: false,
          VpcEndpointPolicySupported: true,
        })),
        NextToken: nextToken,
      };
    },
  };
}

function describeEndpoint(region: Ec2Region, endpoint: VpcEndpoint) {
  return {
    VpcEndpointId: endpoint.id,
    VpcEndpointType: endpoint.type,
    VpcId: endpoint.vpcId,
    ServiceName: endpoint.serviceName,
    State: answered<State>('available'),
    PolicyDocument: endpoint.policy,
    RouteTableIds: [...endpoint.routeTableIds],
    SubnetIds: [...endpoint.interfaces.keys()],
    NetworkInterfaceIds: [...endpoint.interfaces.values()],
    Groups: endpoint.groupIds.map((id) => ({
      GroupId: id,
      GroupName: region.securityGroups.find(id)?.name,
    })),
    PrivateDnsEnabled: endpoint.privateDnsEnabled,
    RequesterManaged: false,
    DnsEntries: dnsNames(region, endpoint).map((name) => ({ DnsName: name })),
    CreationTimestamp: new Date(endpoint.createdAt),
    OwnerId: region.account,
    Tags: tagList(endpoint.tags),
  };
}
