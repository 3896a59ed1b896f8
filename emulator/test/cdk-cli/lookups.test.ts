import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { CdkCli } from './cdk';

const app = 'lookups-app.js';

// One story, told in order: each test goes on where the one before ended.
describe('the CDK CLI with stacks of a concrete environment', () => {
  let cdk: CdkCli;
  let network: string;
  let shop: string;
  let leaksAfterBootstrap: string[];

  beforeAll(async () => {
    cdk = await CdkCli.start();
    await cdk.run(['bootstrap', `aws://000000000000/${cdk.aws.region}`]);
    leaksAfterBootstrap = cdk.aws.leaks();
  });
  afterAll(() => cdk.stop());

  const deploy = (assembly: string) =>
    cdk.run(['deploy', '--require-approval', 'never', '--app', assembly]);

  const outputs = async (StackName: string) => {
    const { Stacks: [stack] = [] } = await cdk.aws
      .client(CloudFormation)
      .describeStacks({ StackName });
    return Object.fromEntries(
      (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]),
    );
  };

  test('a VPC is made in the availability zones that EC2 lists', async () => {
    network = await cdk.synthesise(app, 'network');
    const { code, output } = await deploy(network);
    expect(output).toContain('✅  Network');
    expect(code).toBe(0);
    const { Subnets: subnets = [] } = await cdk.aws.client(EC2).describeSubnets({
      Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['Network'] }],
    });
    expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone).sort()).toEqual([
      'us-east-1a',
      'us-east-1a',
      'us-east-1b',
      'us-east-1b',
    ]);
  });

  test('its default security group is empty', async () => {
    const { VpcId: vpcId = '' } = await outputs('Network');
    const { SecurityGroups: [group] = [] } = await cdk.aws.client(EC2).describeSecurityGroups({
      Filters: [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'group-name', Values: ['default'] },
      ],
    });
    expect([group?.IpPermissions, group?.IpPermissionsEgress]).toEqual([[], []]);
  });

  test('another app looks up networks, groups, images, parameters and keys', async () => {
    shop = await cdk.synthesise(app, 'shop');
    const { code, output } = await deploy(shop);
    expect(output).toContain('✅  Shop');
    expect(code).toBe(0);
    const { VpcId: vpcId } = await outputs('Network');
    expect(await outputs('Shop')).toEqual({
      Id: vpcId,
      IdByTags: vpcId,
      Zones: 'us-east-1a,us-east-1b',
      Private: '2',
      DefaultCidr: '172.31.0.0/16',
      DefaultPublic: '3',
      Image: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
      Size: 'large',
      KeyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const { VpcEndpoints: [endpoint] = [] } = await cdk.aws.client(EC2).describeVpcEndpoints({
      Filters: [{ Name: 'service-name', Values: ['com.amazonaws.us-east-1.sqs'] }],
    });
    expect(endpoint?.VpcId).toBe(vpcId);
    expect(endpoint?.SubnetIds).toHaveLength(2);
  });

  test('diff finds no differences', async () => {
    for (const assembly of [network, shop]) {
      const { code, output } = await cdk.run(['diff', '--fail', '--app', assembly]);
      expect(output).toContain('Number of stacks with differences: 0');
      expect(code).toBe(0);
    }
  });

  test.each([
    ['nowhere', 'Could not find any VPCs matching'],
    ['balancer', 'No load balancers found matching'],
    ['zone', 'the service route53'],
  ])('a lookup that cannot be answered says why: %s', async (version, message) => {
    await expect(cdk.synthesise(app, version)).rejects.toThrow(message);
  });

  test('destroy leaves nothing behind but what is retained', async () => {
    for (const assembly of [shop, network]) {
      const { code, output } = await cdk.run(['destroy', '--force', '--app', assembly]);
      expect(output).toContain('destroyed');
      expect(code).toBe(0);
    }
    const retained = /KMS key/;
    const leaks = cdk.aws.leaks().filter((line) => !retained.test(line));
    expect(leaks).toEqual(leaksAfterBootstrap);
  });
});
