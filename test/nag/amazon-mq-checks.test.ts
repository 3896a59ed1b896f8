import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnBroker, type CfnBrokerProps } from 'aws-cdk-lib/aws-amazonmq';
import { AmazonMqChecks } from 'cdk-decouple/nag';
import { exampleApp } from '../constructs/example-app';

const good: CfnBrokerProps = {
  brokerName: 'orders',
  deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
  engineType: 'ACTIVEMQ',
  engineVersion: '5.19',
  hostInstanceType: 'mq.m5.large',
  publiclyAccessible: false,
  autoMinorVersionUpgrade: true,
  logs: { general: true, audit: true },
  storageType: 'EFS',
};

function found(changes: Partial<CfnBrokerProps>, acknowledged?: string): string[] {
  const app = new App();
  const broker = new CfnBroker(new Stack(app, 'Test'), 'Broker', { ...good, ...changes });
  if (acknowledged) Validations.of(broker).acknowledge({ id: acknowledged, reason: 'a test' });
  return new AmazonMqChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
}

test.each<[string, Partial<CfnBrokerProps>]>([
  ['a pair as it should be', {}],
  ['a pair that leaves the storage to Amazon MQ', { storageType: undefined }],
  ['a single broker on EBS', { deploymentMode: 'SINGLE_INSTANCE', storageType: 'EBS' }],
  ['a version that Amazon MQ picks', { engineVersion: undefined }],
  [
    'RabbitMQ, which has no audit log',
    { engineType: 'RabbitMQ', engineVersion: '4.2', logs: { general: true } },
  ],
])('finds nothing in %s', (_name, changes) => {
  expect(found(changes)).toEqual([]);
});

test.each<[string, Partial<CfnBrokerProps>, string]>([
  ['a public address', { publiclyAccessible: true }, 'AmazonMQ-MQ1'],
  ['no logs', { logs: undefined }, 'AmazonMQ-MQ2'],
  ['no audit log', { logs: { general: true } }, 'AmazonMQ-MQ2'],
  ['no general log', { logs: { audit: true } }, 'AmazonMQ-MQ2'],
  ['no patches', { autoMinorVersionUpgrade: false }, 'AmazonMQ-MQ3'],
  ['a pair on EBS', { storageType: 'EBS' }, 'AmazonMQ-MQ4'],
  ['ActiveMQ 5.16', { engineVersion: '5.16.7' }, 'AmazonMQ-MQ5'],
  ['RabbitMQ 3.12', { engineType: 'RABBITMQ', engineVersion: '3.12' }, 'AmazonMQ-MQ5'],
])('finds %s', (_name, changes, rule) => {
  expect(found(changes)).toEqual([rule]);
});

test('is content where somebody has said why', () => {
  expect(found({ publiclyAccessible: true }, 'AmazonMQ-MQ1')).toEqual([]);
});

test('finds nothing in the brokers of this package', () => {
  const { app } = exampleApp();

  expect(new AmazonMqChecks(app).validateScope(app).violations).toEqual([]);
});
