import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { Emulator } from 'cdk-decouple-emulator';
import { PartnerStack, ShopStack } from '../../bin/partner-orders';
import { receiveAll } from './messages';

const shopEnv = { account: '111122223333', region: 'us-east-1' };
const partnerEnv = { account: '444455556666', region: 'eu-west-1' };

function partnerApp(partnerAccount: string): App {
  const app = new App();
  const shop = new ShopStack(app, 'Shop', { env: shopEnv, partnerAccount });
  const partner = new PartnerStack(app, 'Partner', { env: partnerEnv, shop: shopEnv });
  partner.addStackDependency(shop);
  return app;
}

test("one account's topic delivers to another account's queue in another region", async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const deployment = await aws.deploy(partnerApp(partnerEnv.account));
    const publish = (value: string) =>
      aws.client(SNSClient, shopEnv).send(
        new PublishCommand({
          TopicArn: deployment.output('TopicArn'),
          Message: value,
          MessageAttributes: { kind: { DataType: 'String', StringValue: value } },
        }),
      );
    await publish('goods');
    await publish('service');
    await aws.clock.settle();
    const bodies = async (output: string, client: SQSClient) =>
      (await receiveAll(client, deployment.output(output))).map(({ Body }) => Body);
    expect(await bodies('InvoicesUrl', aws.client(SQSClient, shopEnv))).toEqual([
      'goods',
      'service',
    ]);
    expect(await bodies('ParcelsUrl', aws.client(SQSClient, partnerEnv))).toEqual(['goods']);
  } finally {
    await aws.stop();
  }
});

test('an account that the topic does not admit cannot subscribe', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    await expect(aws.deploy(partnerApp('777788889999'))).rejects.toThrow(
      /SNS:Subscribe|sns:Subscribe/,
    );
  } finally {
    await aws.stop();
  }
});
