import {
  CloudFormationClient,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { App } from 'aws-cdk-lib';
import { Emulator } from 'cdk-decouple-emulator';
import { SaleDayStack } from '../../bin/sale-day';

test('the sale-day app has not drifted once it is deployed, with tags of its stack too', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    await aws.deploy(new SaleDayStack(new App(), 'SaleDay', { tags: { cost: 'shop' } }));
    const client = aws.client(CloudFormationClient);
    const StackName = 'SaleDay';
    await client.send(new DetectStackDriftCommand({ StackName }));
    const { StackResourceDrifts: found = [] } = await client.send(
      new DescribeStackResourceDriftsCommand({ StackName }),
    );
    expect(found.filter((one) => one.StackResourceDriftStatus !== 'IN_SYNC')).toEqual([]);
    const types = new Set(found.map(({ ResourceType: type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining([
        'AWS::IAM::Role',
        'AWS::Lambda::EventSourceMapping',
        'AWS::Lambda::Function',
        'AWS::Logs::LogGroup',
        'AWS::RDS::DBCluster',
        'AWS::RDS::DBInstance',
        'AWS::SQS::Queue',
        'AWS::SecretsManager::Secret',
        'AWS::SecretsManager::SecretTargetAttachment',
      ]),
    );
  } finally {
    await aws.stop();
  }
});
