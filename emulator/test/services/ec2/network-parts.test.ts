import { EC2 } from '@aws-sdk/client-ec2';
import { App, CfnOutput, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import {
  AclCidr,
  AclTraffic,
  Action,
  CfnDHCPOptions,
  CfnEIP,
  CfnEIPAssociation,
  CfnNatGateway,
  CfnPrefixList,
  CfnSubnet,
  CfnVPC,
  CfnVPCCidrBlock,
  CfnVPCDHCPOptionsAssociation,
  NetworkAcl,
  Peer,
  Port,
  PrefixList,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Emulator, type ManualClock } from '../../../src';
import { messageOf } from './support';

let aws: Emulator<ManualClock>;
let ec2: EC2;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ec2 = aws.client(EC2);
});
afterEach(() => aws.stop());

const byStack = { Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['Parts'] }] };

/** Deploys a stack, looks at it, and sees to it that it goes without leaving anything. */
async function withStack(
  build: (stack: Stack) => void,
  look: (output: (key: string) => string) => Promise<void>,
): Promise<void> {
  const stack = new Stack(new App(), 'Parts');
  build(stack);
  const deployment = await aws.deploy(stack);
  await look((key) => deployment.output(key));
  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
}

const isolated = [{ name: 'inside', subnetType: SubnetType.PRIVATE_ISOLATED }];

test('a network ACL has its rules in their order, and the subnets that it is given', () =>
  withStack(
    (stack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, subnetConfiguration: isolated });
      const acl = new NetworkAcl(stack, 'Acl', {
        vpc,
        subnetSelection: { subnetType: SubnetType.PRIVATE_ISOLATED },
      });
      for (const [ruleNumber, port] of [
        [200, 443],
        [100, 80],
      ] as const) {
        acl.addEntry(`Port${port}`, {
          ruleNumber,
          cidr: AclCidr.ipv4('10.0.0.0/16'),
          traffic: AclTraffic.tcpPort(port),
          ruleAction: Action.ALLOW,
        });
      }
      new CfnOutput(stack, 'AclId', { value: acl.networkAclId });
    },
    async (output) => {
      const { NetworkAcls: [acl] = [] } = await ec2.describeNetworkAcls({
        NetworkAclIds: [output('AclId')],
      });
      expect(acl?.Associations).toHaveLength(2);
      const ingress = acl?.Entries?.filter(({ Egress }) => !Egress);
      expect(ingress?.map((one) => [one.RuleNumber, one.PortRange?.From, one.RuleAction])).toEqual([
        [100, 80, 'allow'],
        [200, 443, 'allow'],
        [32767, undefined, 'deny'],
      ]);
      const { NetworkAcls: standard = [] } = await ec2.describeNetworkAcls({
        Filters: [
          { Name: 'vpc-id', Values: [acl?.VpcId ?? ''] },
          { Name: 'default', Values: ['true'] },
        ],
      });
      expect(standard[0]?.Associations).toEqual([]);
    },
  ));

test('a prefix list is named by rules, and kept while it is', () =>
  withStack(
    (stack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, subnetConfiguration: isolated });
      const list = new PrefixList(stack, 'Offices', {
        prefixListName: 'offices',
        entries: [{ cidr: '192.0.2.0/24', description: 'one' }],
        maxEntries: 5,
      });
      const group = new SecurityGroup(stack, 'Group', { vpc });
      group.addIngressRule(Peer.prefixList(list.prefixListId), Port.tcp(22));
      new CfnOutput(stack, 'ListId', { value: list.prefixListId });
    },
    async (output) => {
      const PrefixListId = output('ListId');
      const { PrefixLists: lists } = await ec2.describeManagedPrefixLists({
        PrefixListIds: [PrefixListId],
      });
      expect(lists).toEqual([
        expect.objectContaining({ PrefixListName: 'offices', MaxEntries: 5, Version: 1 }),
      ]);
      expect(await ec2.getManagedPrefixListEntries({ PrefixListId })).toMatchObject({
        Entries: [{ Cidr: '192.0.2.0/24', Description: 'one' }],
      });
      const { SecurityGroups: groups } = await ec2.describeSecurityGroups({
        Filters: [{ Name: 'ip-permission.prefix-list-id', Values: [PrefixListId] }],
      });
      expect(groups).toHaveLength(1);
    },
  ));

test('a prefix list takes other entries, as another version', async () => {
  const stackWith = (...cidrs: string[]) => {
    const stack = new Stack(new App(), 'Parts');
    new CfnPrefixList(stack, 'List', {
      addressFamily: 'IPv4',
      prefixListName: 'offices',
      maxEntries: 3,
      entries: cidrs.map((cidr) => ({ cidr })),
    });
    return stack;
  };
  await aws.deploy(stackWith('192.0.2.0/24'));
  await aws.deploy(stackWith('192.0.2.0/24', '198.51.100.0/24'));
  const { PrefixLists: [list] = [] } = await ec2.describeManagedPrefixLists(byStack);
  expect(list?.Version).toBe(2);
  await expect(
    aws.deploy(stackWith('10.0.0.0/8', '11.0.0.0/8', '12.0.0.0/8', '13.0.0.0/8')),
  ).rejects.toThrow('The number of entries exceeds the maximum of 3.');
});

test('a VPC takes further blocks and DHCP options', () =>
  withStack(
    (stack) => {
      const vpc = new CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
      const block = new CfnVPCCidrBlock(stack, 'Block', {
        vpcId: vpc.ref,
        cidrBlock: '10.1.0.0/16',
      });
      const subnet = new CfnSubnet(stack, 'Subnet', {
        vpcId: vpc.ref,
        cidrBlock: '10.1.0.0/24',
        availabilityZone: Fn.select(2, Fn.getAzs()),
        privateDnsNameOptionsOnLaunch: { HostnameType: 'resource-name' },
      });
      subnet.addResourceDependency(block);
      const options = new CfnDHCPOptions(stack, 'Options', { domainName: 'example.com' });
      new CfnVPCDHCPOptionsAssociation(stack, 'Association', {
        vpcId: vpc.ref,
        dhcpOptionsId: options.ref,
      });
      new CfnOutput(stack, 'OptionsId', { value: options.ref });
    },
    async (output) => {
      const { Vpcs: [vpc] = [] } = await ec2.describeVpcs(byStack);
      expect(vpc?.CidrBlock).toBe('10.0.0.0/16');
      expect(vpc?.CidrBlockAssociationSet?.map(({ CidrBlock }) => CidrBlock)).toEqual([
        '10.0.0.0/16',
        '10.1.0.0/16',
      ]);
      expect(vpc?.DhcpOptionsId).toBe(output('OptionsId'));
      expect(
        await ec2.describeDhcpOptions({ DhcpOptionsIds: [output('OptionsId')] }),
      ).toMatchObject({
        DhcpOptions: [
          { DhcpConfigurations: [{ Key: 'domain-name', Values: [{ Value: 'example.com' }] }] },
        ],
      });
      const { Subnets: [subnet] = [] } = await ec2.describeSubnets(byStack);
      expect(subnet?.AvailabilityZone).toBe('us-east-1c');
      expect(subnet?.PrivateDnsNameOptionsOnLaunch?.HostnameType).toBe('resource-name');
    },
  ));

test('a private NAT gateway needs no address, and its interface may have one', () =>
  withStack(
    (stack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, subnetConfiguration: isolated });
      const nat = new CfnNatGateway(stack, 'Nat', {
        subnetId: vpc.isolatedSubnets[0]?.subnetId ?? '',
        connectivityType: 'private',
        privateIpAddress: '10.0.0.9',
      });
      const address = new CfnEIP(stack, 'Address', { domain: 'vpc' });
      new CfnEIPAssociation(stack, 'Association', {
        allocationId: address.attrAllocationId,
        networkInterfaceId: nat.attrEniId,
      });
      new CfnOutput(stack, 'PublicIp', { value: address.ref });
    },
    async (output) => {
      const { NatGateways: [nat] = [] } = await ec2.describeNatGateways({});
      expect(nat).toMatchObject({
        ConnectivityType: 'private',
        NatGatewayAddresses: [{ PrivateIp: '10.0.0.9' }],
      });
      const { Addresses: [address] = [] } = await ec2.describeAddresses({
        PublicIps: [output('PublicIp')],
      });
      expect(address?.PrivateIpAddress).toBe('10.0.0.9');
      expect(await messageOf(ec2.releaseAddress({ AllocationId: address?.AllocationId }))).toBe(
        `InvalidIPAddress.InUse: Address ${output('PublicIp')} is in use.`,
      );
    },
  ));

test('a route is a black hole once its target is detached', async () => {
  const { Vpc: vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  const { InternetGateway: gateway } = await ec2.createInternetGateway({});
  const { RouteTable: table } = await ec2.createRouteTable({ VpcId: vpc?.VpcId });
  const attachment = { VpcId: vpc?.VpcId, InternetGatewayId: gateway?.InternetGatewayId };
  const route = {
    RouteTableId: table?.RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway?.InternetGatewayId,
  };
  expect(await messageOf(ec2.createRoute(route))).toBe(
    `InvalidParameterValue: route table ${table?.RouteTableId} and network gateway ${gateway?.InternetGatewayId} belong to different networks`,
  );
  await ec2.attachInternetGateway(attachment);
  expect(await messageOf(ec2.attachInternetGateway(attachment))).toBe(
    `Resource.AlreadyAssociated: resource ${gateway?.InternetGatewayId} is already attached to network ${vpc?.VpcId}`,
  );
  await ec2.createRoute(route);
  expect(await messageOf(ec2.createRoute(route))).toBe(
    'RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.',
  );
  await ec2.detachInternetGateway(attachment);
  const { RouteTables: [described] = [] } = await ec2.describeRouteTables({
    Filters: [{ Name: 'route.state', Values: ['blackhole'] }],
  });
  expect(described?.RouteTableId).toBe(table?.RouteTableId);
  await ec2.deleteRoute({
    RouteTableId: table?.RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
  });
  await ec2.deleteRouteTable({ RouteTableId: table?.RouteTableId });
  await ec2.deleteInternetGateway({ InternetGatewayId: gateway?.InternetGatewayId });
  await ec2.deleteVpc({ VpcId: vpc?.VpcId });
  expect(aws.leaks()).toEqual([]);
});

test('the same call with the same token makes one route table', async () => {
  const { Vpcs: [vpc] = [] } = await ec2.describeVpcs({});
  const create = (ClientToken: string, name: string) =>
    ec2.createRouteTable({
      ClientToken,
      VpcId: vpc?.VpcId,
      TagSpecifications: [{ ResourceType: 'route-table', Tags: [{ Key: 'Name', Value: name }] }],
    });
  const { RouteTable: first } = await create('token', 'one');
  const { RouteTable: again } = await create('token', 'one');
  expect(again).toEqual(first);
  expect(await messageOf(create('token', 'two'))).toMatch(/^IdempotentParameterMismatch/);
  const { RouteTable: other } = await create('another', 'one');
  expect(other?.RouteTableId).not.toBe(first?.RouteTableId);
});

test('a subnet has one route table', async () => {
  const { Subnets: [subnet] = [] } = await ec2.describeSubnets({});
  const { RouteTable: table } = await ec2.createRouteTable({ VpcId: subnet?.VpcId });
  const association = { RouteTableId: table?.RouteTableId, SubnetId: subnet?.SubnetId };
  const { AssociationId } = await ec2.associateRouteTable(association);
  expect(await messageOf(ec2.associateRouteTable(association))).toMatch(
    /^Resource\.AlreadyAssociated: the specified association for route table/,
  );
  await ec2.disassociateRouteTable({ AssociationId });
  expect(await messageOf(ec2.disassociateRouteTable({ AssociationId }))).toMatch(
    /^InvalidAssociationID\.NotFound/,
  );
});

test('a property that is not honoured is refused before anything is created', async () => {
  const stack = new Stack(new App(), 'Parts');
  new CfnResource(stack, 'Vpc', {
    type: 'AWS::EC2::VPC',
    properties: { Ipv4IpamPoolId: 'ipam-pool-1', Ipv4NetmaskLength: 16 },
  });
  await expect(aws.deploy(stack)).rejects.toThrow(
    /AWS::EC2::VPC does not support Ipv4IpamPoolId \("ipam-pool-1"\)/,
  );
  expect(aws.leaks()).toEqual([]);
});

test('instances and key pairs are looked for in vain, by the filters that there are', async () => {
  const running = { Name: 'instance-state-name', Values: ['running'] };
  expect(await ec2.describeInstances({ Filters: [running] })).toMatchObject({ Reservations: [] });
  expect(await messageOf(ec2.describeInstances({ Filters: [{ Name: 'x', Values: [] }] }))).toBe(
    "InvalidParameterValue: The filter 'x' is invalid",
  );
  expect(await ec2.describeKeyPairs({})).toMatchObject({ KeyPairs: [] });
});
