import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Domain } from 'aws-cdk-lib/aws-opensearchservice';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  BackedUpRecords,
  DatadogEndpoint,
  Destination,
  type HttpDestinationOptions,
  type IDestination,
  IndexRotation,
  NewRelicEndpoint,
  type OpenSearchOptions,
  Processor,
  type RedshiftOptions,
  Source,
  type SplunkOptions,
  StreamDelivery,
} from 'cdk-decouple';
import { deliveryStreamOf, failuresOf } from './fixtures';

/** What every destination of a test may need. */
function needs() {
  const stack = new Stack(new App(), 'Test', {
    env: { account: '123456789012', region: 'eu-west-1' },
  });
  const bucket = new s3.Bucket(stack, 'Bucket');
  const secret = new Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') });
  const domain = Domain.fromDomainAttributes(stack, 'Domain', {
    domainArn: 'arn:aws:es:eu-west-1:123456789012:domain/clicks',
    domainEndpoint: 'search-clicks.eu-west-1.es.amazonaws.com',
  });
  return { stack, bucket, secret, domain, backup: { bucket } };
}

type Needs = ReturnType<typeof needs>;

function templateOf(make: (given: Needs) => IDestination): Template {
  const given = needs();
  new StreamDelivery(given.stack, 'Clicks', {
    destination: make(given),
    source: Source.directPut(),
    processors: [Processor.appendNewline()],
  });
  return Template.fromStack(given.stack);
}

const http = (changes: Partial<HttpDestinationOptions> = {}) => {
  return ({ backup, secret }: Needs) =>
    Destination.http({ url: 'https://example.com/in', accessKey: secret, backup, ...changes });
};
const splunk = (changes: Partial<SplunkOptions> = {}) => {
  return ({ backup, secret }: Needs) =>
    Destination.splunk({
      hecEndpoint: 'https://splunk.example.com:8088',
      hecToken: secret,
      backup,
      ...changes,
    });
};
const openSearch = (changes: Partial<OpenSearchOptions> = {}) => {
  return ({ backup, domain }: Needs) =>
    Destination.openSearch({ domain, indexName: 'clicks', backup, ...changes });
};
const redshift = (changes: Partial<RedshiftOptions> = {}) => {
  return ({ bucket, secret }: Needs) =>
    Destination.redshift({
      jdbcUrl: 'jdbc:redshift://shop.eu-west-1.redshift.amazonaws.com:5439/shop',
      credentials: secret,
      table: 'clicks',
      objects: { bucket, prefix: 'clicks/' },
      ...changes,
    });
};
const serverless = ({ backup }: Needs) =>
  Destination.openSearchServerless({
    collection: {
      name: 'clicks',
      arn: 'arn:aws:aoss:eu-west-1:123456789012:collection/abc',
      endpoint: 'https://abc.eu-west-1.aoss.amazonaws.com',
    },
    indexName: 'clicks',
    backup,
  });

describe('every destination', () => {
  test.each<[string, (given: Needs) => IDestination, string]>([
    ['HTTP', http(), 'HttpEndpointDestinationConfiguration'],
    ['Splunk', splunk(), 'SplunkDestinationConfiguration'],
    ['OpenSearch', openSearch(), 'AmazonopensearchserviceDestinationConfiguration'],
    ['OpenSearch Serverless', serverless, 'AmazonOpenSearchServerlessDestinationConfiguration'],
    ['Redshift', redshift(), 'RedshiftDestinationConfiguration'],
  ])('%s is the only one, logs, and processes records', (_name, make, property) => {
    const properties = deliveryStreamOf(templateOf(make));

    const destinations = Object.keys(properties).filter((name) => name.includes('Destination'));
    expect(destinations).toEqual([property]);
    expect(properties[property]).toMatchObject({
      CloudWatchLoggingOptions: { Enabled: true },
      ProcessingConfiguration: { Processors: [{ Type: 'AppendDelimiterToRecord' }] },
      S3Configuration: { BucketARN: expect.anything(), CompressionFormat: 'GZIP' },
    });
  });

  test.each<[string, (given: Needs) => IDestination, string, string]>([
    ['HTTP', http(), 'DeliveryToHttpEndpoint.DataFreshness', 'DeliveryToHttpEndpoint.Success'],
    ['Splunk', splunk(), 'DeliveryToSplunk.DataFreshness', 'DeliveryToSplunk.Success'],
    [
      'OpenSearch',
      openSearch(),
      'DeliveryToAmazonOpenSearchService.DataFreshness',
      'DeliveryToAmazonOpenSearchService.Success',
    ],
    [
      'OpenSearch Serverless',
      serverless,
      'DeliveryToAmazonOpenSearchServerless.DataFreshness',
      'DeliveryToAmazonOpenSearchServerless.Success',
    ],
    ['Redshift', redshift(), 'DeliveryToS3.DataFreshness', 'DeliveryToRedshift.Success'],
  ])('%s is watched by its own metrics', (_name, make, ...names) => {
    const template = templateOf(make);

    for (const MetricName of names) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName });
    }
  });

  test.each<[string, (given: Needs) => IDestination]>([
    ['HTTP', http()],
    ['Splunk', splunk()],
    ['Redshift', redshift()],
  ])('the credentials of %s are read from a secret, and from no other', (_name, make) => {
    const template = templateOf(make);

    expect(JSON.stringify(deliveryStreamOf(template))).toContain(
      '"SecretsManagerConfiguration":{"Enabled":true',
    );
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'secretsmanager:GetSecretValue',
            Resource: { Ref: Match.stringLikeRegexp('^Secret') },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'kms:Decrypt',
            Principal: {
              AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('DestinationRole'), 'Arn'] },
            },
          }),
        ]),
      },
    });
  });
});

test('an HTTP endpoint gets what it is told', () => {
  const template = templateOf(
    http({
      attributes: { site: 'shop' },
      bufferingInterval: Duration.seconds(10),
      bufferingSize: Size.mebibytes(64),
      gzip: false,
      name: 'Mine',
      retryDuration: Duration.hours(2),
    }),
  );

  expect(deliveryStreamOf(template).HttpEndpointDestinationConfiguration).toMatchObject({
    EndpointConfiguration: { Name: 'Mine', Url: 'https://example.com/in' },
    BufferingHints: { IntervalInSeconds: 10, SizeInMBs: 64 },
    RequestConfiguration: {
      ContentEncoding: 'NONE',
      CommonAttributes: [{ AttributeName: 'site', AttributeValue: 'shop' }],
    },
    RetryOptions: { DurationInSeconds: 7_200 },
    S3BackupMode: 'FailedDataOnly',
  });
});

test.each<[string, (given: Needs) => IDestination, object]>([
  [
    'Datadog',
    ({ backup, secret }) =>
      Destination.datadog({ endpoint: DatadogEndpoint.LOGS_EU, apiKey: secret, backup }),
    {
      EndpointConfiguration: { Name: 'Datadog', Url: DatadogEndpoint.LOGS_EU },
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 4 },
    },
  ],
  [
    'New Relic',
    ({ backup, secret }) =>
      Destination.newRelic({ endpoint: NewRelicEndpoint.LOGS_US, apiKey: secret, backup }),
    {
      EndpointConfiguration: { Name: 'New Relic', Url: NewRelicEndpoint.LOGS_US },
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
    },
  ],
  [
    'MongoDB',
    ({ backup, secret }) =>
      Destination.mongoDb({ url: 'https://example.com/mongo', apiKey: secret, backup }),
    { EndpointConfiguration: { Name: 'MongoDB Cloud', Url: 'https://example.com/mongo' } },
  ],
])('%s is ready-made', (_name, make, expected) => {
  expect(deliveryStreamOf(templateOf(make)).HttpEndpointDestinationConfiguration).toMatchObject({
    ...expected,
    RequestConfiguration: { ContentEncoding: 'GZIP' },
    SecretsManagerConfiguration: { Enabled: true },
  });
});

test('Splunk gets events, and all records are backed up', () => {
  const template = templateOf((given) =>
    splunk({
      events: true,
      acknowledgementTimeout: Duration.minutes(10),
      backup: { bucket: given.bucket, records: BackedUpRecords.ALL },
    })(given),
  );

  expect(deliveryStreamOf(template).SplunkDestinationConfiguration).toMatchObject({
    HECEndpointType: 'Event',
    HECAcknowledgmentTimeoutInSeconds: 600,
    BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 },
    RetryOptions: { DurationInSeconds: 3_600 },
    S3BackupMode: 'AllEvents',
  });
});

test('an index of a domain is begun each day, and the role may write to the domain only', () => {
  const template = templateOf(openSearch());

  expect(deliveryStreamOf(template).AmazonopensearchserviceDestinationConfiguration).toMatchObject({
    DomainARN: 'arn:aws:es:eu-west-1:123456789012:domain/clicks',
    IndexName: 'clicks',
    IndexRotationPeriod: 'OneDay',
    DocumentIdOptions: { DefaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
    S3BackupMode: 'FailedDocumentsOnly',
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['es:ESHttpPost', 'es:ESHttpPut'],
          Resource: 'arn:aws:es:eu-west-1:123456789012:domain/clicks/*',
        }),
      ]),
    },
  });
});

test('an index in a VPC is reached by network interfaces that the role may make', () => {
  const template = templateOf((given) => {
    const vpc = new ec2.Vpc(given.stack, 'Vpc', { maxAzs: 2 });
    return openSearch({
      vpc,
      securityGroups: [new ec2.SecurityGroup(given.stack, 'Group', { vpc })],
      indexRotation: IndexRotation.NONE,
      domainNamesDocuments: true,
    })(given);
  });

  expect(deliveryStreamOf(template).AmazonopensearchserviceDestinationConfiguration).toMatchObject({
    IndexRotationPeriod: 'NoRotation',
    DocumentIdOptions: { DefaultDocumentIdFormat: 'NO_DOCUMENT_ID' },
    VpcConfiguration: {
      SubnetIds: [expect.anything(), expect.anything()],
      SecurityGroupIds: [expect.anything()],
    },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface']) }),
      ]),
    },
  });
});

test('a collection admits the role to the one index', () => {
  const template = templateOf(serverless);
  const [policy] = Object.values(template.findResources('AWS::OpenSearchServerless::AccessPolicy'));

  expect(JSON.stringify(policy?.Properties.Policy)).toContain('index/clicks/clicks');
  expect(policy?.Properties.Name).toMatch(/^[a-z][a-z0-9-]{2,31}$/);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Action: 'aoss:APIAccessAll' })]),
    },
  });
});

test('Redshift copies what is compressed, into the columns that it is told', () => {
  const destination = deliveryStreamOf(templateOf(redshift({ columns: ['id', 'at'] })));

  expect(destination.RedshiftDestinationConfiguration).toMatchObject({
    ClusterJDBCURL: 'jdbc:redshift://shop.eu-west-1.redshift.amazonaws.com:5439/shop',
    CopyCommand: {
      DataTableName: 'clicks',
      DataTableColumns: 'id,at',
      CopyOptions: "JSON 'auto' GZIP",
    },
    RetryOptions: { DurationInSeconds: 3_600 },
  });
  const plain = templateOf((given) =>
    redshift({ objects: { bucket: given.bucket, compression: Compression.UNCOMPRESSED } })(given),
  );
  expect(deliveryStreamOf(plain).RedshiftDestinationConfiguration.CopyCommand.CopyOptions).toBe(
    "JSON 'auto'",
  );
});

describe('fails', () => {
  test.each<[string, (given: Needs) => IDestination, RegExp]>([
    ['an http URL', http({ url: 'http://example.com' }), /url must begin with https:/],
    [
      'a large buffer before HTTP',
      http({ bufferingSize: Size.mebibytes(65) }),
      /bufferingSize must be .* 64 MiB, got 65/,
    ],
    [
      'many attributes',
      http({
        attributes: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, 'b'])),
      }),
      /attributes must be at most 50, got 51/,
    ],
    ['a long retry', http({ retryDuration: Duration.seconds(7_201) }), /retryDuration must be/],
    ['a Splunk without TLS', splunk({ hecEndpoint: 'http://x:8088' }), /hecEndpoint must begin/],
    [
      'a short acknowledgement',
      splunk({ acknowledgementTimeout: Duration.seconds(179) }),
      /acknowledgementTimeout must be .* 180 and 600 seconds/,
    ],
    [
      'a long interval before Splunk',
      splunk({ bufferingInterval: Duration.seconds(61) }),
      /bufferingInterval must be .* 60 seconds/,
    ],
    [
      'a large buffer before Splunk',
      splunk({ bufferingSize: Size.mebibytes(6) }),
      /bufferingSize must be .* 5 MiB/,
    ],
    ['an index in capitals', openSearch({ indexName: 'Clicks' }), /indexName must be lower case/],
    [
      'a large buffer before OpenSearch',
      openSearch({ bufferingSize: Size.mebibytes(101) }),
      /bufferingSize must be .* 100 MiB/,
    ],
    [
      'a VPC without security groups',
      (given) => openSearch({ vpc: new ec2.Vpc(given.stack, 'Vpc') })(given),
      /vpc and securityGroups must be given together/,
    ],
    ['another URL of JDBC', redshift({ jdbcUrl: 'shop:5439' }), /jdbcUrl must be of the form/],
    [
      'a prefix with expressions before Redshift',
      (given) =>
        redshift({ objects: { bucket: given.bucket, prefix: '!{timestamp:yyyy}/' } })(given),
      /objects\.prefix must have no expressions/,
    ],
    [
      'objects that COPY cannot read',
      (given) =>
        redshift({ objects: { bucket: given.bucket, compression: Compression.ZIP } })(given),
      /objects\.compression must be GZIP or UNCOMPRESSED/,
    ],
    [
      'a wrong prefix of the backup',
      (given) => http({ backup: { bucket: given.bucket, prefix: '!{a:b}' } })(given),
      /backup\.prefix must only use the namespaces/,
    ],
  ])('for %s', (_what, make, message) => {
    const failures = failuresOf(() => templateOf(make));

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });
});
