import { readFile } from 'node:fs/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { CfnOutput } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, type IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ActiveStandbyBroker, BrokerProtocol } from 'cdk-decouple';
import { close, connectToAny } from '../../../demo/broker/amqp-connection';
import { sessionOf } from '../../least-privilege/session';
import { everyRightCounts } from '../../least-privilege/variants';

everyRightCounts('an encrypted pair with a client', {
  spared: { 'logs:DisassociateKmsKey': 'for a key that an update takes away' },
  build(stack) {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const broker = new ActiveStandbyBroker(stack, 'Broker', {
      vpc,
      users: { shop: {} },
      encryptionKey: new Key(stack, 'Key'),
    });
    const role = new Role(stack, 'Client', { assumedBy: new AccountRootPrincipal() });
    const client: ec2.IConnectable & IGrantable = {
      connections: new ec2.Connections({
        securityGroups: [new ec2.SecurityGroup(stack, 'ClientGroup', { vpc })],
      }),
      grantPrincipal: role,
    };
    broker.grantConnect(client, 'shop', BrokerProtocol.AMQP);
    new CfnOutput(stack, 'Role', { value: role.roleArn });
    new CfnOutput(stack, 'Secret', { value: broker.secretOf('shop').secretArn });
    new CfnOutput(stack, 'Endpoints', {
      value: broker.endpoints(BrokerProtocol.AMQP).join(','),
    });
  },
  async works(aws, deployment) {
    const account = await sessionOf(aws, deployment.output('Role'));
    const { SecretString = '' } = await aws
      .client(SecretsManager, { account })
      .getSecretValue({ SecretId: deployment.output('Secret') });
    const connection = connectToAny({
      ...JSON.parse(SecretString),
      endpoints: deployment.output('Endpoints').split(','),
      ca: await readFile(await aws.certificateAuthorityFile(), 'utf8'),
    });
    const isTaken = await new Promise<boolean>((resolve) => {
      const sender = connection.open_sender({ target: { address: 'orders' } });
      sender.once('sendable', () => sender.send({ body: 'the order 1', durable: true }));
      sender.once('accepted', () => resolve(true));
      sender.once('sender_error', () => resolve(false));
    });
    await close(connection);
    return isTaken;
  },
});
