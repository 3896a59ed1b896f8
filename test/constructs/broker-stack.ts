import { type App, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  ActiveMqConfiguration,
  ActiveMqVersion,
  ActiveStandbyBroker,
  Authorization,
  BrokerProtocol,
  DeadLetterStrategy,
  DestinationPolicy,
  RedeliveryPolicy,
  Weekday,
} from 'cdk-decouple';

/** The brokers, in a stack of their own: each construct with defaults only, and with everything. */
export function brokerStack(app: App, vpc: ec2.IVpc, { env }: StackProps): Stack {
  const stack = new Stack(app, 'Brokers', { env });
  const encryptionKey = new kms.Key(stack, 'BrokersKey', { enableKeyRotation: true });
  const alarmTopic = new sns.Topic(stack, 'BrokersAlarms', {
    masterKey: encryptionKey,
    enforceSSL: true,
  });
  const users = { admin: { consoleAccess: true } };
  new ActiveStandbyBroker(stack, 'PlainPair', { vpc, users });
  const pair = new ActiveStandbyBroker(stack, 'FullPair', {
    vpc,
    users: { shop: { groups: ['shops'] }, invoices: { groups: ['invoices'] } },
    brokerName: 'full',
    engineVersion: ActiveMqVersion.V5_18,
    instanceType: new ec2.InstanceType('m5.xlarge'),
    configuration: ActiveMqConfiguration.of({
      queues: ['orders'],
      policies: [
        DestinationPolicy.queue('orders', {
          deadLetters: DeadLetterStrategy.individual({ expiration: Duration.days(14) }),
        }),
      ],
      redelivery: [RedeliveryPolicy.queue('orders')],
      authorization: [
        Authorization.queue('>', { read: ['invoices'], write: ['shops'], admin: ['shops'] }),
      ],
    }),
    maintenanceWindow: { day: Weekday.SUNDAY, time: '02:00' },
    logRetention: logs.RetentionDays.ONE_YEAR,
    logEncryptionKey: encryptionKey,
    encryptionKey,
    alarmThresholds: { storePercent: 50 },
    alarmTopic,
  });
  const shop = new ec2.SecurityGroup(stack, 'Shop', { vpc, allowAllOutbound: false });
  pair.allowFrom(shop, BrokerProtocol.AMQP, BrokerProtocol.OPENWIRE);
  return stack;
}
