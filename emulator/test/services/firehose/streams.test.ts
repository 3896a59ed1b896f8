import { Firehose } from '@aws-sdk/client-firehose';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import { bucket, destination, FirehoseBench, roleArn, streamArn, transition } from './support';

let bench: FirehoseBench;
let firehose: Firehose;
beforeEach(async () => {
  bench = await FirehoseBench.start();
  firehose = bench.firehose;
});
afterEach(() => bench.stop());

const DeliveryStreamName = 'clicks';
const describe_ = async () =>
  (await firehose.describeDeliveryStream({ DeliveryStreamName })).DeliveryStreamDescription;

test('a delivery stream is created and deleted in its time', async () => {
  const { DeliveryStreamARN } = await firehose.createDeliveryStream({
    DeliveryStreamName,
    ExtendedS3DestinationConfiguration: destination(),
    Tags: [{ Key: 'team', Value: 'shop' }],
  });
  expect(DeliveryStreamARN).toBe(streamArn(DeliveryStreamName));
  expect(await describe_()).toMatchObject({ DeliveryStreamStatus: 'CREATING' });
  await expect(bench.put(DeliveryStreamName, 'early')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(firehose.deleteDeliveryStream({ DeliveryStreamName })).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
  await expect(
    firehose.createDeliveryStream({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: destination(),
    }),
  ).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: 'Firehose clicks under accountId 000000000000 already exists',
  });
  await bench.aws.clock.advance(transition);
  expect(await describe_()).toEqual({
    DeliveryStreamName,
    DeliveryStreamARN,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamType: 'DirectPut',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    VersionId: '1',
    CreateTimestamp: new Date('2035-01-01T00:00:00Z'),
    HasMoreDestinations: false,
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        S3DestinationDescription: expect.anything(),
        ExtendedS3DestinationDescription: {
          RoleARN: roleArn('delivery'),
          BucketARN: `arn:aws:s3:::${bucket}`,
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
          CompressionFormat: 'UNCOMPRESSED',
          EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
          CloudWatchLoggingOptions: { Enabled: false },
          S3BackupMode: 'Disabled',
        },
      },
    ],
  });
  await firehose.deleteDeliveryStream({ DeliveryStreamName });
  expect(await describe_()).toMatchObject({ DeliveryStreamStatus: 'DELETING' });
  await bench.aws.clock.advance(transition);
  await expect(describe_()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Firehose clicks under account 000000000000 not found.',
  });
});

test('delivery streams are listed by name, and by type', async () => {
  for (const name of ['b', 'a', 'c']) await bench.stream(name);
  expect(await firehose.listDeliveryStreams({ Limit: 2 })).toMatchObject({
    DeliveryStreamNames: ['a', 'b'],
    HasMoreDeliveryStreams: true,
  });
  expect(
    await firehose.listDeliveryStreams({ ExclusiveStartDeliveryStreamName: 'b' }),
  ).toMatchObject({ DeliveryStreamNames: ['c'], HasMoreDeliveryStreams: false });
  expect(
    await firehose.listDeliveryStreams({ DeliveryStreamType: 'KinesisStreamAsSource' }),
  ).toMatchObject({ DeliveryStreamNames: [] });
});

test('tags', async () => {
  await bench.stream(DeliveryStreamName);
  await firehose.tagDeliveryStream({
    DeliveryStreamName,
    Tags: [{ Key: 'b' }, { Key: 'a', Value: '1' }],
  });
  expect(await firehose.listTagsForDeliveryStream({ DeliveryStreamName, Limit: 1 })).toMatchObject({
    Tags: [{ Key: 'a', Value: '1' }],
    HasMoreTags: true,
  });
  await firehose.untagDeliveryStream({ DeliveryStreamName, TagKeys: ['a'] });
  const { Tags } = await firehose.listTagsForDeliveryStream({ DeliveryStreamName });
  expect(Tags).toEqual([{ Key: 'b', Value: '' }]);
  await expect(
    firehose.tagDeliveryStream({
      DeliveryStreamName,
      Tags: Array.from({ length: 50 }, (_, n) => ({ Key: `${n}` })),
    }),
  ).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test('an update delivers what is buffered to where it was going, and changes only what it names', async () => {
  await bench.stream(DeliveryStreamName, { Prefix: 'one/' });
  await bench.put(DeliveryStreamName, 'before');
  const update = (
    CurrentDeliveryStreamVersionId: string,
    DestinationId = 'destinationId-000000000001',
  ) =>
    firehose.updateDestination({
      DeliveryStreamName,
      CurrentDeliveryStreamVersionId,
      DestinationId,
      ExtendedS3DestinationUpdate: { Prefix: 'two/' },
    });
  await update('1');
  await bench.aws.clock.settle();
  expect(await bench.texts('one/')).toEqual(['before']);
  await bench.put(DeliveryStreamName, 'after');
  await bench.aws.clock.advance(60_000);
  const [{ key } = { key: '' }] = await bench.objects('two/');
  expect(key).toMatch(/\/clicks-2-2035/);
  expect(await describe_()).toMatchObject({ VersionId: '2' });
  await expect(update('1')).rejects.toMatchObject({
    name: 'ConcurrentModificationException',
    message:
      'Cannot update firehose: clicks since the current version id: 2 and specified version id: 1 do not match',
  });
  await expect(update('2', 'destinationId-000000000002')).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: 'Destination Id destinationId-000000000002 not found',
  });
});

test('encryption is turned on and off, with a key that has to be usable', async () => {
  await bench.stream(DeliveryStreamName);
  const kms = bench.aws.client(KMS);
  const { KeyMetadata } = await kms.createKey({});
  const status = async () => (await describe_())?.DeliveryStreamEncryptionConfiguration;
  const start = () =>
    firehose.startDeliveryStreamEncryption({
      DeliveryStreamName,
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: 'CUSTOMER_MANAGED_CMK',
        KeyARN: KeyMetadata?.Arn,
      },
    });
  await start();
  expect(await status()).toMatchObject({ Status: 'ENABLING' });
  await expect(start()).rejects.toMatchObject({ name: 'ResourceInUseException' });
  await bench.aws.clock.advance(transition);
  expect(await status()).toEqual({
    Status: 'ENABLED',
    KeyType: 'CUSTOMER_MANAGED_CMK',
    KeyARN: KeyMetadata?.Arn,
  });
  expect(await bench.put(DeliveryStreamName, 'one')).toMatchObject({ Encrypted: true });
  await kms.disableKey({ KeyId: KeyMetadata?.KeyId });
  await expect(bench.put(DeliveryStreamName, 'two')).rejects.toMatchObject({
    name: 'InvalidKMSResourceException',
    code: 'KMSDisabledException',
  });
  await firehose.stopDeliveryStreamEncryption({ DeliveryStreamName });
  await bench.aws.clock.advance(transition);
  expect(await status()).toEqual({ Status: 'DISABLED' });
  expect(await bench.put(DeliveryStreamName, 'three')).toMatchObject({ Encrypted: false });
});

test.each([
  [
    'a role that does not trust Firehose',
    () => bench.role('other', ['s3:PutObject'], '*', 'lambda.amazonaws.com'),
    { ExtendedS3DestinationConfiguration: destination({ RoleARN: roleArn('other') }) },
    /^Firehose is unable to assume role arn:aws:iam::000000000000:role\/other/,
  ],
  ['no destination', async () => undefined, {}, /^Exactly one destination/],
  [
    'two destinations',
    async () => undefined,
    {
      ExtendedS3DestinationConfiguration: destination(),
      S3DestinationConfiguration: destination(),
    },
    /^Exactly one destination/,
  ],
])('%s is refused', async (_what, prepare, settings, message) => {
  await prepare();
  await expect(
    firehose.createDeliveryStream({ DeliveryStreamName, ...settings }),
  ).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringMatching(message),
  });
});

test('what is not well-formed is a ValidationException that names all of it', async () => {
  await expect(
    firehose.createDeliveryStream({
      DeliveryStreamName: 'no spaces',
      ExtendedS3DestinationConfiguration: destination(),
    }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value 'no spaces' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  });
  await expect(
    firehose.createDeliveryStream({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: destination({
        BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 901 },
      }),
    }),
  ).rejects.toThrow(/^2 validation errors detected: Value '129' at .*Value '901' at /);
});

test('without the right to pass the role nobody makes a delivery stream', async () => {
  const RoleArn = await bench.role('maker', ['firehose:*'], '*', undefined, {
    AWS: '000000000000',
  });
  const { Credentials } = await bench.aws
    .client(STS)
    .assumeRole({ RoleArn, RoleSessionName: 'test' });
  const client = new Firehose({
    region: 'us-east-1',
    endpoint: await bench.aws.endpoint(),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    },
  });
  await expect(
    client.createDeliveryStream({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: destination(),
    }),
  ).rejects.toThrow(/is not authorized to perform: iam:PassRole on resource: .*role\/delivery/);
  client.destroy();
});
