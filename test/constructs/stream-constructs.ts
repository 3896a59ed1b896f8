import { Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Domain } from 'aws-cdk-lib/aws-opensearchservice';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import {
  AnalyticsCode,
  Deaggregation,
  Destination,
  FailureDestination,
  FanOut,
  Format,
  type IDestination,
  KclApplication,
  Partitioning,
  Processor,
  ProducerGrants,
  Source,
  StreamAnalytics,
  StreamConsumer,
  StreamDataEvents,
  StreamDelivery,
  StreamEndpoint,
  VideoIngest,
} from 'cdk-decouple';

/** A delivery with defaults only, one with everything, and one to each destination. */
export function streamDeliveries(
  stack: Stack,
  encryptionKey: kms.IKey,
  alarmTopic: sns.ITopic,
): void {
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Records', {
    bucketName: 'records-of-somebody',
    encryptionKey,
  });
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'VendorSecret', 'vendor');
  const backup = { bucket, prefix: 'backup/' };
  new StreamDelivery(stack, 'PlainDelivery', { destination: Destination.s3({ bucket }) });
  new StreamDelivery(stack, 'FullDelivery', {
    destination: Destination.s3({
      bucket,
      prefix: 'customer=!{partitionKeyFromQuery:customer}/',
      partitioning: Partitioning.byQuery(
        { customer: '.customer' },
        { deaggregation: Deaggregation.json() },
      ),
      format: Format.parquet({ databaseName: 'web', tableName: 'clicks' }),
      encryptionKey,
      backup,
    }),
    source: Source.stream({
      streamName: 'full',
      shardCount: 2,
      retentionPeriod: Duration.days(7),
      encryptionKey,
      shardLevelMetrics: [kinesis.ShardLevelMetrics.ALL],
      maxRecordSizeKiB: 10_240,
    }),
    processors: [Processor.jsonRecords({ removeFields: ['ip'] })],
    deliveryStreamName: 'full',
    logs: { encryptionKey },
    alarmTopic,
  });
  const destinations: Record<string, IDestination> = {
    Http: Destination.http({ url: 'https://example.com/in', accessKey: secret, backup }),
    Splunk: Destination.splunk({
      hecEndpoint: 'https://splunk.example.com:8088',
      hecToken: secret,
      backup,
    }),
    Redshift: Destination.redshift({
      jdbcUrl: 'jdbc:redshift://shop.eu-west-1.redshift.amazonaws.com:5439/shop',
      credentials: secret,
      table: 'clicks',
      objects: { bucket },
    }),
    OpenSearch: Destination.openSearch({
      domain: Domain.fromDomainEndpoint(
        stack,
        'Domain',
        'https://search-clicks-abc.eu-west-1.es.amazonaws.com',
      ),
      indexName: 'clicks',
      backup,
    }),
    OpenSearchServerless: Destination.openSearchServerless({
      collection: {
        name: 'clicks',
        arn: 'arn:aws:aoss:eu-west-1:123456789012:collection/abc',
        endpoint: 'https://abc.eu-west-1.aoss.amazonaws.com',
      },
      indexName: 'clicks',
      backup,
    }),
  };
  const topic = new FanOut(stack, 'DeliveredFanOut');
  topic.addArchive('Archive', bucket);
  for (const [name, destination] of Object.entries(destinations)) {
    const delivery = new StreamDelivery(stack, `${name}Delivery`, {
      destination,
      source: Source.directPut({ encryptionKey }),
      alarmTopic,
    });
    topic.addDelivery(name, delivery);
  }
}

/** Everything that reads streams, with defaults only and with everything, and video. */
export function streamConsumers(
  stack: Stack,
  vpc: ec2.IVpc,
  encryptionKey: kms.IKey,
  alarmTopic: sns.ITopic,
): void {
  const stream = new kinesis.Stream(stack, 'ReadStream', {
    encryption: kinesis.StreamEncryption.MANAGED,
  });
  const imported = lambda.Function.fromFunctionAttributes(stack, 'Reader', {
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:reader',
    role: iam.Role.fromRoleArn(stack, 'ReaderRole', 'arn:aws:iam::123456789012:role/reader'),
    sameEnvironment: true,
  });
  const bucket = s3.Bucket.fromBucketName(stack, 'Programs', 'programs-of-somebody');
  new StreamConsumer(stack, 'PlainConsumer', { stream, function: imported });
  new StreamConsumer(stack, 'FullConsumer', {
    stream,
    function: imported,
    enhancedFanOut: true,
    filters: [{ data: { kind: ['order'] } }],
    encryptionKey,
    alarmTopic,
  });
  new StreamConsumer(stack, 'BucketConsumer', {
    stream,
    function: imported,
    onFailure: FailureDestination.bucket(bucket),
  });
  const runner = new iam.Role(stack, 'Runner', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  new KclApplication(stack, 'KclApplication', {
    stream,
    applicationName: 'counter',
    encryptionKey,
    alarmTopic,
  }).grantRun(runner);
  ProducerGrants.kpl(stream, runner);
  new StreamEndpoint(stack, 'StreamEndpoint', { vpc, streams: [stream] });
  new StreamDataEvents(stack, 'StreamDataEvents', { streams: [stream] });
  const code = AnalyticsCode.fromBucket(bucket, 'sessions.jar', '1');
  new StreamAnalytics(stack, 'PlainAnalytics', { code });
  new StreamAnalytics(stack, 'FullAnalytics', {
    code,
    applicationName: 'sessions',
    inputs: [stream],
    outputs: [stream],
    properties: { Input: { stream: stream.streamName } },
    vpc,
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-12345678')],
    logEncryptionKey: encryptionKey,
    alarmTopic,
  });
  new VideoIngest(stack, 'PlainVideo').grantIngest(runner);
  new VideoIngest(stack, 'FullVideo', {
    streamName: 'gate',
    retentionPeriod: Duration.days(7),
    encryptionKey,
    alarmTopic,
  }).grantPlayback(runner);
}
