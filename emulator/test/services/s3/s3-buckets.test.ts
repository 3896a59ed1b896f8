import { S3 } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const Bucket = 'orders';

let aws: Emulator<ManualClock>;
let s3: S3;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  s3 = aws.client(S3);
  await s3.createBucket({ Bucket });
});

afterEach(() => aws.stop());

describe('names', () => {
  test.each([['ab'], ['Orders'], ['a..b'], ['192.168.0.1'], ['-a-'], ['xn--a'], ['a_b']])(
    '%s is no bucket',
    async (name) => {
      await expect(s3.createBucket({ Bucket: name })).rejects.toMatchObject({
        name: 'InvalidBucketName',
      });
    },
  );

  test('belong to one account', async () => {
    const other = aws.client(S3, { account: '111111111111' });
    await expect(other.createBucket({ Bucket })).rejects.toMatchObject({
      name: 'BucketAlreadyExists',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('can be taken again by their owner in us-east-1 alone', async () => {
    await s3.createBucket({ Bucket });
    const elsewhere = aws.client(S3, { region: 'eu-west-1' });
    const request = {
      Bucket: 'europe',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const },
    };
    await elsewhere.createBucket(request);
    await expect(elsewhere.createBucket(request)).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
  });
});

test('a bucket knows where it is', async () => {
  const elsewhere = aws.client(S3, { region: 'eu-west-1' });
  await elsewhere.createBucket({
    Bucket: 'europe',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
  });
  expect((await s3.getBucketLocation({ Bucket: 'europe' })).LocationConstraint).toBe('eu-west-1');
  expect((await s3.getBucketLocation({ Bucket })).LocationConstraint).toBeFalsy();
  expect((await elsewhere.headBucket({ Bucket: 'europe' })).BucketRegion).toBe('eu-west-1');
  await expect(s3.listObjectsV2({ Bucket: 'europe' })).rejects.toMatchObject({
    name: 'PermanentRedirect',
  });
  const { Buckets: buckets } = await s3.listBuckets({});
  expect(buckets?.map((one) => one.Name)).toEqual(['europe', Bucket]);
});

test('a bucket that is not there answers NoSuchBucket, and NotFound to a HEAD', async () => {
  await expect(s3.listObjectsV2({ Bucket: 'none' })).rejects.toMatchObject({
    name: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
  });
  await expect(s3.headBucket({ Bucket: 'none' })).rejects.toMatchObject({ name: 'NotFound' });
});

test('a bucket with objects is not deleted', async () => {
  await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
  await expect(s3.deleteBucket({ Bucket })).rejects.toMatchObject({ name: 'BucketNotEmpty' });
});

describe('settings', () => {
  test('of a new bucket are those of AWS', async () => {
    const { ServerSideEncryptionConfiguration: encryption } = await s3.getBucketEncryption({
      Bucket,
    });
    const [rule] = encryption?.Rules ?? [];
    expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256');
    const { PublicAccessBlockConfiguration: block } = await s3.getPublicAccessBlock({ Bucket });
    expect(block).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    expect((await s3.getBucketVersioning({ Bucket })).Status).toBeUndefined();
  });

  test.each([
    ['tags', () => s3.getBucketTagging({ Bucket }), 'NoSuchTagSet'],
    ['a policy', () => s3.getBucketPolicy({ Bucket }), 'NoSuchBucketPolicy'],
    [
      'lifecycle rules',
      () => s3.getBucketLifecycleConfiguration({ Bucket }),
      'NoSuchLifecycleConfiguration',
    ],
    ['CORS rules', () => s3.getBucketCors({ Bucket }), 'NoSuchCORSConfiguration'],
    ['a website', () => s3.getBucketWebsite({ Bucket }), 'NoSuchWebsiteConfiguration'],
    [
      'replication',
      () => s3.getBucketReplication({ Bucket }),
      'ReplicationConfigurationNotFoundError',
    ],
    [
      'object lock',
      () => s3.getObjectLockConfiguration({ Bucket }),
      'ObjectLockConfigurationNotFoundError',
    ],
    [
      'metrics of that id',
      () => s3.getBucketMetricsConfiguration({ Bucket, Id: 'all' }),
      'NoSuchConfiguration',
    ],
  ])('fail for a bucket without %s', async (_what, call, name) => {
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 404 } });
  });

  test.each([
    ['acceleration', () => s3.getBucketAccelerateConfiguration({ Bucket }), {}],
    ['payment', () => s3.getBucketRequestPayment({ Bucket }), { Payer: 'BucketOwner' }],
    ['ABAC', () => s3.getBucketAbac({ Bucket }), { AbacStatus: { Status: 'Disabled' } }],
    ['analytics', () => s3.listBucketAnalyticsConfigurations({ Bucket }), { IsTruncated: false }],
    ['inventories', () => s3.listBucketInventoryConfigurations({ Bucket }), { IsTruncated: false }],
    ['metrics', () => s3.listBucketMetricsConfigurations({ Bucket }), { IsTruncated: false }],
    [
      'tiering',
      () => s3.listBucketIntelligentTieringConfigurations({ Bucket }),
      { IsTruncated: false },
    ],
  ])('that no bucket has here answer as on AWS: %s', async (_what, call, expected) => {
    const { $metadata: _, ...answer } = await call();
    expect(answer).toEqual(expected);
    await s3.deleteBucket({ Bucket });
    await expect(call()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('tags come back as they were put', async () => {
    const TagSet = [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }];
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
    expect((await s3.getBucketTagging({ Bucket })).TagSet).toEqual(TagSet);
    await s3.deleteBucketTagging({ Bucket });
    await expect(s3.getBucketTagging({ Bucket })).rejects.toMatchObject({ name: 'NoSuchTagSet' });
  });

  test('encryption with KMS is what objects get', async () => {
    await s3.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
            BucketKeyEnabled: true,
          },
        ],
      },
    });
    const answer = await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    expect(answer).toMatchObject({ ServerSideEncryption: 'aws:kms', BucketKeyEnabled: true });
  });

  test('lifecycle and CORS rules come back as they were put', async () => {
    const Rules = [{ ID: 'r', Status: 'Enabled' as const, Filter: {}, Expiration: { Days: 1 } }];
    await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } });
    const lifecycle = await s3.getBucketLifecycleConfiguration({ Bucket });
    expect(lifecycle.Rules).toMatchObject([{ ID: 'r', Expiration: { Days: 1 } }]);
    const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }];
    await s3.putBucketCors({ Bucket, CORSConfiguration: { CORSRules } });
    expect((await s3.getBucketCors({ Bucket })).CORSRules).toMatchObject(CORSRules);
  });
});

describe('policies', () => {
  const policy = (part: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          ...part,
        },
      ],
    });

  test('come back as they were put', async () => {
    const Policy = policy({});
    await s3.putBucketPolicy({ Bucket, Policy });
    expect((await s3.getBucketPolicy({ Bucket })).Policy).toBe(Policy);
    const { PolicyStatus: status } = await s3.getBucketPolicyStatus({ Bucket });
    expect(status?.IsPublic).toBe(false);
    await s3.deleteBucketPolicy({ Bucket });
    await expect(s3.getBucketPolicy({ Bucket })).rejects.toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
  });

  test.each([
    ['no JSON', 'x', /first byte/],
    ['another bucket', policy({ Resource: 'arn:aws:s3:::other' }), /invalid resource/],
    ['no principal', policy({ Principal: undefined }), /Principal/],
  ])('are malformed with %s', async (_what, Policy, message) => {
    await expect(s3.putBucketPolicy({ Bucket, Policy })).rejects.toMatchObject({
      name: 'MalformedPolicy',
      message: expect.stringMatching(message),
    });
  });

  test('that let everybody in are blocked unless that is allowed', async () => {
    const Policy = policy({ Effect: 'Allow', Condition: undefined });
    await expect(s3.putBucketPolicy({ Bucket, Policy })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await s3.deletePublicAccessBlock({ Bucket });
    await s3.putBucketPolicy({ Bucket, Policy });
  });
});
