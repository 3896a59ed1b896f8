import { S3 } from '@aws-sdk/client-s3';
import { Emulator } from '../../src';
import { Roles } from './support';

const Bucket = 'files';
let aws: Emulator;
let roles: Roles;
let s3: S3;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  roles = new Roles(aws);
  s3 = aws.client(S3);
  await s3.createBucket({ Bucket });
  await s3.putObject({ Bucket, Key: 'a', Body: '1' });
});

afterEach(() => aws.stop());

test('a denied call says why to its own account', async () => {
  await roles.create('reader', 's3:ListBucket');
  const reader = await roles.client(S3, 'reader');
  await expect(reader.getObject({ Bucket, Key: 'a' })).rejects.toMatchObject({
    name: 'AccessDenied',
    message:
      'User: arn:aws:sts::000000000000:assumed-role/reader/test is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::files/a" because no identity-based policy allows the s3:GetObject action',
    $metadata: { httpStatusCode: 403 },
  });
  await expect(reader.headObject({ Bucket, Key: 'a' })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});

test('a stranger is told nothing, and let in by the policy of the bucket', async () => {
  const other = aws.client(S3, { account: '111111111111' });
  await expect(other.getObject({ Bucket, Key: 'a' })).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'Access Denied',
  });
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: '111111111111' },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await s3.putBucketPolicy({ Bucket, Policy });
  const { Body } = await other.getObject({ Bucket, Key: 'a' });
  expect(await Body?.transformToString()).toBe('1');
});

test('a key that is missing is told to those who may list the bucket', async () => {
  await roles.create('reader', 's3:GetObject');
  const reader = await roles.client(S3, 'reader');
  const get = () => reader.getObject({ Bucket, Key: 'b' });
  await expect(get()).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('s3:ListBucket'),
  });
  await roles.allow('reader', 's3:GetObject', 's3:ListBucket');
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('a policy that denies everybody is taken back by the owner alone', async () => {
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await roles.create('admin', '*');
  const admin = await roles.client(S3, 'admin');
  await s3.putBucketPolicy({ Bucket, Policy });
  await expect(s3.getObject({ Bucket, Key: 'a' })).rejects.toThrow('with an explicit deny');
  await expect(admin.deleteBucketPolicy({ Bucket })).rejects.toThrow('with an explicit deny');
  await s3.deleteBucketPolicy({ Bucket });
  await expect(s3.getObject({ Bucket, Key: 'a' })).resolves.toBeDefined();
});
