import { Firehose } from '@aws-sdk/client-firehose';
import { Duration, RemovalPolicy, SecretValue, type Stack } from 'aws-cdk-lib';
import { Domain } from 'aws-cdk-lib/aws-opensearchservice';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Destination, type IDestination, Source, StreamDelivery } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

let bench: AlarmBench | undefined;
afterEach(() => bench?.aws.stop());

type Make = (stack: Stack, backup: { readonly bucket: s3.IBucket }) => IDestination;

const bufferingInterval = Duration.minutes(1);
const retryDuration = Duration.hours(2);

function secretOf(stack: Stack, name: string): Secret {
  return new Secret(stack, 'Secret', {
    secretObjectValue: { [name]: SecretValue.unsafePlainText('secret') },
  });
}

/** With what its alarms on freshness and success say while it is down. */
const destinations: readonly [string, Make, states: readonly string[]][] = [
  [
    'an HTTP endpoint',
    (stack, backup) =>
      Destination.http({
        url: 'https://intake.example.com/in',
        accessKey: secretOf(stack, 'api_key'),
        bufferingInterval,
        retryDuration,
        backup,
      }),
    ['ALARM', 'ALARM'],
  ],
  [
    'Splunk',
    (stack, backup) =>
      Destination.splunk({
        hecEndpoint: 'https://splunk.example.com:8088',
        hecToken: secretOf(stack, 'hec_token'),
        bufferingInterval,
        retryDuration,
        backup,
      }),
    ['ALARM', 'ALARM'],
  ],
  [
    'Redshift',
    (stack, { bucket }) =>
      Destination.redshift({
        jdbcUrl: 'jdbc:redshift://shop.us-east-1.redshift.amazonaws.com:5439/shop',
        credentials: new Secret(stack, 'Secret', {
          secretObjectValue: {
            username: SecretValue.unsafePlainText('firehose'),
            password: SecretValue.unsafePlainText('secret'),
          },
        }),
        table: 'clicks',
        objects: { bucket, bufferingInterval },
        retryDuration,
      }),
    // Freshness is that of the objects, which are there.
    ['OK', 'ALARM'],
  ],
  [
    'OpenSearch',
    (stack, backup) =>
      Destination.openSearch({
        domain: Domain.fromDomainAttributes(stack, 'Domain', {
          domainArn: 'arn:aws:es:us-east-1:000000000000:domain/clicks',
          domainEndpoint: 'search-clicks.us-east-1.es.amazonaws.com',
        }),
        indexName: 'clicks',
        bufferingInterval,
        retryDuration,
        backup,
      }),
    ['ALARM', 'ALARM'],
  ],
  [
    'OpenSearch Serverless',
    (_stack, backup) =>
      Destination.openSearchServerless({
        collection: {
          name: 'clicks',
          arn: 'arn:aws:aoss:us-east-1:000000000000:collection/abc',
          endpoint: 'https://abc.us-east-1.aoss.amazonaws.com',
        },
        indexName: 'clicks',
        bufferingInterval,
        retryDuration,
        backup,
      }),
    ['ALARM', 'ALARM'],
  ],
];

test.each(destinations)(
  'the alarms of a delivery to %s go off when it is down, and end when it is up',
  async (_name, make, whileDown) => {
    const [aws, delivery] = await AlarmBench.deploy((stack) => {
      const bucket = new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
      return new StreamDelivery(stack, 'Delivery', {
        source: Source.directPut(),
        destination: make(stack, { bucket }),
        maxFreshness: Duration.minutes(5),
      });
    });
    bench = aws;
    const { freshness, success } = delivery.alarms;
    const states = async () => [await aws.state(freshness), await aws.state(success)];
    const client = aws.aws.client(Firehose);
    const minutes = async (count: number) => {
      for (let i = 0; i < count; i += 1) {
        await client.putRecord({
          DeliveryStreamName: aws.idOf(delivery.deliveryStream),
          Record: { Data: Buffer.from('{"a":1}') },
        });
        await aws.minutes(1);
      }
    };

    await minutes(6);
    expect(await states()).toEqual(['OK', 'OK']);
    const mend = aws.aws.firehose.answer('*', () => ({ status: 503, body: 'down' }));
    await minutes(20);
    expect(await states()).toEqual(whileDown);
    mend();
    await minutes(25);
    expect(await states()).toEqual(['OK', 'OK']);
  },
);
