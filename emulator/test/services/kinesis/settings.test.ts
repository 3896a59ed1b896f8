import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import { account, KinesisBench, shardId, streamArn } from './support';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
  await bench.stream('clicks');
});

afterEach(() => bench.stop());

const StreamName = 'clicks';
const hour = 60 * 60 * 1000;

async function summary() {
  const { StreamDescriptionSummary } = await bench.kinesis.describeStreamSummary({ StreamName });
  return StreamDescriptionSummary;
}

test('the retention period grows and shrinks between a day and a year', async () => {
  const { kinesis } = bench;
  await bench.put(StreamName, 'a', 'old');
  await kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
  await bench.aws.clock.advance(47 * hour);
  expect(await bench.texts(StreamName)).toEqual(['old']);
  await expect(
    kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 24 }),
  ).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message:
      'Requested retention period (24 hours) for stream clicks can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
  });
  await kinesis.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 24 });
  expect(await bench.texts(StreamName)).toEqual([]);
  await bench.settle();
  await expect(
    kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 8761 }),
  ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('records of up to 10 MiB, where the stream is set to take them', async () => {
  const { kinesis } = bench;
  const Data = Buffer.alloc(3 * 1024 * 1024);
  const put = () => kinesis.putRecord({ StreamName, PartitionKey: 'a', Data });
  await expect(put()).rejects.toMatchObject({ name: 'ValidationException' });
  await kinesis.updateMaxRecordSize({
    StreamARN: streamArn(StreamName),
    MaxRecordSizeInKiB: 10_240,
  });
  await bench.settle();
  await put();
  // It has taken what the shard takes in three seconds.
  await bench.aws.clock.advance(3000);
  await expect(put()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  await bench.aws.clock.advance(1);
  await put();
});

test('a stream with a key marks its records, and asks for the key', async () => {
  const kms = bench.aws.client(KMS);
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata?.KeyId;
  await bench.kinesis.startStreamEncryption({ StreamName, EncryptionType: 'KMS', KeyId });
  await bench.settle();
  expect(await summary()).toMatchObject({ EncryptionType: 'KMS', KeyId });
  expect((await bench.put(StreamName, 'a', 'one')).EncryptionType).toBe('KMS');
  await kms.disableKey({ KeyId });
  await expect(bench.put(StreamName, 'a', 'two')).rejects.toMatchObject({
    name: 'KMSDisabledException',
  });
  await expect(bench.texts(StreamName)).rejects.toMatchObject({ name: 'KMSDisabledException' });
  await bench.kinesis.stopStreamEncryption({ StreamName, EncryptionType: 'KMS', KeyId });
  await bench.settle();
  expect(await summary()).toMatchObject({ EncryptionType: 'NONE' });
  await expect(
    bench.kinesis.startStreamEncryption({ StreamName, EncryptionType: 'KMS', KeyId: 'none' }),
  ).rejects.toMatchObject({ name: 'KMSNotFoundException' });
});

test('shard-level metrics, mode and tags', async () => {
  const { kinesis } = bench;
  const on = await kinesis.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['ALL'] });
  expect(on.DesiredShardLevelMetrics).toHaveLength(7);
  const off = await kinesis.disableEnhancedMonitoring({
    StreamName,
    ShardLevelMetrics: ['IncomingBytes'],
  });
  expect(off.DesiredShardLevelMetrics).toHaveLength(6);
  await kinesis.addTagsToStream({ StreamName, Tags: { b: '2', a: '1' } });
  await kinesis.tagResource({ ResourceARN: streamArn(StreamName), Tags: { c: '3' } });
  await kinesis.removeTagsFromStream({ StreamName, TagKeys: ['b'] });
  expect(await kinesis.listTagsForStream({ StreamName, Limit: 1 })).toMatchObject({
    Tags: [{ Key: 'a', Value: '1' }],
    HasMoreTags: true,
  });
  await kinesis.updateStreamMode({
    StreamARN: streamArn(StreamName),
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  await bench.settle();
  expect(await summary()).toMatchObject({
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    OpenShardCount: 1,
  });
});

test('what is not there is refused by name', async () => {
  await expect(
    bench.kinesis.putRecord({ StreamName, PartitionKey: 'a', Data: Buffer.from(''), DryRun: true }),
  ).rejects.toMatchObject({ message: expect.stringContaining('parameter DryRun of PutRecord') });
  await expect(
    bench.kinesis.createStream({ StreamName: 'x', ShardCount: 1, WarmThroughputMiBps: 1 }),
  ).rejects.toMatchObject({ message: expect.stringContaining('WarmThroughputMiBps') });
  await expect(bench.kinesis.listChannels({})).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('a role does what its policies allow, and another account what the policy of the stream allows', async () => {
  const iam = bench.aws.client(IAM);
  await iam.createRole({
    RoleName: 'producer',
    AssumeRolePolicyDocument: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'sts:AssumeRole',
        },
      ],
    }),
  });
  await iam.putRolePolicy({
    RoleName: 'producer',
    PolicyName: 'put',
    PolicyDocument: JSON.stringify({
      Statement: [
        { Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: streamArn(StreamName) },
      ],
    }),
  });
  const { Credentials } = await bench.aws.client(STS).assumeRole({
    RoleArn: `arn:aws:iam::${account}:role/producer`,
    RoleSessionName: 'test',
  });
  const role = new Kinesis({
    region: 'us-east-1',
    endpoint: await bench.aws.endpoint(),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    },
  });
  await role.putRecord({ StreamName, PartitionKey: 'a', Data: Buffer.from('one') });
  await expect(
    role.getShardIterator({ StreamName, ShardId: shardId(0), ShardIteratorType: 'LATEST' }),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  role.destroy();

  const other = bench.aws.client(Kinesis, { account: '111122223333' });
  const put = () =>
    other.putRecord({
      StreamARN: streamArn(StreamName),
      PartitionKey: 'a',
      Data: Buffer.from('two'),
    });
  await expect(put()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const ResourceARN = streamArn(StreamName);
  await bench.kinesis.putResourcePolicy({
    ResourceARN,
    Policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '111122223333' },
          Action: 'kinesis:PutRecord',
          Resource: ResourceARN,
        },
      ],
    }),
  });
  await put();
  expect(await bench.texts(StreamName)).toEqual(['one', 'two']);
  await bench.kinesis.deleteResourcePolicy({ ResourceARN });
  await expect(put()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
