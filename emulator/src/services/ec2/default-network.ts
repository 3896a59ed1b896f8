import { availabilityZones } from '../../network/availability-zones';
import { IpBlock } from '../../network/ip-block';
import type { Ec2Region } from './ec2-region';
import { attachInternetGateway } from './gateways';
import { addManagedPrefixList } from './prefix-list';
import { createRoute } from './route-table';
import { createSubnet } from './subnet';
import { createVpc } from './vpc';
import { gatewayServices } from './vpc-endpoint';

/**
 * What AWS makes in every account and region: a VPC with a public subnet in each availability zone.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
 */
export function createDefaultNetwork(region: Ec2Region): void {
  for (const name of gatewayServices)
    addManagedPrefixList(region, `com.amazonaws.${region.region}.${name}`);
  region.dhcpOptions.add((id) => ({
    id,
    isDefault: true,
    options: new Map([
      [
        'domain-name',
        [region.region === 'us-east-1' ? 'ec2.internal' : `${region.region}.compute.internal`],
      ],
      ['domain-name-servers', ['AmazonProvidedDNS']],
    ]),
    tags: new Map(),
  }));
  const vpc = createVpc(region, { cidrBlock: '172.31.0.0/16', isDefault: true, tags: new Map() });
  const gateway = region.internetGateways.add((id) => ({ id, vpcId: undefined, tags: new Map() }));
  attachInternetGateway(region, gateway.id, vpc.id);
  for (const table of region.routeTables.all())
    createRoute(
      region,
      table.id,
      { member: 'DestinationCidrBlock', value: '0.0.0.0/0' },
      { member: 'GatewayId', id: gateway.id },
    );
  const [{ block: all } = { block: undefined }] = vpc.blocks;
  availabilityZones(region.region).forEach(({ name }, index) => {
    if (!all) return;
    const block = IpBlock.at(32, all.first + BigInt(index) * 4096n, 20);
    createSubnet(region, {
      vpcId: vpc.id,
      cidrBlock: String(block),
      availabilityZone: name,
      isDefault: true,
      mapPublicIpOnLaunch: true,
      tags: new Map(),
    });
  });
}
