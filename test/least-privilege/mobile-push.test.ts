import { SNS } from '@aws-sdk/client-sns';
import { CfnOutput, CfnParameter } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { MobilePush, PushPlatform } from 'cdk-decouple';
import { sessionOf } from './session';
import { everyRightCounts } from './variants';

const ownOfSecrets = 'Secrets Manager uses it for what is written: the emulator asks the writer';

everyRightCounts('an app at a push service, made, changed and deleted', {
  spared: {
    DeliveryLogsRole: 'SNS logs deliveries: the emulator keeps the role and logs nothing',
    SecretKey: ownOfSecrets,
  },
  build(stack) {
    const version = new CfnParameter(stack, 'Version', { default: '1' });
    const encryptionKey = new Key(stack, 'SecretKey');
    const push = new MobilePush(stack, 'Push', {
      platform: PushPlatform.fcm({
        serviceAccountKey: new Secret(stack, 'Firebase', { encryptionKey }),
      }),
      applicationName: 'shop',
      secretVersion: version.valueAsString,
    });
    const shop = new Role(stack, 'Shop', { assumedBy: new AccountRootPrincipal() });
    push.grantCreateEndpoint(shop);
    push.grantPublish(shop);
    new CfnOutput(stack, 'Application', { value: push.platformApplicationArn });
    new CfnOutput(stack, 'Role', { value: shop.roleArn });
  },
  async works(aws, deployment, stack) {
    const account = await sessionOf(aws, deployment.output('Role'));
    const shop = aws.client(SNS, { account });
    const { EndpointArn } = await shop.createPlatformEndpoint({
      PlatformApplicationArn: deployment.output('Application'),
      Token: 'of-a-device',
    });
    await shop.publish({ TargetArn: EndpointArn, Message: 'on its way' });
    await aws.clock.settle();
    if (aws.outbox.entries({ protocol: 'application' }).length !== 1) return false;

    await aws.deploy(stack, { parameters: { Version: '2' } });
    await aws.destroy(stack);
    const { PlatformApplications = [] } = await aws.client(SNS).listPlatformApplications({});
    return PlatformApplications.length === 0;
  },
});
