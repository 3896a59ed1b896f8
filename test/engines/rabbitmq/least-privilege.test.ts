import { CfnOutput } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RabbitMqBroker } from 'cdk-decouple';
import { everyRightCounts } from '../../least-privilege/variants';
import { openAsAdministrator } from './administrator';

everyRightCounts('a single node, whose logs are kept for ever', {
  spared: { 'logs:DisassociateKmsKey': 'for a key that an update takes away' },
  build(stack) {
    const broker = new RabbitMqBroker(stack, 'Broker', {
      vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 }),
      cluster: false,
      logRetention: RetentionDays.INFINITE,
    });
    new CfnOutput(stack, 'Secret', { value: broker.adminSecret.secretArn });
    new CfnOutput(stack, 'Endpoint', { value: broker.amqpEndpoint });
  },
  async works(aws, deployment) {
    const connection = await openAsAdministrator(
      aws,
      deployment.output('Endpoint'),
      deployment.output('Secret'),
    );
    await connection.close();
    return true;
  },
});
