import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { EFS } from '@aws-sdk/client-efs';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let efs: EFS;
let cloudFormation: CloudFormation;
/** Subnets of the default VPC in the first two zones. */
let subnets: string[];
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  efs = aws.client(EFS);
  cloudFormation = aws.client(CloudFormation);
  const { Subnets = [] } = await aws.client(EC2).describeSubnets({});
  subnets = ['us-east-1a', 'us-east-1b'].map(
    (zone) => Subnets.find((one) => one.AvailabilityZone === zone)?.SubnetId ?? '',
  );
});
afterEach(() => aws.stop());

const ref = (id: string) => ({ Ref: id });
const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
const stackName = { StackName: 'Shop' };

/** A file system with a mount target and an access point; `change` says what is different. */
function shop(change: Readonly<Record<string, object>> = {}): Stack {
  const stack = new Stack(new App(), 'Shop');
  const resource = (id: string, type: string, properties: object) =>
    new CfnResource(stack, id, { type, properties: { ...properties, ...change[id] } });
  resource('Group', 'AWS::EC2::SecurityGroup', { GroupDescription: 'files' });
  resource('Files', 'AWS::EFS::FileSystem', { FileSystemTags: [{ Key: 'team', Value: 'shop' }] });
  resource('Target', 'AWS::EFS::MountTarget', {
    FileSystemId: ref('Files'),
    SecurityGroups: [attribute('Group', 'GroupId')],
    SubnetId: subnets[0],
  });
  resource('Point', 'AWS::EFS::AccessPoint', { FileSystemId: ref('Files') });
  return stack;
}

test('identifiers and attributes are those of the resources', async () => {
  const deployed = await aws.deploy(shop());
  const id = deployed.physicalId('Files');
  const { FileSystems: [files] = [] } = await efs.describeFileSystems({ FileSystemId: id });
  expect(files).toMatchObject({ FileSystemId: id, LifeCycleState: 'available' });
  const { MountTargets = [] } = await efs.describeMountTargets({ FileSystemId: id });
  expect(MountTargets).toMatchObject([
    { LifeCycleState: 'available', MountTargetId: deployed.physicalId('Target') },
  ]);
  const { AccessPoints = [] } = await efs.describeAccessPoints({ FileSystemId: id });
  expect(AccessPoints).toMatchObject([
    { AccessPointId: deployed.physicalId('Point'), LifeCycleState: 'available' },
  ]);
});

test('what may change changes in place, and the rest by replacement', async () => {
  const deployed = await aws.deploy(shop());
  const ids = ['Files', 'Point', 'Target'] as const;
  // Of the stack as it is.
  const current = () => ids.map((id) => deployed.physicalId(id));
  const before = current();
  await aws.deploy(
    shop({
      Files: {
        BackupPolicy: { Status: 'ENABLED' },
        FileSystemTags: [{ Key: 'team', Value: 'sales' }],
        LifecyclePolicies: [{ TransitionToIA: 'AFTER_7_DAYS' }],
        ThroughputMode: 'elastic',
      },
      Point: { AccessPointTags: [{ Key: 'a', Value: 'b' }] },
      Target: { SecurityGroups: [] },
    }),
  );
  expect(current()).toEqual(before);
  const [FileSystemId = '', , MountTargetId = ''] = before;
  const { FileSystems: [files] = [] } = await efs.describeFileSystems({ FileSystemId });
  expect(files).toMatchObject({
    Tags: expect.arrayContaining([{ Key: 'team', Value: 'sales' }]),
    ThroughputMode: 'elastic',
  });
  expect(await efs.describeBackupPolicy({ FileSystemId })).toMatchObject({
    BackupPolicy: { Status: 'ENABLED' },
  });
  const { SecurityGroups } = await efs.describeMountTargetSecurityGroups({ MountTargetId });
  expect(SecurityGroups).not.toEqual([deployed.physicalId('Group')]);

  await aws.deploy(shop({ Files: { Encrypted: true }, Point: { RootDirectory: { Path: '/' } } }));
  for (const [index, id] of current().entries()) expect(id).not.toBe(before[index]);
  expect((await efs.describeFileSystems({})).FileSystems).toHaveLength(1);
});

test('why a mount target cannot be is why its stack fails, and nothing is left', async () => {
  const failing = aws.deploy(shop({ Target: { SubnetId: 'subnet-none' } }));
  await expect(failing).rejects.toThrow("The subnet ID 'subnet-none' does not exist");
  expect(aws.leaks()).toEqual(['CloudFormation stack Shop (ROLLBACK_COMPLETE)']);
});

test('those that are there can be imported', async () => {
  const FileSystemId = (await efs.createFileSystem({ CreationToken: 'orders' })).FileSystemId ?? '';
  await aws.clock.advance(5_000);
  const { AccessPointId = '' } = await efs.createAccessPoint({ ClientToken: 'a', FileSystemId });
  const { MountTargetId = '' } = await efs.createMountTarget({
    FileSystemId,
    SubnetId: subnets[0],
  });
  const resources = {
    Files: ['AWS::EFS::FileSystem', {}, { FileSystemId }],
    Point: ['AWS::EFS::AccessPoint', { FileSystemId }, { AccessPointId }],
    Target: [
      'AWS::EFS::MountTarget',
      { FileSystemId, SecurityGroups: [], SubnetId: subnets[0] },
      { Id: MountTargetId },
    ],
  } as const;
  const entries = Object.entries(resources);
  const set = { ...stackName, ChangeSetName: 'import' };
  await cloudFormation.createChangeSet({
    ...set,
    ChangeSetType: 'IMPORT',
    TemplateBody: JSON.stringify({
      Resources: Object.fromEntries(
        entries.map(([id, [Type, Properties]]) => [
          id,
          { Type, Properties, DeletionPolicy: 'Retain' },
        ]),
      ),
    }),
    ResourcesToImport: entries.map(([LogicalResourceId, [ResourceType, , identifier]]) => ({
      LogicalResourceId,
      ResourceType,
      ResourceIdentifier: { ...identifier },
    })),
  });
  await cloudFormation.executeChangeSet(set);
  await aws.clock.settle();
  const { StackResources = [] } = await cloudFormation.describeStackResources(stackName);
  expect(StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId])).toEqual([
    ['Files', FileSystemId],
    ['Point', AccessPointId],
    ['Target', MountTargetId],
  ]);
});

describe('a mount target', () => {
  const drift = async () => {
    const { StackResourceDrift: found } = await cloudFormation.detectStackResourceDrift({
      ...stackName,
      LogicalResourceId: 'Target',
    });
    return [
      found?.StackResourceDriftStatus,
      found?.PropertyDifferences?.map((one) => one.PropertyPath),
    ];
  };

  test('that nobody has touched is in sync; another security group is found, and that it is gone', async () => {
    const deployed = await aws.deploy(shop());
    const MountTargetId = deployed.physicalId('Target');
    expect(await drift()).toEqual(['IN_SYNC', []]);
    await efs.modifyMountTargetSecurityGroups({ MountTargetId });
    expect(await drift()).toEqual([
      'MODIFIED',
      expect.arrayContaining([expect.stringMatching(/^\/SecurityGroups/)]),
    ]);
    await efs.deleteMountTarget({ MountTargetId });
    expect(await drift()).toEqual(['DELETED', []]);
  });
});
