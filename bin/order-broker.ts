import { App, CfnOutput, Duration, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import {
  ActiveMqConfiguration,
  ActiveStandbyBroker,
  Authorization,
  BrokerProtocol,
  DeadLetterStrategy,
  DestinationPolicy,
  RedeliveryPolicy,
} from '../lib';

/**
 * A shop and a warehouse that speak AMQP 1.0 and move to AWS as they are: the shop sends orders to a queue, which the warehouse works off. The broker between
 * them survives the loss of a zone with every order.
 */
export class OrderBrokerStack extends Stack {
  readonly broker: ActiveStandbyBroker;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 0 });

    this.broker = new ActiveStandbyBroker(this, 'Broker', {
      vpc,
      users: { shop: { groups: ['shops'] }, warehouse: { groups: ['warehouses'] } },
      configuration: ActiveMqConfiguration.of({
        queues: ['orders'],
        policies: [
          DestinationPolicy.queue('>', {
            deadLetters: DeadLetterStrategy.individual({ expiration: Duration.days(14) }),
          }),
        ],
        redelivery: [RedeliveryPolicy.queue('orders', { maximumRedeliveries: 4 })],
        authorization: [
          Authorization.queue('orders', { write: ['shops'], read: ['warehouses'] }),
          Authorization.queue('DLQ.>', { read: ['warehouses'], admin: ['warehouses'] }),
        ],
      }),
    });
    this.broker.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), BrokerProtocol.AMQP);

    // A reference app leaves nothing behind.
    RemovalPolicies.of(this).destroy();

    for (const [member, endpoint] of this.broker.endpoints(BrokerProtocol.AMQP).entries()) {
      new CfnOutput(this, `Endpoint${member + 1}`, { value: endpoint });
    }
    new CfnOutput(this, 'FailoverUri', { value: this.broker.failoverUri(BrokerProtocol.AMQP) });
    new CfnOutput(this, 'ShopSecretArn', { value: this.broker.secretOf('shop').secretArn });
    new CfnOutput(this, 'WarehouseSecretArn', {
      value: this.broker.secretOf('warehouse').secretArn,
    });
  }
}

if (require.main === module) {
  new OrderBrokerStack(new App(), 'OrderBroker');
}
