import { EC2 } from '@aws-sdk/client-ec2';
import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import {
  CfnSubnet,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpProtocol,
  SubnetType,
  Vpc,
  type VpcProps,
} from 'aws-cdk-lib/aws-ec2';
import { Emulator, type ManualClock } from '../../../src';
import { where } from './support';

let aws: Emulator<ManualClock>;
let ec2: EC2;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ec2 = aws.client(EC2);
});
afterEach(() => aws.stop());

function network(props: VpcProps = {}): { stack: Stack; vpc: Vpc } {
  const stack = new Stack(new App(), 'Network');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, ...props });
  return { stack, vpc };
}

describe('the VPC of a stack', () => {
  test('is found by name, by tags and by id, with all that is in it', async () => {
    const { stack, vpc } = network({ vpcName: 'shop' });
    Tags.of(stack).add('team', 'orders');
    new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
    new CfnOutput(stack, 'Group', { value: vpc.vpcDefaultSecurityGroup });
    const deployment = await aws.deploy(stack);
    const vpcId = deployment.output('VpcId');

    const { Vpcs: vpcs } = await ec2.describeVpcs(
      where(['tag:Name', 'sh?p'], ['tag:team', 'orders'], ['isDefault', 'false']),
    );
    expect(vpcs).toEqual([
      expect.objectContaining({
        VpcId: vpcId,
        CidrBlock: '10.0.0.0/16',
        State: 'available',
        IsDefault: false,
        OwnerId: '000000000000',
        InstanceTenancy: 'default',
        Tags: expect.arrayContaining([
          { Key: 'aws:cloudformation:stack-name', Value: 'Network' },
          { Key: 'Name', Value: 'shop' },
        ]),
      }),
    ]);
    const { Subnets: subnets = [] } = await ec2.describeSubnets(where(['vpc-id', vpcId]));
    expect(subnets.map((one) => [one.AvailabilityZone, one.CidrBlock]).sort()).toEqual([
      ['us-east-1a', '10.0.0.0/18'],
      ['us-east-1a', '10.0.128.0/18'],
      ['us-east-1b', '10.0.192.0/18'],
      ['us-east-1b', '10.0.64.0/18'],
    ]);
    const { SecurityGroups: groups } = await ec2.describeSecurityGroups(
      where(['vpc-id', vpcId], ['group-name', 'default']),
    );
    expect(groups?.map(({ GroupId }) => GroupId)).toEqual([deployment.output('Group')]);

    await aws.destroy(stack);
    expect(await ec2.describeVpcs(where(['tag:Name', 'shop']))).toMatchObject({ Vpcs: [] });
    expect(aws.leaks()).toEqual([]);
  });

  test('leads its public subnets to the internet, and its private ones to a NAT gateway', async () => {
    const { stack } = network();
    await aws.deploy(stack);
    const routes = async (type: string) => {
      const { Subnets: subnets = [] } = await ec2.describeSubnets(
        where(['tag:aws-cdk:subnet-type', type]),
      );
      const ids = subnets.map(({ SubnetId }) => SubnetId ?? '');
      const { RouteTables: tables = [] } = await ec2.describeRouteTables(
        where(['association.subnet-id', ...ids]),
      );
      return tables.map(({ Routes }) => Routes);
    };
    const { NatGateways: [nat] = [] } = await ec2.describeNatGateways({});
    const { InternetGateways: [gateway] = [] } = await ec2.describeInternetGateways(
      where(['tag:Name', 'Network/Vpc']),
    );
    expect(gateway?.Attachments).toEqual([{ VpcId: nat?.VpcId, State: 'available' }]);
    const local = {
      DestinationCidrBlock: '10.0.0.0/16',
      GatewayId: 'local',
      Origin: 'CreateRouteTable',
      State: 'active',
    };
    const out = { DestinationCidrBlock: '0.0.0.0/0', Origin: 'CreateRoute', State: 'active' };
    const toInternet = [local, { ...out, GatewayId: gateway?.InternetGatewayId }];
    expect(await routes('Public')).toEqual([toInternet, toInternet]);
    const toNat = [local, { ...out, NatGatewayId: nat?.NatGatewayId }];
    expect(await routes('Private')).toEqual([toNat, toNat]);
  });

  test('has a NAT gateway with an address and an interface in a public subnet', async () => {
    const { stack } = network();
    await aws.deploy(stack);
    const { NatGateways: [nat] = [] } = await ec2.describeNatGateways({
      Filter: [{ Name: 'state', Values: ['available'] }],
    });
    const [mapped] = nat?.NatGatewayAddresses ?? [];
    expect(mapped).toMatchObject({ PrivateIp: '10.0.0.4', IsPrimary: true });
    const { Addresses: addresses } = await ec2.describeAddresses({});
    expect(addresses).toEqual([
      expect.objectContaining({
        AllocationId: mapped?.AllocationId,
        PublicIp: mapped?.PublicIp,
        PrivateIpAddress: '10.0.0.4',
        Domain: 'vpc',
      }),
    ]);
    const { NetworkInterfaces: interfaces } = await ec2.describeNetworkInterfaces(
      where(['subnet-id', nat?.SubnetId ?? '']),
    );
    expect(interfaces).toEqual([
      expect.objectContaining({
        NetworkInterfaceId: mapped?.NetworkInterfaceId,
        InterfaceType: 'nat_gateway',
        Description: `Interface for NAT Gateway ${nat?.NatGatewayId}`,
      }),
    ]);
    const { Subnets: [subnet] = [] } = await ec2.describeSubnets({
      SubnetIds: [nat?.SubnetId ?? ''],
    });
    expect(subnet?.AvailableIpAddressCount).toBe(16384 - 5 - 1);
  });

  test('has IPv6 blocks, which its subnets take their own from', async () => {
    const { stack, vpc } = network({
      ipProtocol: IpProtocol.DUAL_STACK,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC },
        { name: 'inside', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
    const deployment = await aws.deploy(stack);
    const { Vpcs: [described] = [] } = await ec2.describeVpcs({
      VpcIds: [deployment.output('VpcId')],
    });
    const block = described?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
    expect(block).toMatch(/^2001:db8:[0-9a-f:]+::\/56$/);
    const { Subnets: subnets = [] } = await ec2.describeSubnets(
      where(['vpc-id', deployment.output('VpcId')]),
    );
    const blocks = subnets.map((one) => one.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
    expect(new Set(blocks).size).toBe(4);
    await aws.destroy(stack);
    expect(aws.leaks()).toEqual([]);
  });

  test('has endpoints: routes of gateway ones, interfaces of the others', async () => {
    const { stack, vpc } = network({ natGateways: 0 });
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    vpc.addInterfaceEndpoint('Sqs', { service: InterfaceVpcEndpointAwsService.SQS });
    await aws.deploy(stack);
    const { VpcEndpoints: endpoints = [] } = await ec2.describeVpcEndpoints({});
    const [s3, sqs] = ['s3', 'sqs'].map((name) =>
      endpoints.find(({ ServiceName }) => ServiceName === `com.amazonaws.us-east-1.${name}`),
    );
    expect(s3).toMatchObject({ VpcEndpointType: 'Gateway', State: 'available' });
    const { PrefixLists: [list] = [] } = await ec2.describePrefixLists(
      where(['prefix-list-name', 'com.amazonaws.us-east-1.s3']),
    );
    const { RouteTables: tables = [] } = await ec2.describeRouteTables(
      where(['route.gateway-id', s3?.VpcEndpointId ?? '']),
    );
    expect(tables).toHaveLength(4);
    expect(tables[0]?.Routes).toContainEqual({
      DestinationPrefixListId: list?.PrefixListId,
      GatewayId: s3?.VpcEndpointId,
      Origin: 'CreateRoute',
      State: 'active',
    });
    expect(sqs).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    expect(sqs?.NetworkInterfaceIds).toHaveLength(2);
    expect(sqs?.DnsEntries?.[0]?.DnsName).toBe(
      `${sqs?.VpcEndpointId}.sqs.us-east-1.vpce.amazonaws.com`,
    );
    await aws.destroy(stack);
    expect(aws.leaks()).toEqual([]);
  });

  test('has a VPN gateway, whose routes its tables take over', async () => {
    const { stack } = network({
      natGateways: 0,
      vpnGateway: true,
      vpnRoutePropagation: [{ subnetType: SubnetType.PUBLIC }],
    });
    await aws.deploy(stack);
    const { VpnGateways: [gateway] = [] } = await ec2.describeVpnGateways(
      where(['attachment.state', 'attached'], ['state', 'available']),
    );
    expect(gateway).toMatchObject({ Type: 'ipsec.1', AmazonSideAsn: 64512 });
    const { RouteTables: tables = [] } = await ec2.describeRouteTables({});
    const propagating = tables.filter(({ PropagatingVgws }) => PropagatingVgws?.length);
    expect(propagating.map(({ PropagatingVgws }) => PropagatingVgws)).toEqual([
      [{ GatewayId: gateway?.VpnGatewayId }],
      [{ GatewayId: gateway?.VpnGatewayId }],
    ]);
    await aws.destroy(stack);
    expect(aws.leaks()).toEqual([]);
  });

  test('changes in place what can change in place', async () => {
    const before = network({ natGateways: 0 });
    new CfnOutput(before.stack, 'VpcId', { value: before.vpc.vpcId });
    const vpcId = (await aws.deploy(before.stack)).output('VpcId');
    const after = network({ natGateways: 0, enableDnsHostnames: false });
    Tags.of(after.stack).add('team', 'orders');
    await aws.deploy(after.stack);
    expect(
      await ec2.describeVpcAttribute({ VpcId: vpcId, Attribute: 'enableDnsHostnames' }),
    ).toMatchObject({ EnableDnsHostnames: { Value: false } });
    const { Tags: tags = [] } = await ec2.describeTags(
      where(['resource-id', vpcId], ['key', 'team', 'Name']),
    );
    expect(tags.map(({ Key, Value }) => [Key, Value])).toEqual([
      ['Name', 'Network/Vpc'],
      ['team', 'orders'],
    ]);
  });

  test('a network that AWS refuses fails the deployment with what AWS says', async () => {
    const { stack, vpc } = network({ natGateways: 0 });
    const [subnet] = vpc.publicSubnets;
    new CfnSubnet(stack, 'Overlap', {
      vpcId: vpc.vpcId,
      cidrBlock: subnet?.ipv4CidrBlock,
    }).node.addDependency(vpc);
    await expect(aws.deploy(stack)).rejects.toThrow(
      /Overlap.*The CIDR '10\.0\.0\.0\/18' conflicts with another subnet/s,
    );
    expect(aws.leaks()).toEqual(['CloudFormation stack Network (ROLLBACK_COMPLETE)']);
  });
});

describe('the default VPC', () => {
  test('is in every account and region, with a public subnet in each availability zone', async () => {
    const client = aws.client(EC2, { region: 'eu-west-1' });
    const { Vpcs: [vpc] = [] } = await client.describeVpcs(where(['is-default', 'true']));
    expect(vpc).toMatchObject({ CidrBlock: '172.31.0.0/16', IsDefault: true });
    const { Subnets: subnets = [] } = await client.describeSubnets(
      where(['default-for-az', 'true']),
    );
    expect(
      subnets.map((one) => [one.AvailabilityZone, one.AvailabilityZoneId, one.CidrBlock]).sort(),
    ).toEqual([
      ['eu-west-1a', 'euw1-az1', '172.31.0.0/20'],
      ['eu-west-1b', 'euw1-az2', '172.31.16.0/20'],
      ['eu-west-1c', 'euw1-az3', '172.31.32.0/20'],
    ]);
    expect(subnets.every((one) => one.MapPublicIpOnLaunch)).toBe(true);
    const { RouteTables: [table] = [] } = await client.describeRouteTables(
      where(['association.main', 'true']),
    );
    expect(table?.Routes?.[1]).toMatchObject({
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: expect.stringMatching(/^igw-[0-9a-f]{17}$/),
    });
    const { AccountAttributes: [attribute] = [] } = await client.describeAccountAttributes({
      AttributeNames: ['default-vpc'],
    });
    expect(attribute?.AttributeValues).toEqual([{ AttributeValue: vpc?.VpcId }]);
    expect(aws.leaks()).toEqual([]);
  });

  test('is another one in another account, and the same one for the same seed', async () => {
    const idOf = async (client: EC2) => (await client.describeVpcs({})).Vpcs?.[0]?.VpcId;
    const other = aws.client(EC2, { account: '111122223333' });
    const again = await Emulator.start({ clock: 'manual' });
    const ids = await Promise.all([idOf(ec2), idOf(other), idOf(again.client(EC2))]);
    await again.stop();
    expect(ids[1]).not.toBe(ids[0]);
    expect(ids[2]).toBe(ids[0]);
  });

  test('has a network ACL that lets everything pass', async () => {
    const { NetworkAcls: [acl] = [] } = await ec2.describeNetworkAcls(where(['default', 'true']));
    expect(acl?.Associations).toHaveLength(3);
    const entries = acl?.Entries?.map((one) => [one.Egress, one.RuleNumber, one.RuleAction]);
    expect(entries).toEqual([
      [true, 100, 'allow'],
      [true, 32767, 'deny'],
      [false, 100, 'allow'],
      [false, 32767, 'deny'],
    ]);
  });
});

test('long lists come in pages', async () => {
  const { Vpc: vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  for (let index = 0; index < 7; index++)
    await ec2.createSubnet({ VpcId: vpc?.VpcId, CidrBlock: `10.0.${index}.0/24` });
  const filter = where(['vpc-id', vpc?.VpcId ?? '']);
  const first = await ec2.describeSubnets({ ...filter, MaxResults: 5 });
  const second = await ec2.describeSubnets({
    ...filter,
    MaxResults: 5,
    NextToken: first.NextToken,
  });
  expect([first.Subnets?.length, second.Subnets?.length, second.NextToken]).toEqual([
    5,
    2,
    undefined,
  ]);
  const all = [...(first.Subnets ?? []), ...(second.Subnets ?? [])];
  expect(new Set(all.map(({ SubnetId }) => SubnetId)).size).toBe(7);
});
