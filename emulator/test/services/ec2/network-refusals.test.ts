import { EC2 } from '@aws-sdk/client-ec2';
import { Emulator, type ManualClock } from '../../../src';
import { messageOf, where } from './support';

let aws: Emulator<ManualClock>;
let ec2: EC2;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ec2 = aws.client(EC2);
});
afterEach(() => aws.stop());

describe('what EC2 refuses', () => {
  test('a VPC or a subnet of a size or a place that it cannot have', async () => {
    expect(await messageOf(ec2.createVpc({ CidrBlock: '10.0.0.0/8' }))).toBe(
      "InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid.",
    );
    expect(await messageOf(ec2.createVpc({ CidrBlock: '10.0.0.0' }))).toBe(
      'InvalidParameterValue: Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.',
    );
    const { Vpc: vpc } = await ec2.createVpc({ CidrBlock: '10.0.7.9/16' });
    expect(vpc?.CidrBlock).toBe('10.0.0.0/16');
    const subnet = (CidrBlock: string, AvailabilityZone?: string) =>
      messageOf(ec2.createSubnet({ VpcId: vpc?.VpcId, CidrBlock, AvailabilityZone }));
    expect(await subnet('10.0.0.0/24', 'us-east-1b')).toBe('none');
    expect(await subnet('10.0.0.128/25')).toBe(
      "InvalidSubnet.Conflict: The CIDR '10.0.0.128/25' conflicts with another subnet",
    );
    expect(await subnet('10.1.0.0/24')).toBe(
      "InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid.",
    );
    expect(await subnet('10.0.1.0/29')).toBe(
      "InvalidSubnet.Range: The CIDR '10.0.1.0/29' is invalid.",
    );
    expect(await subnet('10.0.1.0/24', 'us-east-1z')).toMatch(
      /^InvalidParameterValue: Value \(us-east-1z\) for parameter availabilityZone is invalid/,
    );
  });

  test('deleting what is in use', async () => {
    const { Vpcs: [vpc] = [] } = await ec2.describeVpcs({});
    const VpcId = vpc?.VpcId;
    const { InternetGateways: [gateway] = [] } = await ec2.describeInternetGateways({});
    const { RouteTables: [table] = [] } = await ec2.describeRouteTables({});
    expect(await messageOf(ec2.deleteVpc({ VpcId }))).toBe(
      `DependencyViolation: The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    );
    expect(
      await messageOf(ec2.deleteInternetGateway({ InternetGatewayId: gateway?.InternetGatewayId })),
    ).toMatch(/^DependencyViolation: The internetGateway 'igw-/);
    expect(await messageOf(ec2.deleteRouteTable({ RouteTableId: table?.RouteTableId }))).toMatch(
      /^DependencyViolation: The routeTable 'rtb-/,
    );
  });

  test.each([
    ['VPC', () => ec2.describeVpcs({ VpcIds: ['vpc-1'] }), 'InvalidVpcID.NotFound'],
    ['subnet', () => ec2.describeSubnets({ SubnetIds: ['subnet-1'] }), 'InvalidSubnetID.NotFound'],
    [
      'route table',
      () => ec2.describeRouteTables({ RouteTableIds: ['rtb-1'] }),
      'InvalidRouteTableID.NotFound',
    ],
    [
      'NAT gateway',
      () => ec2.describeNatGateways({ NatGatewayIds: ['nat-1'] }),
      'NatGatewayNotFound',
    ],
    [
      'endpoint',
      () => ec2.describeVpcEndpoints({ VpcEndpointIds: ['vpce-1'] }),
      'InvalidVpcEndpointId.NotFound',
    ],
    ['image', () => ec2.describeImages({ ImageIds: ['ami-1'] }), 'InvalidAMIID.NotFound'],
    [
      'instance',
      () => ec2.describeInstances({ InstanceIds: ['i-0123456789abcdef0'] }),
      'InvalidInstanceID.NotFound',
    ],
    ['key pair', () => ec2.describeKeyPairs({ KeyNames: ['k'] }), 'InvalidKeyPair.NotFound'],
  ])('an unknown %s', async (_what, call, code) => {
    expect(await messageOf(call())).toMatch(code);
  });

  test('filters that it does not know, pages that are too short, tokens of others', async () => {
    expect(await messageOf(ec2.describeVpcs(where(['colour', 'red'])))).toBe(
      "InvalidParameterValue: The filter 'colour' is invalid",
    );
    expect(await messageOf(ec2.describeVpcs({ MaxResults: 4 }))).toBe(
      'InvalidParameterValue: Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.',
    );
    expect(await messageOf(ec2.describeVpcs({ NextToken: 'x' }))).toBe(
      'InvalidParameterValue: Unable to parse pagination token',
    );
  });

  test('what is not there, by name', async () => {
    expect(await messageOf(ec2.describeVolumes({}))).toBe(
      'NotImplemented: cdk-decouple-emulator does not implement ec2.DescribeVolumes',
    );
    expect(
      await messageOf(
        ec2.createVpc({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
      ),
    ).toMatch(/^NotImplemented: .*AmazonProvidedIpv6CidrBlock of CreateVpc/);
  });

  test('a dry run, once it would be allowed', async () => {
    expect(await messageOf(ec2.createVpc({ CidrBlock: '10.0.0.0/16', DryRun: true }))).toBe(
      'DryRunOperation: Request would have succeeded, but DryRun flag is set.',
    );
  });
});
