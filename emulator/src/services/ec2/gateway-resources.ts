import type { PropertyReader, ResourceProvider } from '../../cloudformation/provider';
import { ServiceError } from '../../protocol/errors';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import {
  attachInternetGateway,
  attachVpnGateway,
  deleteInternetGateway,
  deleteVpnGateway,
  detachInternetGateway,
  detachVpnGateway,
} from './gateways';
import { createNatGateway, deleteNatGateway } from './nat-gateway';

/** The number that AWS gives its side of a VPN. */
const amazonAsn = 64512;

/** The CloudFormation types of what leads out of a VPC. */
export function gatewayProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::InternetGateway',
      on: 'internet-gateway',
      properties: ['Tags'],
      actions: { create: 'CreateInternetGateway', delete: 'DeleteInternetGateway' },
      create(region, properties, request) {
        const tags = resourceTags(properties, request);
        const { id } = region.internetGateways.add((newId) => ({
          id: newId,
          vpcId: undefined,
          tags,
        }));
        return { physicalId: id, attributes: { InternetGatewayId: id } };
      },
      delete: (region, _properties, { physicalId }) => deleteInternetGateway(region, physicalId),
      read: () => ({}),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::VPNGateway',
      on: 'vpn-gateway',
      properties: ['AmazonSideAsn', 'Tags', 'Type'],
      actions: { create: 'CreateVpnGateway', delete: 'DeleteVpnGateway' },
      create(region, properties, request) {
        const tags = resourceTags(properties, request);
        const { id } = region.vpnGateways.add((newId) => ({
          id: newId,
          vpcId: undefined,
          type: properties.requiredString('Type'),
          amazonSideAsn: properties.number('AmazonSideAsn') ?? amazonAsn,
          tags,
        }));
        return { physicalId: id, attributes: { VPNGatewayId: id } };
      },
      delete: (region, _properties, { physicalId }) => deleteVpnGateway(region, physicalId),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::VPCGatewayAttachment',
      on: 'internet-gateway',
      properties: ['InternetGatewayId', 'VpcId', 'VpnGatewayId'],
      actions: { create: 'AttachInternetGateway', delete: 'DetachInternetGateway' },
      create(region, properties) {
        const { kind } = attach(region, properties);
        return {
          physicalId: `${kind}|${properties.requiredString('VpcId')}`,
          attributes: { AttachmentType: kind },
        };
      },
      exists: (region, properties) => attachedGateway(region, properties) !== undefined,
      delete: detach,
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::EgressOnlyInternetGateway',
      on: 'egress-only-internet-gateway',
      properties: ['Tags', 'VpcId'],
      actions: {
        create: 'CreateEgressOnlyInternetGateway',
        delete: 'DeleteEgressOnlyInternetGateway',
      },
      create(region, properties, request) {
        const vpc = region.vpcs.get(properties.requiredString('VpcId'));
        const tags = resourceTags(properties, request);
        const { id } = region.egressOnlyInternetGateways.add((newId) => ({
          id: newId,
          vpcId: vpc.id,
          tags,
        }));
        return { physicalId: id, attributes: { Id: id } };
      },
      delete: (region, _properties, { physicalId }) =>
        region.egressOnlyInternetGateways.delete(physicalId),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::NatGateway',
      on: 'natgateway',
      properties: [
        'AllocationId',
        'ConnectivityType',
        // Kept: nothing is drained.
        'MaxDrainDurationSeconds',
        'PrivateIpAddress',
        'SecondaryAllocationIds',
        'SubnetId',
        'Tags',
      ],
      actions: { create: 'CreateNatGateway', delete: 'DeleteNatGateway' },
      create(region, properties, request) {
        const allocation = properties.string('AllocationId');
        const nat = createNatGateway(region, {
          subnetId: properties.requiredString('SubnetId'),
          isPublic: properties.string('ConnectivityType') !== 'private',
          allocationIds: [
            ...(allocation === undefined ? [] : [allocation]),
            ...(properties.strings('SecondaryAllocationIds') ?? []),
          ],
          privateIp: properties.string('PrivateIpAddress'),
          tags: resourceTags(properties, request),
        });
        return {
          physicalId: nat.id,
          attributes: { NatGatewayId: nat.id, EniId: nat.networkInterfaceId },
        };
      },
      delete: (region, _properties, { physicalId }) => deleteNatGateway(region, physicalId),
    }),
  ];
}

/** What an attachment is about: `IGW` or `VGW`, as its `Ref` begins. */
function gatewayOf(properties: PropertyReader) {
  const internet = properties.string('InternetGatewayId');
  const vpn = properties.string('VpnGatewayId');
  if ((internet === undefined) === (vpn === undefined))
    throw new ServiceError(
      'InvalidParameterCombination',
      'Exactly one of InternetGatewayId and VpnGatewayId must be given.',
    );
  return internet === undefined
    ? { kind: 'VGW' as const, id: vpn ?? '' }
    : { kind: 'IGW' as const, id: internet };
}

function attach(region: Ec2Region, properties: PropertyReader) {
  const gateway = gatewayOf(properties);
  const vpcId = properties.requiredString('VpcId');
  if (gateway.kind === 'IGW') attachInternetGateway(region, gateway.id, vpcId);
  else attachVpnGateway(region, gateway.id, vpcId);
  return gateway;
}

function detach(region: Ec2Region, properties: PropertyReader): void {
  const { kind, id } = gatewayOf(properties);
  const vpcId = properties.requiredString('VpcId');
  if (kind === 'IGW') detachInternetGateway(region, id, vpcId);
  else detachVpnGateway(region, id, vpcId);
}

function attachedGateway(region: Ec2Region, properties: PropertyReader) {
  const { id } = gatewayOf(properties);
  const gateway = region.internetGateways.find(id) ?? region.vpnGateways.find(id);
  return gateway?.vpcId === properties.string('VpcId') ? gateway : undefined;
}
