import { gunzipSync } from 'node:zlib';
import { Firehose } from '@aws-sdk/client-firehose';
import { S3 } from '@aws-sdk/client-s3';
import { App, CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Destination, Source, StreamDelivery } from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';

let aws: Emulator<ManualClock>;
let deployment: Deployment;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', firehoseEndpoints: { '*': 'capture' } });
  const stack = new Stack(new App(), 'Clicks');
  const bucket = new s3.Bucket(stack, 'Bucket');
  const { deliveryStream } = new StreamDelivery(stack, 'Delivery', {
    source: Source.directPut(),
    destination: Destination.redshift({
      jdbcUrl: 'jdbc:redshift://shop.us-east-1.redshift.amazonaws.com:5439/shop',
      credentials: new Secret(stack, 'Secret', {
        secretObjectValue: {
          username: SecretValue.unsafePlainText('firehose'),
          password: SecretValue.unsafePlainText('secret'),
        },
      }),
      table: 'clicks',
      objects: { bucket, prefix: 'clicks/' },
    }),
  });
  new CfnOutput(stack, 'DeliveryStreamName', { value: deliveryStream.deliveryStreamName });
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  deployment = await aws.deploy(stack);
});
afterEach(() => aws.stop());

async function put(): Promise<void> {
  await aws.client(Firehose).putRecord({
    DeliveryStreamName: deployment.output('DeliveryStreamName'),
    Record: { Data: Buffer.from('{"clickId":"1"}') },
  });
}

async function keys(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await aws
    .client(S3)
    .listObjectsV2({ Bucket: deployment.output('BucketName'), Prefix });
  return Contents.flatMap(({ Key }) => Key ?? []);
}

test('Redshift is told to copy the objects, as they are compressed', async () => {
  await put();
  await aws.clock.advance(Duration.minutes(10));

  const [Key] = await keys('clicks/');
  const { Body } = await aws.client(S3).getObject({ Bucket: deployment.output('BucketName'), Key });
  const bytes = (await Body?.transformToByteArray()) ?? '';
  expect(gunzipSync(bytes).toString()).toBe('{"clickId":"1"}');
  expect(aws.firehose.captured()).toHaveLength(1);
  const [call] = aws.firehose.captured();
  expect(call).toMatchObject({ destination: 'redshift', method: 'COPY' });
  expect(call?.body).toMatch(/^COPY clicks FROM 's3:\/\/.* MANIFEST JSON 'auto' GZIP;$/);
});

test('what Redshift does not take for an hour stays in the bucket, and a manifest names it', async () => {
  aws.firehose.answer('*', () => 'connection refused');
  await put();
  await aws.clock.advance(Duration.hours(2));

  expect(aws.firehose.captured().length).toBeGreaterThan(3);
  expect(await keys('clicks/')).toHaveLength(1);
  expect(await keys('errors/manifests/')).toHaveLength(1);
});
