import { gunzipSync } from 'node:zlib';
import { Firehose } from '@aws-sdk/client-firehose';
import { S3 } from '@aws-sdk/client-s3';
import { App, CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { Domain } from 'aws-cdk-lib/aws-opensearchservice';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Destination, type IDestination, Source, StreamDelivery } from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';

const record = '{"clickId":"1"}';

/** What a destination of a test may need. */
interface Given {
  readonly stack: Stack;
  readonly bucket: s3.IBucket;
}

function secretOf(stack: Stack, name: string): Secret {
  return new Secret(stack, 'Secret', {
    secretObjectValue: { [name]: SecretValue.unsafePlainText('from the secret') },
  });
}

/** Each with its vendor's name, what makes it, and what of a call shows that record and credentials arrived. */
const destinations: readonly [
  name: string,
  make: (given: Given) => IDestination,
  credential: string | undefined,
][] = [
  [
    'an HTTP endpoint',
    ({ bucket, stack }) =>
      Destination.http({
        url: 'https://intake.example.com/in',
        accessKey: secretOf(stack, 'api_key'),
        backup: { bucket, prefix: 'backup/' },
      }),
    'from the secret',
  ],
  [
    'MongoDB',
    ({ bucket, stack }) =>
      Destination.mongoDb({
        url: 'https://data.example.com/clicks',
        apiKey: secretOf(stack, 'api_key'),
        backup: { bucket, prefix: 'backup/' },
      }),
    'from the secret',
  ],
  [
    'Splunk',
    ({ bucket, stack }) =>
      Destination.splunk({
        hecEndpoint: 'https://splunk.example.com:8088',
        hecToken: secretOf(stack, 'hec_token'),
        backup: { bucket, prefix: 'backup/' },
      }),
    'Splunk from the secret',
  ],
  [
    'OpenSearch',
    ({ bucket, stack }) =>
      Destination.openSearch({
        domain: Domain.fromDomainAttributes(stack, 'Domain', {
          domainArn: `arn:aws:es:us-east-1:000000000000:domain/clicks`,
          domainEndpoint: 'search-clicks.us-east-1.es.amazonaws.com',
        }),
        indexName: 'clicks',
        backup: { bucket, prefix: 'backup/' },
      }),
    undefined,
  ],
  [
    'OpenSearch Serverless',
    ({ bucket }) =>
      Destination.openSearchServerless({
        collection: {
          name: 'clicks',
          arn: 'arn:aws:aoss:us-east-1:000000000000:collection/abc',
          endpoint: 'https://abc.us-east-1.aoss.amazonaws.com',
        },
        indexName: 'clicks',
        backup: { bucket, prefix: 'backup/' },
      }),
    undefined,
  ],
];

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', firehoseEndpoints: { '*': 'capture' } });
});
afterEach(() => aws.stop());

async function deploy(make: (given: Given) => IDestination): Promise<Deployment> {
  const stack = new Stack(new App(), 'Clicks');
  const bucket = new s3.Bucket(stack, 'Bucket');
  const { deliveryStream } = new StreamDelivery(stack, 'Delivery', {
    source: Source.directPut(),
    destination: make({ stack, bucket }),
  });
  new CfnOutput(stack, 'DeliveryStreamName', { value: deliveryStream.deliveryStreamName });
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  return aws.deploy(stack);
}

async function put(deployment: Deployment): Promise<void> {
  await aws.client(Firehose).putRecord({
    DeliveryStreamName: deployment.output('DeliveryStreamName'),
    Record: { Data: Buffer.from(record) },
  });
}

async function backedUp(deployment: Deployment): Promise<string[]> {
  const client = aws.client(S3);
  const Bucket = deployment.output('BucketName');
  const { Contents = [] } = await client.listObjectsV2({ Bucket });
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await client.getObject({ Bucket, Key });
      return gunzipSync((await Body?.transformToByteArray()) ?? '').toString('utf8');
    }),
  );
}

describe.each(destinations)('%s', (_name, make, credential) => {
  test('gets the records, with the credentials of the secret', async () => {
    const deployment = await deploy(make);
    await put(deployment);
    await aws.clock.advance(Duration.minutes(10));

    const [call] = aws.firehose.captured();
    const text = `${call?.body}`;
    expect(text.includes(record) || text.includes(Buffer.from(record).toString('base64'))).toBe(
      true,
    );
    if (credential !== undefined) expect(Object.values(call?.headers ?? {})).toContain(credential);
    expect(await backedUp(deployment)).toEqual([]);
  });

  test('is tried again while it is down, and then the records are backed up', async () => {
    aws.firehose.answer('*', () => ({ status: 503, body: 'down' }));
    const deployment = await deploy(make);
    await put(deployment);
    await aws.clock.advance(Duration.hours(3));

    expect(aws.firehose.captured().length).toBeGreaterThanOrEqual(2);
    const objects = await backedUp(deployment);
    expect(objects).toHaveLength(1);
    expect(objects[0]).toContain(Buffer.from(record).toString('base64'));
  });
});
