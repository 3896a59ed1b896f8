import type { PropertyReader, ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import {
  createVpcEndpoint,
  deleteVpcEndpoint,
  dnsNames,
  type EndpointOptions,
  modifyVpcEndpoint,
} from './vpc-endpoint';

/** The CloudFormation type of VPC endpoints. */
export function endpointProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::VPCEndpoint',
      on: 'vpc-endpoint',
      properties: [
        'PolicyDocument',
        'PrivateDnsEnabled',
        'RouteTableIds',
        'SecurityGroupIds',
        'ServiceName',
        'SubnetIds',
        'Tags',
        'VpcEndpointType',
        'VpcId',
      ],
      actions: {
        create: 'CreateVpcEndpoint',
        update: 'ModifyVpcEndpoint',
        delete: 'DeleteVpcEndpoints',
      },
      create(region, properties, request) {
        const endpoint = createVpcEndpoint(region, {
          ...optionsOf(properties),
          vpcId: properties.requiredString('VpcId'),
          serviceName: properties.requiredString('ServiceName'),
          type: properties.string('VpcEndpointType') ?? 'Gateway',
          tags: resourceTags(properties, request),
        });
        return {
          physicalId: endpoint.id,
          attributes: {
            Id: endpoint.id,
            CreationTimestamp: new Date(endpoint.createdAt).toISOString(),
            // No hosted zones are there to name.
            DnsEntries: dnsNames(region, endpoint).map((name) => `Z00000000000000000000:${name}`),
            get NetworkInterfaceIds() {
              return [...endpoint.interfaces.values()];
            },
          },
        };
      },
      update: (region, properties, { physicalId }) =>
        modifyVpcEndpoint(region, region.vpcEndpoints.get(physicalId), optionsOf(properties)),
      delete: (region, _properties, { physicalId }) => deleteVpcEndpoint(region, physicalId),
    }),
  ];
}

function optionsOf(properties: PropertyReader): EndpointOptions {
  const policy = properties.json('PolicyDocument');
  return {
    routeTableIds: properties.strings('RouteTableIds') ?? [],
    subnetIds: properties.strings('SubnetIds') ?? [],
    groupIds: properties.strings('SecurityGroupIds') ?? [],
    privateDnsEnabled: properties.boolean('PrivateDnsEnabled') ?? false,
    ...(policy !== undefined && {
      policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
    }),
  };
}
