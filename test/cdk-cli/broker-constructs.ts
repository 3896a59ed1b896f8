import { App, Duration, RemovalPolicies, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  ActiveMqConfiguration,
  ActiveStandbyBroker,
  BrokerProtocol,
  DeadLetterStrategy,
  DestinationPolicy,
  RabbitMqBroker,
} from 'cdk-decouple';
import type { Release } from './app-lifecycle';

/** The app in `bin` that needs ActiveMQ. */
export const appOfActiveMq = 'order-broker';

/** An app with every construct of the library that needs ActiveMQ. */
export function activeMqConstructs(release: Release, outdir: string): App {
  const { app, stack, vpc } = appWithVpc('ActiveMq', outdir);
  const isSecond = release === 'second';
  const broker = new ActiveStandbyBroker(stack, 'Broker', {
    vpc,
    users: {
      shop: { groups: isSecond ? ['shops', 'warehouses'] : ['shops'] },
      ...(isSecond && { warehouse: { groups: ['warehouses'] } }),
    },
    ...(isSecond && { logEncryptionKey: new kms.Key(stack, 'LogKey') }),
    configuration: ActiveMqConfiguration.of({
      policies: [
        DestinationPolicy.queue('>', {
          deadLetters: DeadLetterStrategy.individual({
            expiration: Duration.days(isSecond ? 14 : 7),
          }),
        }),
      ],
    }),
  });
  broker.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), BrokerProtocol.AMQP);
  return app;
}

/** An app with every construct of the library that needs RabbitMQ. */
export function rabbitMqConstructs(release: Release, outdir: string): App {
  const { app, stack, vpc } = appWithVpc('RabbitMq', outdir);
  const isSecond = release === 'second';
  new RabbitMqBroker(stack, 'Broker', {
    vpc,
    configuration: { consumer_timeout: isSecond ? 3_600_000 : 1_800_000 },
    ...(isSecond && { logEncryptionKey: new kms.Key(stack, 'LogKey') }),
  });
  return app;
}

function appWithVpc(id: string, outdir: string) {
  const app = new App({ outdir });
  const stack = new Stack(app, id);
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    natGateways: 0,
  });
  RemovalPolicies.of(app).destroy();
  return { app, stack, vpc };
}
