import { App, type AppProps, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  BucketEvents,
  FanOut,
  MobilePush,
  PushPlatform,
  WorkQueue,
  WriteBuffer,
} from 'cdk-decouple';
import { brokerStack } from './broker-stack';

import { databaseIn, itemsSink, itemsTable, ordersSink } from './fixtures';
import { instanceStack } from './instance-stack';
import { streamConsumers, streamDeliveries } from './stream-constructs';

const env = { account: '123456789012', region: 'eu-west-1' };

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
  const instances = instanceStack(app, { database, table, env });
  const brokers = brokerStack(app, database.vpc, { env });
  return { app, stacks: [stack, instances, brokers] };
}
