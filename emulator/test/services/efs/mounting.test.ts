import { EC2 } from '@aws-sdk/client-ec2';
import { EFS } from '@aws-sdk/client-efs';
import { Duration } from 'aws-cdk-lib';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let efs: EFS;
let FileSystemId: string;
let subnets: Readonly<Record<string, string>>;
let vpcId: string | undefined;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  efs = aws.client(EFS);
  const { Subnets = [] } = await aws.client(EC2).describeSubnets({});
  subnets = Object.fromEntries(
    Subnets.map(({ AvailabilityZone, SubnetId }) => [AvailabilityZone, SubnetId]),
  );
  vpcId = Subnets[0]?.VpcId;
  ({ FileSystemId = '' } = await efs.createFileSystem({ CreationToken: 'orders' }));
});
afterEach(() => aws.stop());

const subnetIn = (zone: string) => subnets[`us-east-1${zone}`] ?? '';
const available = () => aws.clock.advance(Duration.seconds(5));

describe('a mount target', () => {
  test('is there after a minute and a half, with an interface in its subnet, and goes as slowly', async () => {
    await available();
    const SubnetId = subnetIn('a');
    const answer = await efs.createMountTarget({ FileSystemId, SubnetId });
    const { MountTargetId = '', NetworkInterfaceId = '' } = answer;
    expect(answer).toMatchObject({
      AvailabilityZoneId: 'use1-az1',
      AvailabilityZoneName: 'us-east-1a',
      FileSystemId,
      LifeCycleState: 'creating',
      MountTargetId: expect.stringMatching(/^fsmt-[0-9a-f]{17}$/),
      SubnetId,
      VpcId: vpcId,
    });
    await aws.clock.advance(Duration.seconds(90));
    const state = async () =>
      (await efs.describeMountTargets({ FileSystemId })).MountTargets?.map(
        (one) => one.LifeCycleState,
      );
    expect(await state()).toEqual(['available']);
    await expect(efs.deleteFileSystem({ FileSystemId })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 409 },
      name: 'FileSystemInUse',
    });
    await efs.deleteMountTarget({ MountTargetId });
    expect(await state()).toEqual(['deleting']);
    await aws.clock.advance(Duration.seconds(90));
    expect(await state()).toEqual([]);
    await efs.deleteFileSystem({ FileSystemId });
    await available();
    expect(aws.leaks()).toEqual([]);
    expect(NetworkInterfaceId).toMatch(/^eni-/);
  });

  test('waits for its file system', async () => {
    const creation = efs.createMountTarget({ FileSystemId, SubnetId: subnetIn('a') });
    await expect(creation).rejects.toMatchObject({
      $metadata: { httpStatusCode: 409 },
      name: 'IncorrectFileSystemLifeCycleState',
    });
  });

  test('is one in each availability zone, all in one VPC', async () => {
    await available();
    const ec2 = aws.client(EC2);
    await efs.createMountTarget({ FileSystemId, SubnetId: subnetIn('a') });
    await expect(
      efs.createMountTarget({ FileSystemId, SubnetId: subnetIn('a') }),
    ).rejects.toMatchObject({
      $metadata: { httpStatusCode: 409 },
      message: 'mount target already exists in this AZ',
      name: 'MountTargetConflict',
    });
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
    const { Subnet } = await ec2.createSubnet({
      VpcId: Vpc?.VpcId,
      CidrBlock: '10.0.0.0/24',
      AvailabilityZone: 'us-east-1b',
    });
    await expect(
      efs.createMountTarget({ FileSystemId, SubnetId: Subnet?.SubnetId }),
    ).rejects.toMatchObject({ name: 'MountTargetConflict' });
    await efs.createMountTarget({ FileSystemId, SubnetId: subnetIn('b') });
    const { FileSystems: [found] = [] } = await efs.describeFileSystems({ FileSystemId });
    expect(found?.NumberOfMountTargets).toBe(2);
  });

  test('of One Zone storage is in that zone', async () => {
    const { FileSystemId: id } = await efs.createFileSystem({
      CreationToken: 'one zone',
      AvailabilityZoneName: 'us-east-1b',
    });
    await available();
    await expect(
      efs.createMountTarget({ FileSystemId: id, SubnetId: subnetIn('a') }),
    ).rejects.toMatchObject({ name: 'AvailabilityZonesMismatch' });
    await efs.createMountTarget({ FileSystemId: id, SubnetId: subnetIn('b') });
  });

  test('has the default security group, or up to five of its VPC', async () => {
    await available();
    const ec2 = aws.client(EC2);
    const { SecurityGroups: [standard] = [] } = await ec2.describeSecurityGroups({
      Filters: [{ Name: 'group-name', Values: ['default'] }],
    });
    const { GroupId: own = '' } = await ec2.createSecurityGroup({
      GroupName: 'files',
      Description: 'files',
      VpcId: vpcId,
    });
    const { MountTargetId = '' } = await efs.createMountTarget({
      FileSystemId,
      SubnetId: subnetIn('a'),
    });
    const groups = async () =>
      (await efs.describeMountTargetSecurityGroups({ MountTargetId })).SecurityGroups;
    expect(await groups()).toEqual([standard?.GroupId]);
    const change = (SecurityGroups: string[]) =>
      efs.modifyMountTargetSecurityGroups({ MountTargetId, SecurityGroups });
    await expect(change([own])).rejects.toMatchObject({ name: 'IncorrectMountTargetState' });
    await aws.clock.advance(Duration.seconds(90));
    expect((await change([own])).$metadata.httpStatusCode).toBe(204);
    expect(await groups()).toEqual([own]);
    await expect(ec2.deleteSecurityGroup({ GroupId: own })).rejects.toMatchObject({
      name: 'DependencyViolation',
    });
    await expect(change(['sg-none'])).rejects.toMatchObject({ name: 'SecurityGroupNotFound' });
    await expect(change(['a', 'b', 'c', 'd', 'e', 'f'])).rejects.toMatchObject({
      name: 'SecurityGroupLimitExceeded',
    });
  });

  test('takes an address of its own if it is free, and a subnet that is there', async () => {
    await available();
    const create = (zone: string, IpAddress: string) =>
      efs.createMountTarget({ FileSystemId, SubnetId: subnetIn(zone), IpAddress });
    const { IpAddress = '' } = await efs.createMountTarget({
      FileSystemId,
      SubnetId: subnetIn('a'),
    });
    const { FileSystemId: other } = await efs.createFileSystem({ CreationToken: 'other' });
    await available();
    await expect(
      efs.createMountTarget({ FileSystemId: other, SubnetId: subnetIn('a'), IpAddress }),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 }, name: 'IpAddressInUse' });
    await expect(create('none', '10.0.0.5')).rejects.toMatchObject({ name: 'SubnetNotFound' });
    await expect(
      efs.createMountTarget({
        FileSystemId,
        SubnetId: subnetIn('b'),
        IpAddressType: 'DUAL_STACK',
      }),
    ).rejects.toThrow('IpAddressType DUAL_STACK');
  });
});

describe('an access point', () => {
  test('has the root directory and the user that it was created with', async () => {
    await available();
    const PosixUser = { Uid: 1001, Gid: 1001, SecondaryGids: [1002] };
    const RootDirectory = {
      Path: '/orders/new',
      CreationInfo: { OwnerUid: 1001, OwnerGid: 1001, Permissions: '0750' },
    };
    const answer = await efs.createAccessPoint({
      ClientToken: 'orders',
      FileSystemId,
      PosixUser,
      RootDirectory,
      Tags: [{ Key: 'Name', Value: 'orders' }],
    });
    const { AccessPointArn = '', AccessPointId = '' } = answer;
    expect(answer).toMatchObject({
      AccessPointArn: `arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/${AccessPointId}`,
      LifeCycleState: 'creating',
      Name: 'orders',
      PosixUser,
      RootDirectory,
    });
    await available();
    expect(await efs.describeAccessPoints({ AccessPointId })).toMatchObject({
      AccessPoints: [{ AccessPointArn, FileSystemId, LifeCycleState: 'available' }],
    });
    const root = await aws.efs.directory(FileSystemId);
    expect(await aws.efs.directory(AccessPointArn)).toBe(`${root}/orders/new`);
    await expect(
      efs.createAccessPoint({ ClientToken: 'orders', FileSystemId }),
    ).rejects.toMatchObject({
      $metadata: { httpStatusCode: 409 },
      AccessPointId,
      name: 'AccessPointAlreadyExists',
    });
  });

  test('of a directory that is not there, and that it does not say how to make, has none', async () => {
    await available();
    const RootDirectory = { Path: '/orders' };
    const { AccessPointId = '' } = await efs.createAccessPoint({
      ClientToken: 'orders',
      FileSystemId,
      RootDirectory,
    });
    await expect(aws.efs.directory(AccessPointId)).rejects.toThrow(
      '/orders is not there, and access point',
    );
  });

  test.each(['orders', '/', '/a/b/c/d/e', '/a/../b', '/a//b', `/${'x'.repeat(100)}`, '/a$'])(
    'checks the path %s',
    async (Path) => {
      await available();
      const creation = efs.createAccessPoint({
        ClientToken: 'orders',
        FileSystemId,
        RootDirectory: { Path },
      });
      if (Path === '/') expect((await creation).RootDirectory).toEqual({ Path });
      else await expect(creation).rejects.toMatchObject({ name: 'BadRequest' });
    },
  );

  test('is listed with those of its file system, page by page', async () => {
    await available();
    for (const ClientToken of ['a', 'b', 'c'])
      await efs.createAccessPoint({ ClientToken, FileSystemId });
    const first = await efs.describeAccessPoints({ FileSystemId, MaxResults: 2 });
    const { NextToken } = first;
    const second = await efs.describeAccessPoints({ FileSystemId, MaxResults: 2, NextToken });
    expect([first.AccessPoints?.length, second.AccessPoints?.length]).toEqual([2, 1]);
    const AccessPointId = first.AccessPoints?.[0]?.AccessPointId;
    expect(await efs.describeMountTargets({ AccessPointId })).toMatchObject({ MountTargets: [] });
  });
});
