import { App, type AppProps, Duration, Size, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Domain } from 'aws-cdk-lib/aws-opensearchservice';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import {
  AnalyticsCode,
  Attribute,
  BucketEvents,
  Column,
  Deaggregation,
  DecoupledTiers,
  Destination,
  type DynamoDbSinkProps,
  FailureDestination,
  FanOut,
  Format,
  type IDestination,
  InstanceWriteBuffer,
  KclApplication,
  MobilePush,
  Partitioning,
  type PostgresSinkProps,
  Processor,
  ProducerGrants,
  PushPlatform,
  QueueWorkers,
  Scaling,
  Sink,
  Source,
  StreamAnalytics,
  StreamConsumer,
  StreamDataEvents,
  StreamDelivery,
  StreamEndpoint,
  VideoIngest,
  WorkerProgram,
  WorkQueue,
  WriteBuffer,
} from 'cdk-decouple';
import { brokerStack } from './broker-stack';

/** The sets of feature flags that the constructs are tested with. */
export const FLAG_SETS: ReadonlyArray<readonly [string, AppProps['context']]> = [
  ['no feature flags', {}],
  ['the recommended feature flags', recommendedFlags],
];

const env = { account: '123456789012', region: 'eu-west-1' };

/** An Aurora cluster in its VPC, in a stack of its own. */
export interface Database {
  readonly vpc: ec2.Vpc;
  readonly cluster: rds.DatabaseCluster;
}

export function databaseIn(stack: Stack): Database {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const cluster = new rds.DatabaseCluster(stack, 'Database', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.VER_16_6,
    }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc,
    defaultDatabaseName: 'shop',
  });
  return { vpc, cluster };
}

/** A valid table sink. */
export function ordersSink(database: Database, changes: Partial<PostgresSinkProps> = {}) {
  return Sink.postgres({
    ...database,
    table: 'orders',
    columns: {
      order_id: '$.orderId',
      amount: '$.amount',
      note: Column.optionalPath('$.note'),
      ordered_at: Column.sentTimestamp(),
    },
    conflictKey: 'order_id',
    ...changes,
  });
}

/** A table that a sink can write to. */
export function itemsTable(stack: Stack, props: Partial<dynamodb.TablePropsV2> = {}) {
  return new dynamodb.TableV2(stack, 'Items', {
    partitionKey: { name: 'order_id', type: dynamodb.AttributeType.STRING },
    ...props,
  });
}

/** A valid sink for {@link itemsTable}. */
export function itemsSink(table: dynamodb.ITable, changes: Partial<DynamoDbSinkProps> = {}) {
  return Sink.dynamoDb({
    table,
    attributes: {
      order_id: '$.orderId',
      amount: Attribute.number('$.amount'),
      note: Attribute.optionalPath('$.note'),
      ordered_at: Attribute.sentTimestamp(),
    },
    ...changes,
  });
}

/**
 * An app with the database and the table in one stack, and in others two of every construct: one with defaults only, one
 * with everything.
 */
export function exampleApp(context: AppProps['context'] = {}): { app: App; stacks: Stack[] } {
  const app = new App({ context });
  const shared = new Stack(app, 'Shared', { env });
  const database = databaseIn(shared);
  const table = itemsTable(shared, {
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(shared, 'TableKey')),
  });
  const stack = new Stack(app, 'Example', { env });
  const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const alarmTopic = new sns.Topic(stack, 'Alarms', { masterKey: encryptionKey, enforceSSL: true });

  new WorkQueue(stack, 'PlainQueue');
  new WorkQueue(stack, 'FullQueue', {
    queueName: 'full.fifo',
    fifo: true,
    contentBasedDeduplication: true,
    consumerTimeout: Duration.seconds(20),
    encryptionKey,
    alarmTopic,
  });
  new WriteBuffer(stack, 'PlainBuffer', { sink: ordersSink(database) });
  new WriteBuffer(stack, 'FullBuffer', {
    sink: ordersSink(database, { logEncryptionKey: encryptionKey, connectionBudget: 40 }),
    fifo: true,
    encryptionKey,
    alarmTopic,
    outageTolerance: Duration.days(1),
  });

  const plain = new FanOut(stack, 'PlainFanOut');
  plain.addQueue('Queue');
  const full = new FanOut(stack, 'FullFanOut', { encryptionKey, alarmTopic });
  full.addQueue('Queue', { filterPolicy: { kind: ['order', { prefix: 'gift-' }] } });
  full.addExistingQueue('Existing', new WorkQueue(stack, 'Existing').queue, {
    filterPolicyWithMessageBody: { order: { total: [{ numeric: ['>', 100] }] } },
  });
  full.addHttpEndpoint('Partner', 'https://partner.example/orders');
  full.addEmail('Mail', 'orders@example.com');
  full.addSms('Phone', '+15551234567');
  full.allowPublisher('cloudWatchAlarms');
  full.allowSubscriptionsOf('210987654321');
  new FanOut(stack, 'FifoFanOut', { fifo: true, encryptionKey }).addQueue('Queue');

  const bucket = s3.Bucket.fromBucketName(stack, 'Files', 'files-of-somebody');
  new BucketEvents(stack, 'BucketEvents', { bucket }).toQueue(
    new WorkQueue(stack, 'FileQueue').queue,
    { prefix: 'orders/' },
  );
  new WriteBuffer(stack, 'PlainItems', { sink: itemsSink(table) });
  new WriteBuffer(stack, 'FullItems', {
    sink: itemsSink(table, {
      logEncryptionKey: encryptionKey,
      versionAttribute: 'ordered_at',
      writeConcurrency: 4,
    }),
    fifo: true,
    encryptionKey,
    alarmTopic,
    outageTolerance: Duration.days(1),
  });

  const secretOf = (name: string) =>
    secretsmanager.Secret.fromSecretNameV2(stack, `${name}Secret`, name);
  new MobilePush(stack, 'PlainPush', {
    platform: PushPlatform.fcm({ serviceAccountKey: secretOf('Firebase') }),
  });
  new MobilePush(stack, 'FullPush', {
    platform: PushPlatform.apns({
      signingKey: secretOf('Apple'),
      keyId: 'ABCDE12345',
      teamId: 'TEAM123456',
      bundleId: 'com.example.shop',
    }),
    applicationName: 'shop',
    secretVersion: '1',
    eventTopic: alarmTopic,
    successFeedbackSampleRate: 10,
    alarmTopic,
  });
  streamDeliveries(stack, encryptionKey, alarmTopic);
  streamConsumers(stack, database.vpc, encryptionKey, alarmTopic);
  const instances = instanceStack(app, { database, table });
  const brokers = brokerStack(app, database.vpc, { env });
  return { app, stacks: [stack, instances, brokers] };
}

/** The constructs with instances, in a stack of their own: one takes 500 resources. */
function instanceStack(
  app: App,
  { database, table }: { readonly database: Database; readonly table: dynamodb.ITable },
): Stack {
  const stack = new Stack(app, 'Instances', { env });
  const encryptionKey = new kms.Key(stack, 'InstancesKey', { enableKeyRotation: true });
  const alarmTopic = new sns.Topic(stack, 'InstancesAlarms', {
    masterKey: encryptionKey,
    enforceSSL: true,
  });
  const bucket = s3.Bucket.fromBucketName(stack, 'Files', 'files-of-somebody');
  const program = WorkerProgram.directory({ path: __dirname, command: ['node', 'worker.js'] });
  new QueueWorkers(stack, 'PlainWorkers', {
    vpc: database.vpc,
    queue: new WorkQueue(stack, 'Jobs').queue,
    program,
  });
  new QueueWorkers(stack, 'FullWorkers', {
    vpc: database.vpc,
    queue: new WorkQueue(stack, 'SecretJobs', { encryptionKey }).queue,
    program,
    instanceType: new ec2.InstanceType('g5.xlarge'),
    diskSize: Size.gibibytes(100),
    minCapacity: 0,
    maxCapacity: 40,
    scaling: Scaling.backlogPerInstance({
      acceptableLatency: Duration.minutes(10),
      timePerMessage: Duration.seconds(2),
    }),
    warmup: Duration.minutes(5),
    terminationTimeout: Duration.minutes(15),
    logEncryptionKey: encryptionKey,
    alarmTopic,
  });
  new InstanceWriteBuffer(stack, 'PlainInstances', {
    vpc: database.vpc,
    sink: ordersSink(database),
  });
  new InstanceWriteBuffer(stack, 'FullInstances', {
    vpc: database.vpc,
    sink: itemsSink(table, { versionAttribute: 'ordered_at', maxConcurrency: 4 }),
    fifo: true,
    encryptionKey,
    alarmTopic,
    logEncryptionKey: encryptionKey,
  });

  new DecoupledTiers(stack, 'PlainTiers', {
    vpc: database.vpc,
    frontEnd: { program },
    backEnd: { program },
  });
  new DecoupledTiers(stack, 'FullTiers', {
    vpc: database.vpc,
    frontEnd: {
      program,
      certificate: Certificate.fromCertificateArn(
        stack,
        'Certificate',
        'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
      ),
      minCapacity: 2,
      maxCapacity: 4,
    },
    backEnd: { program, minCapacity: 0, maxCapacity: 40 },
    bucket,
    encryptionKey,
    alarmTopic,
  });
  return stack;
}

/** A delivery with defaults only, one with everything, and one to each destination. */
function streamDeliveries(stack: Stack, encryptionKey: kms.IKey, alarmTopic: sns.ITopic): void {
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
function streamConsumers(
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
