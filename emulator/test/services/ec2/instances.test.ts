import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EC2, type Filter } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { SSM } from '@aws-sdk/client-ssm';
import { App, CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import {
  AmazonLinuxCpuType,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  Instance,
  InstanceType,
  LaunchTemplate,
  MachineImage,
  SecurityGroup,
  UserData,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let ec2: EC2;
let image: string;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ec2 = aws.client(EC2);
  const { Parameter: parameter } = await aws.client(SSM).getParameter({
    Name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  });
  image = parameter?.Value ?? '';
});
afterEach(() => aws.stop());

const where = (...filters: [string, ...string[]][]): { Filters: Filter[] } => ({
  Filters: filters.map(([Name, ...Values]) => ({ Name, Values })),
});

async function launch(count = 1): Promise<string[]> {
  const { Instances: instances = [] } = await ec2.runInstances({
    ImageId: image,
    InstanceType: 't3.micro',
    MinCount: count,
    MaxCount: count,
  });
  return instances.map(({ InstanceId: id = '' }) => id);
}

async function stateOf(id: string) {
  const { Reservations: [one] = [] } = await ec2.describeInstances({ InstanceIds: [id] });
  return one?.Instances?.[0]?.State?.Name;
}

describe('an instance', () => {
  test('is pending, running, shutting down, terminated, and an hour later forgotten', async () => {
    const [id = ''] = await launch();
    expect(await stateOf(id)).toBe('pending');
    await aws.clock.advance(Duration.seconds(15));
    expect(await stateOf(id)).toBe('running');
    const { TerminatingInstances: [change] = [] } = await ec2.terminateInstances({
      InstanceIds: [id],
    });
    expect(change).toEqual({
      InstanceId: id,
      PreviousState: { Code: 16, Name: 'running' },
      CurrentState: { Code: 32, Name: 'shutting-down' },
    });
    await aws.clock.advance(Duration.seconds(30));
    expect(await stateOf(id)).toBe('terminated');
    expect(aws.leaks()).toEqual([]);
    await aws.clock.advance(Duration.hours(1));
    await expect(stateOf(id)).rejects.toThrow(`The instance ID '${id}' does not exist`);
  });

  test('stops and starts, and cannot be stopped while it is on its way', async () => {
    const [id = ''] = await launch();
    await expect(ec2.stopInstances({ InstanceIds: [id] })).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
    });
    await aws.clock.advance(Duration.seconds(15));
    await ec2.stopInstances({ InstanceIds: [id] });
    expect(await stateOf(id)).toBe('stopping');
    await expect(ec2.startInstances({ InstanceIds: [id] })).rejects.toThrow(
      `The instance '${id}' is not in a state from which it can be started.`,
    );
    await aws.clock.advance(Duration.seconds(30));
    expect(await stateOf(id)).toBe('stopped');
    await ec2.startInstances({ InstanceIds: [id] });
    await aws.clock.advance(Duration.seconds(15));
    expect(await stateOf(id)).toBe('running');
  });

  test('has status checks that take two minutes to pass', async () => {
    const [id = ''] = await launch();
    const statuses = async () => {
      const { InstanceStatuses: all = [] } = await ec2.describeInstanceStatus({});
      return all.map((one) => [one.InstanceStatus?.Status, one.SystemStatus?.Status]);
    };
    expect(await statuses()).toEqual([]);
    await aws.clock.advance(Duration.seconds(15));
    expect(await statuses()).toEqual([['initializing', 'initializing']]);
    await aws.clock.advance(Duration.minutes(2));
    expect(await statuses()).toEqual([['ok', 'ok']]);
    await ec2.terminateInstances({ InstanceIds: [id] });
    const { InstanceStatuses: [status] = [] } = await ec2.describeInstanceStatus({
      IncludeAllInstances: true,
    });
    expect(status?.InstanceStatus?.Status).toBe('not-applicable');
  });

  test('protected from termination stays until the protection is taken away', async () => {
    const [id = ''] = await launch();
    await ec2.modifyInstanceAttribute({ InstanceId: id, DisableApiTermination: { Value: true } });
    await expect(ec2.terminateInstances({ InstanceIds: [id] })).rejects.toMatchObject({
      name: 'OperationNotPermitted',
    });
    await ec2.modifyInstanceAttribute({ InstanceId: id, DisableApiTermination: { Value: false } });
    await ec2.terminateInstances({ InstanceIds: [id] });
    expect(await stateOf(id)).toBe('shutting-down');
  });

  test('is found by filters and in pages', async () => {
    const [first = ''] = await launch(7);
    await ec2.createTags({ Resources: [first], Tags: [{ Key: 'tier', Value: 'back' }] });
    const ids = async (input: Parameters<EC2['describeInstances']>[0]) => {
      const { Reservations: all = [], NextToken: token } = await ec2.describeInstances(input);
      return {
        ids: all.flatMap(({ Instances: some = [] }) => some.map(({ InstanceId: id }) => id)),
        token,
      };
    };
    expect((await ids(where(['tag:tier', 'back']))).ids).toEqual([first]);
    expect((await ids(where(['instance-state-name', 'running']))).ids).toEqual([]);
    const page = await ids({ MaxResults: 5 });
    const rest = await ids({ MaxResults: 5, NextToken: page.token });
    expect(new Set([...page.ids, ...rest.ids]).size).toBe(7);
    await expect(ids(where(['colour', 'red']))).rejects.toThrow("The filter 'colour' is invalid");
  });

  test('launched twice with one client token is one', async () => {
    const input = { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
    const { Instances: [first] = [] } = await ec2.runInstances({ ...input, ClientToken: 'a' });
    const { Instances: [second] = [] } = await ec2.runInstances({ ...input, ClientToken: 'a' });
    expect(second?.InstanceId).toBe(first?.InstanceId);
    await expect(
      ec2.runInstances({ ...input, InstanceType: 't3.small', ClientToken: 'a' }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
  });
});

describe('a machine that fails', () => {
  const checks = async (InstanceId: string) => {
    const { InstanceStatuses: [one] = [] } = await ec2.describeInstanceStatus({
      InstanceIds: [InstanceId],
    });
    return [one?.InstanceStatus?.Status, one?.SystemStatus?.Status];
  };

  async function running(): Promise<string> {
    const [id = ''] = await launch();
    await aws.clock.advance(Duration.minutes(3));
    expect(await checks(id)).toEqual(['ok', 'ok']);
    return id;
  }

  test('frozen fails the check of its instance within a minute, and passes again when it is thawed', async () => {
    const id = await running();
    aws.faults.instance(id).freeze();
    expect(await checks(id)).toEqual(['ok', 'ok']);
    await aws.clock.advance(Duration.minutes(1));
    expect(await checks(id)).toEqual(['impaired', 'ok']);
    aws.faults.instance(id).thaw();
    await aws.clock.advance(Duration.minutes(1));
    expect(await checks(id)).toEqual(['ok', 'ok']);
  });

  test('killed fails both, until it is stopped and started', async () => {
    const id = await running();
    aws.faults.instance(id).kill();
    await aws.clock.advance(Duration.minutes(1));
    expect(await checks(id)).toEqual(['impaired', 'impaired']);
    await ec2.stopInstances({ InstanceIds: [id] });
    await aws.clock.advance(Duration.seconds(30));
    await ec2.startInstances({ InstanceIds: [id] });
    await aws.clock.advance(Duration.minutes(3));
    expect(await checks(id)).toEqual(['ok', 'ok']);
  });

  test('with its zone comes back with it, and nothing can be launched there meanwhile', async () => {
    const id = await running();
    aws.faults.zone('us-east-1a').lose();
    await aws.clock.advance(Duration.minutes(1));
    expect(await checks(id)).toEqual(['impaired', 'impaired']);
    await expect(launch()).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    aws.faults.zone('us-east-1a').recover();
    await aws.clock.advance(Duration.minutes(1));
    expect(await checks(id)).toEqual(['ok', 'ok']);
    await launch();
  });

  test('shows in the metrics of the checks, minute by minute', async () => {
    const id = await running();
    aws.faults.instance(id).kill();
    await aws.clock.advance(Duration.minutes(4));
    const EndTime = new Date(aws.clock.now());
    const { Datapoints: points = [] } = await aws.client(CloudWatch).getMetricStatistics({
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed_System',
      Dimensions: [{ Name: 'InstanceId', Value: id }],
      StartTime: new Date(EndTime.getTime() - 3_600_000),
      EndTime,
      Period: 60,
      Statistics: ['Maximum'],
    });
    const values = points
      .sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp))
      .map(({ Maximum: value }) => value);
    expect(values.slice(0, 1)).toEqual([0]);
    expect(values.slice(-3)).toEqual([1, 1, 1]);
  });

  test('must be there and run', () => {
    expect(() => aws.faults.instance('i-0123456789abcdef0')).toThrow('There is no instance');
  });
});

describe('a launch is refused', () => {
  const once = { MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' } as const;
  test.each([
    ['an image that is not there', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
    ['no image', {}, 'MissingParameter'],
    ['a subnet that is not there', { SubnetId: 'subnet-1' }, 'InvalidSubnetID.NotFound'],
    ['a key pair', { KeyName: 'mine' }, 'InvalidKeyPair.NotFound'],
    [
      'an instance profile that is not there',
      { IamInstanceProfile: { Name: 'x' } },
      'InvalidParameterValue',
    ],
    [
      'a processor that the image is not for',
      { InstanceType: 't4g.micro' },
      'InvalidParameterValue',
    ],
    ['user data that is not encoded', { UserData: '#!/bin/sh' }, 'InvalidUserData.Malformed'],
    ['a spot instance', { InstanceMarketOptions: { MarketType: 'spot' } }, 'NotImplemented'],
    [
      'a launch template that is not there',
      { LaunchTemplate: { LaunchTemplateName: 'none' } },
      'InvalidLaunchTemplateName.NotFoundException',
    ],
  ] as const)('for %s', async (_what, input, name) => {
    const given = name === 'MissingParameter' ? input : { ImageId: image, ...input };
    await expect(ec2.runInstances({ ...once, ...given })).rejects.toMatchObject({ name });
  });

  test('for an instance profile without a role', async () => {
    await aws.client(IAM).createInstanceProfile({ InstanceProfileName: 'empty' });
    const IamInstanceProfile = { Name: 'empty' };
    await expect(ec2.runInstances({ ...once, ImageId: image, IamInstanceProfile })).rejects.toThrow(
      'IAM Instance Profile "arn:aws:iam::000000000000:instance-profile/empty" has no associated IAM Roles',
    );
  });
});

describe('a stack', () => {
  function app() {
    const stack = new Stack(new App(), 'Servers');
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    return { stack, vpc, role };
  }

  test('has an instance, which is there when the stack is, and gone with it', async () => {
    const { stack, vpc, role } = app();
    const server = new Instance(stack, 'Server', {
      vpc,
      role,
      instanceType: new InstanceType('t3.micro'),
      machineImage: MachineImage.latestAmazonLinux2023(),
      vpcSubnets: { subnets: vpc.publicSubnets },
      requireImdsv2: true,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(20, {
            encrypted: true,
            volumeType: EbsDeviceVolumeType.GP3,
          }),
        },
      ],
    });
    Tags.of(server).add('tier', 'front');
    new CfnOutput(stack, 'Id', { value: server.instanceId });
    new CfnOutput(stack, 'Ip', { value: server.instancePrivateIp });
    const deployment = await aws.deploy(stack);
    const id = deployment.output('Id');
    const { Reservations: [found] = [] } = await ec2.describeInstances({ InstanceIds: [id] });
    expect(found?.Instances?.[0]).toMatchObject({
      State: { Name: 'running' },
      PrivateIpAddress: deployment.output('Ip'),
      MetadataOptions: { HttpTokens: 'required' },
      Monitoring: { State: 'enabled' },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true } }],
      IamInstanceProfile: { Arn: expect.stringContaining(':instance-profile/Servers-') },
      Tags: expect.arrayContaining([{ Key: 'tier', Value: 'front' }]),
    });
    await aws.destroy(stack);
    expect(aws.leaks()).toEqual([]);
    expect(await stateOf(id)).toBe('terminated');
  });

  test('has a launch template, whose every change makes a version', async () => {
    const templated = (instanceType: string) => {
      const { stack, vpc, role } = app();
      const template = new LaunchTemplate(stack, 'Template', {
        role,
        instanceType: new InstanceType(instanceType),
        machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
        securityGroup: new SecurityGroup(stack, 'Group', { vpc }),
        userData: UserData.custom('echo one'),
        requireImdsv2: true,
      });
      new CfnOutput(stack, 'Id', { value: template.launchTemplateId ?? '' });
      new CfnOutput(stack, 'LatestVersion', { value: template.latestVersionNumber });
      new CfnOutput(stack, 'DefaultVersion', { value: template.defaultVersionNumber });
      return stack;
    };
    const first = await aws.deploy(templated('t4g.small'));
    expect(first.output('LatestVersion')).toBe('1');
    const second = await aws.deploy(templated('t4g.medium'));
    expect(second.output('LatestVersion')).toBe('2');
    expect(second.output('DefaultVersion')).toBe('1');
    const LaunchTemplateId = second.output('Id');
    const { LaunchTemplateVersions: versions = [] } = await ec2.describeLaunchTemplateVersions({
      LaunchTemplateId,
    });
    expect(
      versions.map((one) => [one.VersionNumber, one.LaunchTemplateData?.InstanceType]),
    ).toEqual([
      [1, 't4g.small'],
      [2, 't4g.medium'],
    ]);
    const { Subnets: [subnet] = [] } = await ec2.describeSubnets(
      where(['tag:aws:cloudformation:stack-name', 'Servers']),
    );
    const run = async (Version: string) => {
      const { Instances: [one] = [] } = await ec2.runInstances({
        LaunchTemplate: { LaunchTemplateId, Version },
        SubnetId: subnet?.SubnetId,
        MinCount: 1,
        MaxCount: 1,
      });
      return one?.InstanceType;
    };
    expect([await run('$Default'), await run('$Latest'), await run('2')]).toEqual([
      't4g.small',
      't4g.medium',
      't4g.medium',
    ]);
    await expect(run('3')).rejects.toThrow(
      `Could not find the specified version 3 for the launch template with ID ${LaunchTemplateId}.`,
    );
  });
});
