import { readFile } from 'node:fs/promises';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { CfnBroker, type CfnBrokerProps, CfnConfiguration } from 'aws-cdk-lib/aws-amazonmq';
import type { Deployment, Emulator, ManualClock } from '../../../src';
import type { Credentials } from './stomp-client';

/** The user of every broker here. */
const user = { username: 'shop', password: 'a long password' };

/**
 * A stack with one broker, and its endpoints as outputs.
 *
 * @param configuration - XML. @default - that of Amazon MQ
 */
export function brokerStack(props: Partial<CfnBrokerProps> = {}, configuration?: string): Stack {
  const stack = new Stack(new App(), 'Shop');
  const own =
    configuration === undefined
      ? undefined
      : new CfnConfiguration(stack, 'Configuration', {
          data: Buffer.from(configuration).toString('base64'),
          engineType: 'ACTIVEMQ',
          engineVersion: '5.18',
          name: 'orders',
        });
  const broker = new CfnBroker(stack, 'Broker', {
    brokerName: 'orders',
    deploymentMode: 'SINGLE_INSTANCE',
    engineType: 'ACTIVEMQ',
    engineVersion: '5.18',
    hostInstanceType: 'mq.m5.large',
    publiclyAccessible: false,
    users: [{ ...user, groups: ['apps'] }],
    configuration: own && { id: own.ref, revision: 2 },
    ...props,
  });
  new CfnOutput(stack, 'Id', { value: broker.ref });
  const endpoints = {
    Amqp: broker.attrAmqpEndpoints,
    Mqtt: broker.attrMqttEndpoints,
    OpenWire: broker.attrOpenWireEndpoints,
    Stomp: broker.attrStompEndpoints,
    Wss: broker.attrWssEndpoints,
  };
  for (const [name, value] of Object.entries(endpoints))
    new CfnOutput(stack, name, { value: Fn.join(',', value) });
  return stack;
}

/** A stack with an active/standby pair. */
export function pairStack(props: Partial<CfnBrokerProps> = {}): Stack {
  return brokerStack({ deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', storageType: 'EFS', ...props });
}

/** The endpoints of one protocol that a deployment has, the first member's first. */
export function endpointsOf(
  deployment: Deployment,
  protocol: 'Amqp' | 'Mqtt' | 'OpenWire' | 'Stomp' | 'Wss',
): string[] {
  return deployment.output(protocol).split(',');
}

/** What the user of those stacks connects with. */
export async function credentialsOf(aws: Emulator, password = user.password): Promise<Credentials> {
  const ca = await readFile(await aws.certificateAuthorityFile(), 'utf8');
  return { username: user.username, password, ca };
}

/** The greatest value of a broker's metric in the last minute; undefined if there is none. */
export async function latestMaximum(
  aws: Emulator<ManualClock>,
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const now = aws.clock.now();
  const { Datapoints = [] } = await aws.client(CloudWatch).getMetricStatistics({
    Namespace: 'AWS/AmazonMQ',
    MetricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    StartTime: new Date(now - 60_000),
    EndTime: new Date(now + 60_000),
    Period: 60,
    Statistics: ['Maximum'],
  });
  return Datapoints.at(-1)?.Maximum;
}
