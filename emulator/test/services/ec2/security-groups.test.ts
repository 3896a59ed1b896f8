import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2, type IpPermission } from '@aws-sdk/client-ec2';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Emulator, type ManualClock } from '../../../src';
import { messageOf } from './support';

let aws: Emulator<ManualClock>;
let ec2: EC2;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ec2 = aws.client(EC2);
});
afterEach(() => aws.stop());

async function newGroup(GroupName: string): Promise<string> {
  const { GroupId } = await ec2.createSecurityGroup({ GroupName, Description: 'a group' });
  return GroupId ?? '';
}

async function permissions(GroupId: string) {
  const { SecurityGroups: [group] = [] } = await ec2.describeSecurityGroups({
    GroupIds: [GroupId],
  });
  return { in: group?.IpPermissions, out: group?.IpPermissionsEgress };
}

const tcp = (port: number, ...cidrs: string[]): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp })),
});

const everything = {
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
};

test('a group lets nothing in and everything out, until it is told otherwise', async () => {
  const GroupId = await newGroup('web');
  expect(await permissions(GroupId)).toEqual({ in: [], out: [everything] });
  const { SecurityGroupRules: [rule] = [] } = await ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpPermissions: [{ ...tcp(443), IpRanges: [{ CidrIp: '10.0.0.9/24', Description: 'office' }] }],
  });
  expect(rule).toMatchObject({
    SecurityGroupRuleId: expect.stringMatching(/^sgr-[0-9a-f]{17}$/),
    GroupId,
    IsEgress: false,
    CidrIpv4: '10.0.0.0/24',
    Description: 'office',
  });
  await ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    CidrIp: '10.1.0.0/16',
  });
  await ec2.authorizeSecurityGroupEgress({
    GroupId,
    IpPermissions: [
      { IpProtocol: '17', FromPort: 53, ToPort: 53, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
    ],
  });
  const { in: ingress, out: egress } = await permissions(GroupId);
  expect(ingress?.map(({ IpProtocol, FromPort }) => [IpProtocol, FromPort])).toEqual([
    ['tcp', 443],
  ]);
  expect(ingress?.[0]?.IpRanges).toHaveLength(2);
  expect(egress?.find(({ IpProtocol }) => IpProtocol === 'udp')?.Ipv6Ranges).toEqual([
    { CidrIpv6: '::/0' },
  ]);

  await ec2.revokeSecurityGroupIngress({
    GroupId,
    SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ''],
  });
  await ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions: [tcp(443, '10.1.0.0/16')] });
  expect((await permissions(GroupId)).in).toEqual([]);
  await ec2.deleteSecurityGroup({ GroupId });
  expect(aws.leaks()).toEqual([]);
});

test('rules are refused that are there, that are not, and that cannot be', async () => {
  const GroupId = await newGroup('web');
  const authorize = (...IpPermissions: IpPermission[]) =>
    messageOf(ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions }));
  expect(await authorize(tcp(22, '0.0.0.0/0'))).toBe('none');
  expect(await authorize(tcp(80, '0.0.0.0/0'), tcp(22, '0.0.0.0/0'))).toBe(
    'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW" already exists',
  );
  expect((await permissions(GroupId)).in).toHaveLength(1);
  expect(await authorize(tcp(80, '10.0.0.0/16'), tcp(80, '10.0.0.0/16'))).toBe(
    'InvalidParameterValue: The same permission must not appear multiple times',
  );
  expect(await authorize(tcp(22, '10.0.0/8'))).toBe(
    'InvalidParameterValue: CIDR block 10.0.0/8 is malformed',
  );
  expect(await authorize(tcp(70000, '10.0.0.0/8'))).toMatch(/port \(70000\) out of range/);
  expect(
    await authorize({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0123456789abcdef0' }] }),
  ).toBe("InvalidGroup.NotFound: The security group 'sg-0123456789abcdef0' does not exist");
  expect(
    await messageOf(
      ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: [tcp(22, '0.0.0.0/0')] }),
    ),
  ).toBe('InvalidPermission.NotFound: The specified rule does not exist in this security group.');
});

test('groups are refused under a name that is taken or reserved, and kept while they are referred to', async () => {
  const web = await newGroup('web');
  const { Vpcs: [vpc] = [] } = await ec2.describeVpcs({});
  expect(await messageOf(newGroup('web'))).toBe(
    `InvalidGroup.Duplicate: The security group 'web' already exists for VPC '${vpc?.VpcId}'`,
  );
  expect(await messageOf(newGroup('default'))).toBe(
    'InvalidParameterValue: Cannot use reserved security group name: default',
  );
  const database = await newGroup('database');
  await ec2.authorizeSecurityGroupIngress({
    GroupId: database,
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: web }] }],
  });
  expect(await messageOf(ec2.deleteSecurityGroup({ GroupId: web }))).toBe(
    `DependencyViolation: resource ${web} has a dependent object`,
  );
  await ec2.deleteSecurityGroup({ GroupId: database });
  expect(await messageOf(ec2.deleteSecurityGroup({ GroupId: web }))).toBe('none');
  const { SecurityGroups: [group] = [] } = await ec2.describeSecurityGroups({
    GroupNames: ['default'],
  });
  expect(await messageOf(ec2.deleteSecurityGroup({ GroupId: group?.GroupId }))).toBe(
    `CannotDelete: the specified group: "${group?.GroupId}" name: "default" cannot be deleted by a user`,
  );
  expect(await messageOf(ec2.describeSecurityGroups({ GroupIds: ['nope'] }))).toBe(
    'InvalidGroupId.Malformed: Invalid id: "nope" (expecting "sg-...")',
  );
});

test('a stack has the rules that its groups and its rules name, and an update changes only its own', async () => {
  const stackWith = (port: number) => {
    const stack = new Stack(new App(), 'Shop');
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
    const group = new SecurityGroup(stack, 'Web', { vpc, allowAllOutbound: false });
    group.addIngressRule(Peer.ipv4('10.0.0.0/16'), Port.tcp(port), `port ${port}`);
    const database = new SecurityGroup(stack, 'Database', { vpc });
    database.connections.allowFrom(group, Port.tcp(5432));
    new CfnOutput(stack, 'WebId', { value: group.securityGroupId });
    new CfnOutput(stack, 'DatabaseId', { value: database.securityGroupId });
    return stack;
  };
  const deployment = await aws.deploy(stackWith(80));
  const [web, database] = [deployment.output('WebId'), deployment.output('DatabaseId')];
  expect((await permissions(database)).in?.[0]?.UserIdGroupPairs).toEqual([
    {
      GroupId: web,
      UserId: '000000000000',
      Description: expect.stringContaining('ShopWeb'),
    },
  ]);
  await ec2.authorizeSecurityGroupIngress({
    GroupId: web,
    IpPermissions: [tcp(22, '10.9.0.0/16')],
  });
  const stack = stackWith(443);
  await aws.deploy(stack);
  const { in: ingress, out: egress } = await permissions(web);
  expect(ingress?.map(({ FromPort }) => FromPort).sort()).toEqual([22, 443]);
  expect(ingress?.find(({ FromPort }) => FromPort === 443)?.IpRanges).toEqual([
    { CidrIp: '10.0.0.0/16', Description: 'port 443' },
  ]);
  expect(egress?.map(({ FromPort }) => FromPort)).toEqual([5432]);
  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
});

test('a group without a VPC is in the default one', async () => {
  const stack = new Stack(new App(), 'Shop');
  const group = new CfnSecurityGroup(stack, 'Group', { groupDescription: 'somewhere' });
  new CfnOutput(stack, 'VpcId', { value: group.attrVpcId });
  const deployment = await aws.deploy(stack);
  const { Vpcs: [vpc] = [] } = await ec2.describeVpcs({});
  expect(deployment.output('VpcId')).toBe(vpc?.VpcId);
});

test('the CDK empties the default group of a VPC by its function, and gives it back its rules', async () => {
  const stack = new Stack(new App(), 'Shop');
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 1,
    natGateways: 0,
    restrictDefaultSecurityGroup: true,
  });
  new CfnOutput(stack, 'Group', { value: vpc.vpcDefaultSecurityGroup });
  const deployment = await aws.deploy(stack);
  expect(await permissions(deployment.output('Group'))).toEqual({ in: [], out: [] });
  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
  // Two invocations, each of which loads the SDK's largest client.
}, 60_000);

test('drift detection tells which rules, routes and settings somebody changed', async () => {
  const stack = new Stack(new App(), 'Shop');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
  const group = new SecurityGroup(stack, 'Web', { vpc });
  group.addIngressRule(Peer.ipv4('10.0.0.0/16'), Port.tcp(443), 'inside');
  const database = new SecurityGroup(stack, 'Database', { vpc });
  database.connections.allowFrom(group, Port.tcp(5432));
  new CfnOutput(stack, 'WebId', { value: group.securityGroupId });
  new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
  const deployment = await aws.deploy(stack);
  const cloudFormation = aws.client(CloudFormation);
  const drifted = async () => {
    await cloudFormation.detectStackDrift({ StackName: 'Shop' });
    const { StackResourceDrifts: drifts = [] } = await cloudFormation.describeStackResourceDrifts({
      StackName: 'Shop',
    });
    return drifts
      .filter(({ StackResourceDriftStatus: status }) => status !== 'IN_SYNC')
      .map(({ ResourceType, StackResourceDriftStatus: status, PropertyDifferences }) => [
        ResourceType,
        status,
        PropertyDifferences?.map(({ PropertyPath }) => PropertyPath),
      ]);
  };
  expect(await drifted()).toEqual([]);
  const GroupId = deployment.output('WebId');
  await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [tcp(22, '0.0.0.0/0')] });
  await ec2.modifyVpcAttribute({
    VpcId: deployment.output('VpcId'),
    EnableDnsHostnames: { Value: false },
  });
  const { RouteTables: [table] = [] } = await ec2.describeRouteTables({
    Filters: [{ Name: 'tag:Name', Values: ['Shop/Vpc/PublicSubnet1'] }],
  });
  await ec2.deleteRoute({
    RouteTableId: table?.RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
  });
  expect((await drifted()).sort()).toEqual([
    ['AWS::EC2::Route', 'DELETED', []],
    [
      'AWS::EC2::SecurityGroup',
      'MODIFIED',
      [expect.stringMatching(/^\/SecurityGroupIngress\/[01]$/)],
    ],
    ['AWS::EC2::VPC', 'MODIFIED', ['/EnableDnsHostnames']],
  ]);
});

describe('tags', () => {
  test('are set on resources of any kind, listed and taken away', async () => {
    const group = await newGroup('web');
    const { Subnets: [subnet] = [] } = await ec2.describeSubnets({});
    const Resources = [group, subnet?.SubnetId ?? ''];
    await ec2.createTags({
      Resources,
      Tags: [
        { Key: 'team', Value: 'orders' },
        { Key: 'stage', Value: 'test' },
      ],
    });
    const listed = async () => {
      const { Tags: tags = [] } = await ec2.describeTags({
        Filters: [{ Name: 'resource-id', Values: Resources }],
      });
      return tags.map(({ ResourceType, Key, Value }) => `${ResourceType} ${Key}=${Value}`).sort();
    };
    expect(await listed()).toEqual([
      'security-group stage=test',
      'security-group team=orders',
      'subnet stage=test',
      'subnet team=orders',
    ]);
    await ec2.deleteTags({
      Resources,
      Tags: [{ Key: 'team', Value: 'payments' }, { Key: 'stage' }],
    });
    expect(await listed()).toEqual(['security-group team=orders', 'subnet team=orders']);
    await ec2.deleteTags({ Resources });
    expect(await listed()).toEqual([]);
  });

  test('of AWS are not for others to set', async () => {
    const [group] = [await newGroup('web')];
    const tag = (Key: string) =>
      messageOf(ec2.createTags({ Resources: [group], Tags: [{ Key, Value: 'x' }] }));
    expect(await tag('aws:cloudformation:stack-name')).toBe(
      "InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use",
    );
    expect(
      await messageOf(ec2.createTags({ Resources: ['vpc-1'], Tags: [{ Key: 'a', Value: 'b' }] })),
    ).toBe("InvalidID: The ID 'vpc-1' is not valid");
  });
});
