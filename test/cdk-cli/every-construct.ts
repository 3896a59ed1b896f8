import { App, Duration, RemovalPolicies, Stack } from 'aws-cdk-lib';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AnalyticsCode,
  BucketEvents,
  DecoupledTiers,
  Destination,
  FanOut,
  InstanceWriteBuffer,
  KclApplication,
  MobilePush,
  Processor,
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
import { databaseIn, itemsSink, itemsTable, ordersSink } from '../constructs/fixtures';
import type { Release } from './app-lifecycle';

/**
 * An app with every construct of the library that needs no broker, each in a stack of its own beside one with what they share.
 *
 * All of it goes when a stack goes, also what the constructs retain by default.
 */
export function everyConstruct(release: Release, outdir: string): App {
  const app = new App({ outdir });
  const isSecond = release === 'second';
  const shared = new Stack(app, 'Shared');
  const database = databaseIn(shared);
  const accessPoint = new efs.FileSystem(shared, 'Files', { vpc: database.vpc }).addAccessPoint(
    'Videos',
    { posixUser: { uid: '1001', gid: '1001' } },
  );

  const queues = new Stack(app, 'WorkQueues');
  const encryptionKey = new kms.Key(queues, 'Key', { enableKeyRotation: true });
  new WorkQueue(queues, 'Plain', { consumerTimeout: Duration.seconds(isSecond ? 40 : 20) });
  new WorkQueue(queues, 'Full', {
    queueName: 'full.fifo',
    fifo: true,
    contentBasedDeduplication: isSecond,
    consumerTimeout: Duration.seconds(20),
    encryptionKey,
    alarmTopic: new sns.Topic(queues, 'Alarms'),
  });

  const buffers = new Stack(app, 'WriteBuffers');
  new WriteBuffer(buffers, 'Plain', {
    sink: ordersSink(database, { connectionBudget: isSecond ? 6 : 4 }),
  });
  new WriteBuffer(buffers, 'Fifo', {
    sink: ordersSink(database),
    fifo: true,
    outageTolerance: Duration.hours(isSecond ? 12 : 6),
  });
  new WriteBuffer(buffers, 'DynamoDb', {
    sink: itemsSink(itemsTable(buffers), { writeConcurrency: isSecond ? 20 : 10 }),
  });
  const own = new lambda.Function(buffers, 'Own', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
    reservedConcurrentExecutions: 10,
    timeout: Duration.seconds(10),
  });
  new WriteBuffer(buffers, 'Function', {
    sink: Sink.function(own, { maxConcurrency: isSecond ? 10 : 5 }),
  });

  const fanOuts = new Stack(app, 'FanOuts');
  const bucket = new s3.Bucket(fanOuts, 'Bucket');
  const orders = new FanOut(fanOuts, 'Orders');
  orders.addQueue('Invoices', {
    filterPolicy: { kind: isSecond ? ['order', 'refund'] : ['order'] },
  });
  orders.addFunction('Notify', own);
  orders.addBucketSource(bucket, { prefix: 'orders/' });
  new FanOut(fanOuts, 'Ordered', { fifo: true }).addQueue('Queue');
  new BucketEvents(fanOuts, 'BucketEvents', { bucket }).toQueue(
    new WorkQueue(fanOuts, 'Photos').queue,
    { prefix: 'photos/', suffix: isSecond ? '.png' : '.jpg' },
  );

  const streams = new Stack(app, 'Streams');
  const clicks = new StreamDelivery(streams, 'Clicks', {
    source: Source.stream({ shardCount: 1, retentionPeriod: Duration.hours(isSecond ? 48 : 24) }),
    destination: Destination.s3({
      bucket: new s3.Bucket(streams, 'Records'),
      bufferingInterval: Duration.minutes(isSecond ? 1 : 5),
    }),
    processors: [Processor.jsonRecords({ removeFields: isSecond ? ['ip', 'agent'] : ['ip'] })],
  });
  const news = new FanOut(streams, 'News');
  news.addArchive('Archive', new s3.Bucket(streams, 'Archive'));
  if (clicks.stream === undefined) throw new Error('unreachable: a stream is its source');
  const { stream } = clicks;
  new StreamConsumer(streams, 'Consumer', {
    stream,
    function: own,
    enhancedFanOut: true,
    batchSize: isSecond ? 200 : 100,
  });
  new KclApplication(streams, 'Kcl', { stream, applicationName: 'counter' });
  new StreamEndpoint(streams, 'Endpoint', { vpc: database.vpc, streams: [stream] });
  new StreamDataEvents(streams, 'DataEvents', { streams: [stream] });
  new StreamAnalytics(streams, 'Analytics', {
    code: AnalyticsCode.fromBucket(
      s3.Bucket.fromBucketName(streams, 'Programs', 'programs'),
      'a.jar',
    ),
    inputs: [stream],
    parallelism: isSecond ? 2 : 1,
  });
  new VideoIngest(streams, 'Video', { retentionPeriod: Duration.hours(isSecond ? 48 : 24) });

  const pushes = new Stack(app, 'MobilePushes');
  new MobilePush(pushes, 'Push', {
    platform: PushPlatform.fcm({ serviceAccountKey: new Secret(pushes, 'Firebase') }),
    secretVersion: release,
    successFeedbackSampleRate: isSecond ? 10 : 0,
  });

  const workers = new Stack(app, 'Workers');
  const program = WorkerProgram.directory({ path: __dirname, command: ['node', 'worker.js'] });
  const jobs = new WorkQueue(workers, 'Jobs');
  const fileSystem = { accessPoint, mountPath: isSecond ? '/mnt/results' : '/mnt/videos' };
  new QueueWorkers(workers, 'Steps', {
    vpc: database.vpc,
    queue: jobs.queue,
    program,
    minCapacity: 0,
    maxCapacity: isSecond ? 4 : 2,
    fileSystem,
  });
  new QueueWorkers(workers, 'Backlog', {
    vpc: database.vpc,
    queue: jobs.queue,
    program,
    minCapacity: 0,
    scaling: Scaling.backlogPerInstance({
      acceptableLatency: Duration.minutes(isSecond ? 20 : 10),
      timePerMessage: Duration.seconds(5),
    }),
  });
  new InstanceWriteBuffer(workers, 'Orders', {
    vpc: database.vpc,
    sink: ordersSink(database, { connectionBudget: isSecond ? 4 : 2 }),
    minCapacity: 0,
    fileSystem,
  });
  new DecoupledTiers(workers, 'Tiers', {
    vpc: database.vpc,
    frontEnd: { program, requestsPerInstance: isSecond ? 2_000 : 1_000, fileSystem },
    backEnd: { program, minCapacity: 0, fileSystem },
  });

  RemovalPolicies.of(app).destroy();
  return app;
}
