import type { AttachmentStatus } from '@aws-sdk/client-ec2';
import { acceptOnly } from '../accepted-parameters';
import { answered, type Operations, type RegionOf } from './client';
import { describedPage, describeMembers, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import type { FilterTable } from './filters';
import {
  attachInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
  type EgressOnlyInternetGateway,
  type InternetGateway,
  type VpnGateway,
} from './gateways';
import type { NatGateway } from './nat-gateway';
import { tagList, tagsOf } from './tags';

const internetFilters = (region: Ec2Region): FilterTable<InternetGateway> => ({
  'attachment.state': ({ vpcId }) => vpcId && 'available',
  'attachment.vpc-id': ({ vpcId }) => vpcId,
  'internet-gateway-id': ({ id }) => id,
  'owner-id': () => region.account,
});

const vpnFilters: FilterTable<VpnGateway> = {
  'amazon-side-asn': ({ amazonSideAsn }) => amazonSideAsn,
  'attachment.state': ({ vpcId }) => vpcId && 'attached',
  'attachment.vpc-id': ({ vpcId }) => vpcId,
  state: () => 'available',
  type: ({ type }) => type,
  'vpn-gateway-id': ({ id }) => id,
};

const natFilters: FilterTable<NatGateway> = {
  'nat-gateway-id': ({ id }) => id,
  state: () => 'available',
  'subnet-id': ({ subnetId }) => subnetId,
  'vpc-id': ({ vpcId }) => vpcId,
};

const noFilters: FilterTable<EgressOnlyInternetGateway> = {};

/** Operations on what leads out of a VPC: internet, NAT and VPN gateways. */
export function gatewayOperations(regionOf: RegionOf): Operations {
  return {
    DescribeInternetGateways(input, context) {
      acceptOnly('DescribeInternetGateways', input, [...describeMembers, 'InternetGatewayIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.internetGateways,
        input.InternetGatewayIds,
        internetFilters(region),
      );
      return {
        InternetGateways: items.map((gateway) => describeInternetGateway(region, gateway)),
        NextToken: nextToken,
      };
    },

    CreateInternetGateway(input, context) {
      acceptOnly('CreateInternetGateway', input, ['DryRun', 'TagSpecifications']);
      const region = regionOf(context);
      permit(context, input, region.arn('internet-gateway', '*'));
      const tags = tagsOf(input.TagSpecifications, 'internet-gateway');
      const gateway = region.internetGateways.add((id) => ({ id, vpcId: undefined, tags }));
      return { InternetGateway: describeInternetGateway(region, gateway) };
    },

    AttachInternetGateway(input, context) {
      acceptOnly('AttachInternetGateway', input, ['DryRun', 'InternetGatewayId', 'VpcId']);
      const region = regionOf(context);
      permit(context, input, region.arn('internet-gateway', input.InternetGatewayId));
      attachInternetGateway(region, input.InternetGatewayId, input.VpcId);
      return {};
    },

    DetachInternetGateway(input, context) {
      acceptOnly('DetachInternetGateway', input, ['DryRun', 'InternetGatewayId', 'VpcId']);
      const region = regionOf(context);
      permit(context, input, region.arn('internet-gateway', input.InternetGatewayId));
      detachInternetGateway(region, input.InternetGatewayId, input.VpcId);
      return {};
    },

    DeleteInternetGateway(input, context) {
      acceptOnly('DeleteInternetGateway', input, ['DryRun', 'InternetGatewayId']);
      const region = regionOf(context);
      permit(context, input, region.arn('internet-gateway', input.InternetGatewayId));
      deleteInternetGateway(region, input.InternetGatewayId);
      return {};
    },

    DescribeEgressOnlyInternetGateways(input, context) {
      acceptOnly('DescribeEgressOnlyInternetGateways', input, [
        ...describeMembers,
        'EgressOnlyInternetGatewayIds',
      ]);
      const { items, nextToken } = describedPage(
        context,
        input,
        regionOf(context).egressOnlyInternetGateways,
        input.EgressOnlyInternetGatewayIds,
        noFilters,
      );
      return {
        EgressOnlyInternetGateways: items.map(({ id, vpcId, tags }) => ({
          EgressOnlyInternetGatewayId: id,
          Attachments: [{ VpcId: vpcId, State: 'attached' }],
          Tags: tagList(tags),
        })),
        NextToken: nextToken,
      };
    },

    DescribeVpnGateways(input, context) {
      acceptOnly('DescribeVpnGateways', input, ['DryRun', 'Filters', 'VpnGatewayIds']);
      const { vpnGateways } = regionOf(context);
      const { items } = describedPage(context, input, vpnGateways, input.VpnGatewayIds, vpnFilters);
      return {
        VpnGateways: items.map(({ id, type, amazonSideAsn, vpcId, tags }) => ({
          VpnGatewayId: id,
          State: 'available',
          Type: type === 'ipsec.1' ? type : undefined,
          AmazonSideAsn: amazonSideAsn,
          VpcAttachments: vpcId === undefined ? [] : [{ State: 'attached', VpcId: vpcId }],
          Tags: tagList(tags),
        })),
      };
    },

    DescribeNatGateways(input, context) {
      // The one describe call whose filters are called `Filter`.
      const { Filter: filter, ...rest } = input;
      acceptOnly('DescribeNatGateways', rest, [
        'DryRun',
        'MaxResults',
        'NatGatewayIds',
        'NextToken',
      ]);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        { ...rest, Filters: filter },
        region.natGateways,
        input.NatGatewayIds,
        natFilters,
      );
      return {
        NatGateways: items.map((gateway) => describeNatGateway(region, gateway)),
        NextToken: nextToken,
      };
    },
  };
}

function describeInternetGateway(region: Ec2Region, { id, vpcId, tags }: InternetGateway) {
  return {
    InternetGatewayId: id,
    OwnerId: region.account,
    Attachments:
      vpcId === undefined ? [] : [{ VpcId: vpcId, State: answered<AttachmentStatus>('available') }],
    Tags: tagList(tags),
  };
}

function describeNatGateway(region: Ec2Region, gateway: NatGateway) {
  const { privateIp, id: interfaceId } = region.networkInterfaces.get(gateway.networkInterfaceId);
  const addresses = gateway.isPublic
    ? gateway.allocationIds.map((id) => region.addresses.find(id))
    : [undefined];
  return {
    NatGatewayId: gateway.id,
    VpcId: gateway.vpcId,
    SubnetId: gateway.subnetId,
    State: 'available' as const,
    ConnectivityType: gateway.isPublic ? ('public' as const) : ('private' as const),
    CreateTime: new Date(gateway.createdAt),
    NatGatewayAddresses: addresses.map((address, index) => ({
      AllocationId: address?.id,
      AssociationId: address?.association?.id,
      PublicIp: address?.publicIp,
      PrivateIp: privateIp,
      NetworkInterfaceId: interfaceId,
      IsPrimary: index === 0,
      Status: 'succeeded' as const,
    })),
    Tags: tagList(gateway.tags),
  };
}
