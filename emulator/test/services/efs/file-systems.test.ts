import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EFS } from '@aws-sdk/client-efs';
import { KMS } from '@aws-sdk/client-kms';
import { Duration } from 'aws-cdk-lib';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let efs: EFS;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  efs = aws.client(EFS);
});
afterEach(() => aws.stop());

async function created(more: object = {}): Promise<string> {
  const { FileSystemId: id = '' } = await efs.createFileSystem({
    CreationToken: 'orders',
    ...more,
  });
  await aws.clock.advance(Duration.seconds(5));
  return id;
}

async function described(FileSystemId: string) {
  const { FileSystems: [found] = [] } = await efs.describeFileSystems({ FileSystemId });
  return found;
}

/** The policy that lets one role mount, and denies what is said. */
const policy = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

describe('a file system', () => {
  test('is there after five seconds, with what it was created with and what AWS says by default', async () => {
    const Tags = [{ Key: 'Name', Value: 'orders' }];
    const answer = await efs.createFileSystem({ CreationToken: 'orders', Tags });
    expect(answer).toMatchObject({
      $metadata: { httpStatusCode: 201 },
      CreationToken: 'orders',
      Encrypted: false,
      FileSystemArn: `arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/${answer.FileSystemId}`,
      FileSystemId: expect.stringMatching(/^fs-[0-9a-f]{17}$/),
      FileSystemProtection: { ReplicationOverwriteProtection: 'ENABLED' },
      LifeCycleState: 'creating',
      Name: 'orders',
      NumberOfMountTargets: 0,
      OwnerId: '000000000000',
      PerformanceMode: 'generalPurpose',
      SizeInBytes: { Value: 6144, ValueInIA: 0 },
      Tags,
      ThroughputMode: 'bursting',
    });
    await aws.clock.advance(Duration.seconds(5));
    expect(await described(answer.FileSystemId ?? '')).toMatchObject({
      LifeCycleState: 'available',
    });
  });

  test('is created once for each token', async () => {
    const id = await created();
    await expect(efs.createFileSystem({ CreationToken: 'orders' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 409 },
      name: 'FileSystemAlreadyExists',
      ErrorCode: 'FileSystemAlreadyExists',
      FileSystemId: id,
      message: `File system '${id}' already exists with creation token 'orders'`,
    });
  });

  test('is encrypted with the key that is named, or with that of EFS', async () => {
    const { KeyMetadata: key } = await aws.client(KMS).createKey({});
    const own = await described(await created({ Encrypted: true, KmsKeyId: key?.KeyId }));
    expect(own).toMatchObject({ Encrypted: true, KmsKeyId: key?.Arn });
    const other = await described(await created({ CreationToken: 'others', Encrypted: true }));
    expect(other?.KmsKeyId).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//);
    expect(other?.KmsKeyId).not.toBe(key?.Arn);
  });

  test.each([
    [{ KmsKeyId: 'alias/orders' }, 'BadRequest'],
    [{ ThroughputMode: 'provisioned' }, 'BadRequest'],
    [{ ProvisionedThroughputInMibps: 5 }, 'BadRequest'],
    [{ PerformanceMode: 'maxIO', ThroughputMode: 'elastic' }, 'BadRequest'],
    [{ PerformanceMode: 'maxIO', AvailabilityZoneName: 'us-east-1a' }, 'BadRequest'],
    [{ AvailabilityZoneName: 'eu-west-1a' }, 'UnsupportedAvailabilityZone'],
    [{ Tags: [{ Key: 'aws:team', Value: '' }] }, 'BadRequest'],
    [{ CreationToken: 'x'.repeat(65) }, 'BadRequest'],
  ] as const)('is refused with %j', async (more, name) => {
    await expect(
      efs.createFileSystem({ CreationToken: 'orders', ...more } as Parameters<
        EFS['createFileSystem']
      >[0]),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 }, ErrorCode: name, name });
    expect((await efs.describeFileSystems({})).FileSystems).toEqual([]);
  });

  test('has the size of its files, as EFS meters them', async () => {
    const id = await created();
    await writeFile(join(await aws.efs.directory(id), 'order.json'), 'x'.repeat(5000));
    expect((await described(id))?.SizeInBytes).toMatchObject({
      Value: 6144 + 2048 + 8192,
      Timestamp: new Date(aws.clock.now()),
    });
  });

  test('tells its size every quarter of an hour', async () => {
    const FileSystemId = await created();
    const StartTime = new Date(aws.clock.now());
    await aws.clock.advance(Duration.hours(1));
    const sizes = async (StorageClass: string) => {
      const { Datapoints = [] } = await aws.client(CloudWatch).getMetricStatistics({
        Namespace: 'AWS/EFS',
        MetricName: 'StorageBytes',
        Dimensions: [
          { Name: 'FileSystemId', Value: FileSystemId },
          { Name: 'StorageClass', Value: StorageClass },
        ],
        StartTime,
        EndTime: new Date(aws.clock.now() + 60_000),
        Period: 60,
        Statistics: ['Sum'],
      });
      return Datapoints.map(({ Sum, Unit }) => [Sum, Unit]);
    };
    expect(await sizes('Total')).toEqual(Array(4).fill([6144, 'Bytes']));
    expect(await sizes('Standard')).toEqual(Array(4).fill([6144, 'Bytes']));
    expect(await sizes('IA')).toEqual(Array(4).fill([0, 'Bytes']));
  });

  test('takes another throughput, but is slowed down or changed in mode once a day only', async () => {
    const FileSystemId = await created();
    const provisioned = { FileSystemId, ThroughputMode: 'provisioned' } as const;
    await efs.updateFileSystem({ ...provisioned, ProvisionedThroughputInMibps: 10 });
    await efs.updateFileSystem({ FileSystemId, ProvisionedThroughputInMibps: 20 });
    const slower = { FileSystemId, ProvisionedThroughputInMibps: 10 };
    await expect(efs.updateFileSystem(slower)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 429 },
      name: 'TooManyRequests',
    });
    await aws.clock.advance(Duration.days(1));
    expect(await efs.updateFileSystem(slower)).toMatchObject({
      $metadata: { httpStatusCode: 202 },
      ProvisionedThroughputInMibps: 10,
      ThroughputMode: 'provisioned',
    });
  });

  test('goes with its files and access points', async () => {
    const FileSystemId = await created();
    const { AccessPointId = '' } = await efs.createAccessPoint({ ClientToken: 'a', FileSystemId });
    await aws.clock.advance(Duration.seconds(5));
    const before = await aws.efs.directory(FileSystemId);
    await writeFile(join(before, 'order.json'), '{}');
    expect((await efs.deleteFileSystem({ FileSystemId })).$metadata.httpStatusCode).toBe(204);
    expect(await described(FileSystemId)).toMatchObject({ LifeCycleState: 'deleting' });
    await aws.clock.advance(Duration.seconds(5));
    await expect(described(FileSystemId)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
      name: 'FileSystemNotFound',
      message: `File system '${FileSystemId}' does not exist.`,
    });
    await expect(efs.describeAccessPoints({ AccessPointId })).rejects.toMatchObject({
      name: 'AccessPointNotFound',
    });
    await expect(aws.efs.directory(FileSystemId)).rejects.toThrow('There is no file system');
    expect(aws.leaks()).toEqual([]);
    // Another one of that token is empty.
    expect((await described(await created()))?.SizeInBytes?.Value).toBe(6144);
  });

  test('is found by token, and page by page', async () => {
    const ids = await Promise.all(
      ['a', 'b', 'c'].map(async (token) => {
        const { FileSystemId = '' } = await efs.createFileSystem({ CreationToken: token });
        return FileSystemId;
      }),
    );
    const byToken = await efs.describeFileSystems({ CreationToken: 'b' });
    expect(byToken.FileSystems?.map((one) => one.FileSystemId)).toEqual([ids[1]]);
    const first = await efs.describeFileSystems({ MaxItems: 2 });
    const second = await efs.describeFileSystems({ MaxItems: 2, Marker: first.NextMarker });
    const found = [...(first.FileSystems ?? []), ...(second.FileSystems ?? [])];
    expect(found.map((one) => one.FileSystemId)).toEqual([...ids].sort());
    expect(second.NextMarker).toBeUndefined();
    await expect(efs.describeFileSystems({ Marker: 'none' })).rejects.toMatchObject({
      name: 'BadRequest',
    });
  });

  test('keeps its files in the directory that an emulator is given, for a later one', async () => {
    const storageDirectory = await aws.efs.directory(await created());
    const texts: string[] = [];
    for (const text of ['first', 'second']) {
      const other = await Emulator.start({ clock: 'manual', storageDirectory });
      // A token is no path.
      const CreationToken = '../orders';
      const { FileSystemId = '' } = await other.client(EFS).createFileSystem({ CreationToken });
      await other.clock.settle();
      const directory = await other.efs.directory(FileSystemId);
      expect(directory.startsWith(join(storageDirectory, 'efs', '000000000000'))).toBe(true);
      await appendFile(join(directory, 'log.txt'), text);
      texts.push(await readFile(join(directory, 'log.txt'), 'utf8'));
      await other.stop();
    }
    expect(texts).toEqual(['first', 'firstsecond']);
  });
});

describe('policies of a file system', () => {
  test('are none until they are put', async () => {
    const FileSystemId = await created();
    for (const missing of [
      efs.describeFileSystemPolicy({ FileSystemId }),
      efs.describeBackupPolicy({ FileSystemId }),
    ])
      await expect(missing).rejects.toMatchObject({
        $metadata: { httpStatusCode: 404 },
        name: 'PolicyNotFound',
      });
    expect(await efs.describeLifecycleConfiguration({ FileSystemId })).toMatchObject({
      LifecyclePolicies: [],
    });
  });

  test('say who may use it; statements without a resource are about the file system', async () => {
    const FileSystemId = await created();
    const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'elasticfilesystem:*' };
    await efs.putFileSystemPolicy({ FileSystemId, Policy: policy(statement) });
    const { Policy = '' } = await efs.describeFileSystemPolicy({ FileSystemId });
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        ...statement,
        Resource: `arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/${FileSystemId}`,
      },
    ]);
    await efs.deleteFileSystemPolicy({ FileSystemId });
    await expect(efs.describeFileSystemPolicy({ FileSystemId })).rejects.toMatchObject({
      name: 'PolicyNotFound',
    });
  });

  test('that are no policies, or lock out whoever puts them, are refused', async () => {
    const FileSystemId = await created();
    const lockOut = policy({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'elasticfilesystem:PutFileSystemPolicy',
    });
    for (const Policy of ['{', policy({ Effect: 'Allow' }), lockOut])
      await expect(efs.putFileSystemPolicy({ FileSystemId, Policy })).rejects.toMatchObject({
        $metadata: { httpStatusCode: 400 },
        name: 'InvalidPolicyException',
      });
    await expect(efs.describeFileSystemPolicy({ FileSystemId })).rejects.toThrow();
    await efs.putFileSystemPolicy({
      FileSystemId,
      Policy: lockOut,
      BypassPolicyLockoutSafetyCheck: true,
    });
    await expect(efs.putFileSystemPolicy({ FileSystemId, Policy: lockOut })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('of its lifecycle have one transition each, and each once', async () => {
    const FileSystemId = await created();
    const LifecyclePolicies = [
      { TransitionToIA: 'AFTER_30_DAYS' },
      { TransitionToPrimaryStorageClass: 'AFTER_1_ACCESS' },
    ] as const;
    const put = (policies: object[]) =>
      efs.putLifecycleConfiguration({ FileSystemId, LifecyclePolicies: policies });
    await put([...LifecyclePolicies]);
    for (const wrong of [
      [{}],
      [{ TransitionToIA: 'AFTER_2_DAYS' }],
      [{ TransitionToIA: 'AFTER_1_DAY', TransitionToArchive: 'AFTER_90_DAYS' }],
      [{ TransitionToIA: 'AFTER_1_DAY' }, { TransitionToIA: 'AFTER_7_DAYS' }],
    ])
      await expect(put(wrong)).rejects.toMatchObject({ name: 'BadRequest' });
    expect(await efs.describeLifecycleConfiguration({ FileSystemId })).toMatchObject({
      LifecyclePolicies,
    });
  });

  test('of backups are those of One Zone storage by default', async () => {
    const FileSystemId = await created({ AvailabilityZoneName: 'us-east-1b' });
    expect(await described(FileSystemId)).toMatchObject({
      AvailabilityZoneId: 'use1-az2',
      AvailabilityZoneName: 'us-east-1b',
    });
    expect(await efs.describeBackupPolicy({ FileSystemId })).toMatchObject({
      BackupPolicy: { Status: 'ENABLED' },
    });
    await efs.putBackupPolicy({ FileSystemId, BackupPolicy: { Status: 'DISABLED' } });
    expect(await efs.describeBackupPolicy({ FileSystemId })).toMatchObject({
      BackupPolicy: { Status: 'DISABLED' },
    });
  });
});

test('file systems and access points have tags', async () => {
  const FileSystemId = await created();
  const { AccessPointId = '' } = await efs.createAccessPoint({ ClientToken: 'a', FileSystemId });
  for (const ResourceId of [FileSystemId, AccessPointId]) {
    await efs.tagResource({
      ResourceId,
      Tags: [
        { Key: 'b', Value: '2' },
        { Key: 'a', Value: '1' },
      ],
    });
    await efs.untagResource({ ResourceId, TagKeys: ['b'] });
    expect(await efs.listTagsForResource({ ResourceId })).toMatchObject({
      Tags: [{ Key: 'a', Value: '1' }],
    });
  }
});

test('what the emulator does not have is refused by name', async () => {
  const SourceFileSystemId = await created();
  await expect(
    efs.createReplicationConfiguration({
      SourceFileSystemId,
      Destinations: [{ Region: 'eu-west-1' }],
    }),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 }, name: 'NotImplemented' });
  await expect(
    aws.client(CloudFormation).createStack({
      StackName: 'Shop',
      TemplateBody: JSON.stringify({
        Resources: {
          Files: {
            Type: 'AWS::EFS::FileSystem',
            Properties: {
              ReplicationConfiguration: { Destinations: [{ Region: 'eu-west-1' }] },
            },
          },
        },
      }),
    }),
  ).rejects.toThrow('AWS::EFS::FileSystem does not support ReplicationConfiguration');
});
