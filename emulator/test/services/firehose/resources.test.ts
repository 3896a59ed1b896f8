import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { S3 } from '@aws-sdk/client-s3';
import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import {
  BackupMode,
  CfnDeliveryStream,
  Compression,
  DeliveryStream,
  KinesisStreamSource,
  S3Bucket,
  type S3BucketProps,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FirehoseBench } from './support';

let bench: FirehoseBench;
beforeEach(async () => {
  bench = await FirehoseBench.start();
});
afterEach(() => bench.stop());

function stackOf(props: S3BucketProps, encryption = StreamEncryption.unencrypted()): Stack {
  const stack = new Stack(new App(), 'Delivery');
  const bucket = new Bucket(stack, 'Bucket', {
    bucketName: 'clicks',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new DeliveryStream(stack, 'Clicks', {
    deliveryStreamName: 'clicks',
    destination: new S3Bucket(bucket, props),
    encryption,
  });
  return stack;
}

test('a delivery stream of the CDK is created, updated and deleted', async () => {
  await bench.aws.deploy(stackOf({ bufferingInterval: Duration.seconds(60) }));
  const described = async () =>
    (await bench.firehose.describeDeliveryStream({ DeliveryStreamName: 'clicks' }))
      .DeliveryStreamDescription;
  expect(await described()).toMatchObject({ DeliveryStreamStatus: 'ACTIVE', VersionId: '1' });
  await bench.put('clicks', 'one');
  await bench.aws.deploy(
    stackOf(
      {
        bufferingInterval: Duration.seconds(90),
        bufferingSize: Size.mebibytes(2),
        compression: Compression.GZIP,
        fileExtension: '.json.gz',
      },
      StreamEncryption.awsOwnedKey(),
    ),
  );
  expect(await described()).toMatchObject({
    VersionId: '2',
    DeliveryStreamEncryptionConfiguration: { Status: 'ENABLED', KeyType: 'AWS_OWNED_CMK' },
    Destinations: [
      {
        ExtendedS3DestinationDescription: {
          BufferingHints: { IntervalInSeconds: 90, SizeInMBs: 2 },
          CompressionFormat: 'GZIP',
        },
      },
    ],
  });
  await bench.put('clicks', 'two');
  await bench.aws.clock.advance(90_000);
  const keys = (await bench.objects('', 'clicks')).map(({ key }) =>
    key.replace(/-[0-9a-f]{8}-[0-9a-f-]{27}/, ''),
  );
  expect(keys).toEqual([
    expect.stringMatching(/clicks-1-2035-01-01-00-00-00$/),
    expect.stringMatching(/clicks-2-2035-01-01-00-00-00\.json\.gz$/),
  ]);
  for (const { key } of await bench.objects('', 'clicks'))
    await bench.aws.client(S3).deleteObject({
      Bucket: 'clicks',
      Key: key,
    });
  await bench.aws.client(CloudFormation).deleteStack({ StackName: 'Delivery' });
  await bench.aws.clock.settle();
  expect((await bench.firehose.listDeliveryStreams({})).DeliveryStreamNames).toEqual([]);
});

test('one that reads a stream and keeps copies of what comes', async () => {
  const stack = new Stack(new App(), 'Delivery');
  const stream = new Stream(stack, 'Stream', { streamName: 'source', shardCount: 1 });
  new DeliveryStream(stack, 'Clicks', {
    source: new KinesisStreamSource(stream),
    destination: new S3Bucket(new Bucket(stack, 'Bucket', { bucketName: 'clicks' }), {
      bufferingInterval: Duration.seconds(60),
      s3Backup: {
        mode: BackupMode.ALL,
        bucket: new Bucket(stack, 'Copies', { bucketName: 'copies' }),
        bufferingInterval: Duration.seconds(120),
      },
    }),
  });
  await bench.aws.deploy(stack);
  await bench.aws.client(Kinesis).putRecord({
    StreamName: 'source',
    PartitionKey: 'a',
    Data: Buffer.from('one'),
  });
  await bench.aws.clock.advance(60_000);
  expect((await bench.objects('', 'clicks')).map(({ bytes }) => `${bytes}`)).toEqual(['one']);
  expect(await bench.objects('', 'copies')).toEqual([]);
  await bench.aws.clock.advance(60_000);
  expect((await bench.objects('', 'copies')).map(({ bytes }) => `${bytes}`)).toEqual(['one']);
});

test.each([
  [
    'a source of MSK',
    {
      deliveryStreamType: 'MSKAsSource',
      mskSourceConfiguration: {
        mskClusterArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/a/b',
        topicName: 'a',
        authenticationConfiguration: { connectivity: 'PUBLIC', roleArn: 'x' },
      },
    },
    /does not support MSKSourceConfiguration/,
  ],
  [
    'a table of Iceberg',
    {
      icebergDestinationConfiguration: {
        roleArn: 'x',
        catalogConfiguration: { catalogArn: 'x' },
        s3Configuration: { bucketArn: 'x', roleArn: 'x' },
      },
    },
    /does not support IcebergDestinationConfiguration/,
  ],
])('%s is refused by name before anything is made', async (_what, props, message) => {
  const stack = new Stack(new App(), 'Delivery');
  new Bucket(stack, 'Bucket', { bucketName: 'never' });
  new CfnDeliveryStream(stack, 'Stream', props);
  await expect(bench.aws.deploy(stack)).rejects.toThrow(message);
});
