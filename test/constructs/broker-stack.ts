import { type App, Duration, Size, Stack, type StackProps } from 'aws-cdk-lib';
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
  RabbitMqBroker,
  RabbitMqVersion,
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
  new RabbitMqBroker(stack, 'PlainRabbit', {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'ThreeZones', {
      vpcId: 'vpc-12345678',
      availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      privateSubnetIds: ['subnet-11111111', 'subnet-22222222', 'subnet-33333333'],
      privateSubnetRouteTableIds: ['rtb-11111111', 'rtb-22222222', 'rtb-33333333'],
    }),
  });
  new RabbitMqBroker(stack, 'FullRabbit', {
    vpc,
    cluster: false,
    brokerName: 'rabbit',
    engineVersion: RabbitMqVersion.V3_13,
    instanceType: new ec2.InstanceType('m7g.medium'),
    storageSize: Size.gibibytes(10),
    adminUsername: 'owner',
    configuration: { consumer_timeout: 1_800_000 },
    maintenanceWindow: { day: Weekday.SUNDAY, time: '02:00' },
    logEncryptionKey: encryptionKey,
    alarmTopic,
  }).allowFrom(shop);
  return stack;
}
