import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { AuthorizationErrorException, SNS } from '@aws-sdk/client-sns';
import { STS } from '@aws-sdk/client-sts';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { MobilePush, type MobilePushProps, PushPlatform } from 'cdk-decouple';
import { Emulator, type ManualClock } from 'cdk-decouple-emulator';

const credential = '{"type":"service_account","private_key":"not to be seen"}';

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const { ARN } = await aws
    .client(SecretsManager)
    .createSecret({ Name: 'firebase', SecretString: credential });
  secretArn = ARN ?? '';
});
afterEach(() => aws.stop());
let secretArn: string;

const everyGrant = (push: MobilePush, role: iam.Role): void => {
  push.grantCreateEndpoint(role);
  push.grantPublish(role);
};

type Changes = (stack: Stack) => Partial<MobilePushProps>;

/** A stack with the application, and the name of the role that is granted what. */
function app(
  changes: Changes = () => ({}),
  grant: (push: MobilePush, role: iam.Role) => void = () => undefined,
): Stack {
  const stack = new Stack(new App(), 'Push');
  const secret = Secret.fromSecretCompleteArn(stack, 'Key', secretArn);
  const push = new MobilePush(stack, 'Push', {
    platform: PushPlatform.fcm({ serviceAccountKey: secret }),
    applicationName: 'shop',
    ...changes(stack),
  });
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  grant(push, role);
  new CfnOutput(stack, 'ApplicationArn', { value: push.platformApplicationArn });
  new CfnOutput(stack, 'RoleArn', { value: role.roleArn });
  return stack;
}

const attributes = async () => {
  const { PlatformApplications = [] } = await aws.client(SNS).listPlatformApplications({});
  return PlatformApplications;
};

test('a device is registered and gets what is pushed to it', async () => {
  const deployment = await aws.deploy(app());
  const client = aws.client(SNS);
  const { EndpointArn } = await client.createPlatformEndpoint({
    PlatformApplicationArn: deployment.output('ApplicationArn'),
    Token: 'token-of-a-device',
  });
  await client.publish({ TargetArn: EndpointArn, Message: 'your order is on its way' });
  await aws.clock.settle();

  expect(aws.outbox.entries({ protocol: 'application' })).toMatchObject([
    { address: EndpointArn, body: 'your order is on its way' },
  ]);
});

test('the credential is not in the template, the events of the stack or the logs', async () => {
  const stack = app();
  await aws.deploy(stack);
  const logs = aws.client(CloudWatchLogs);
  const { logGroups = [] } = await logs.describeLogGroups({});
  const texts = [JSON.stringify(await attributes())];
  for (const { logGroupName } of logGroups)
    texts.push(JSON.stringify(await logs.filterLogEvents({ logGroupName })));
  expect(logGroups.length).toBeGreaterThan(0);
  expect(texts.join()).not.toContain('not to be seen');
});

test('attributes change in place, a new name makes a new application, and all goes with the stack', async () => {
  const first = await aws.deploy(
    app((stack) => ({ eventTopic: new sns.Topic(stack, 'Events'), secretVersion: '1' })),
  );
  const arn = first.output('ApplicationArn');
  expect(await attributes()).toMatchObject([
    {
      PlatformApplicationArn: arn,
      Attributes: { EventEndpointCreated: expect.stringContaining(':Push-Events') },
    },
  ]);

  const stack = () => app(() => ({ successFeedbackSampleRate: 20, secretVersion: '2' }));
  expect((await aws.deploy(stack())).output('ApplicationArn')).toBe(arn);
  const [changed] = await attributes();
  expect(changed?.Attributes).toMatchObject({ SuccessFeedbackSampleRate: '20' });
  expect(changed?.Attributes).not.toHaveProperty('EventEndpointCreated');

  const renamed = await aws.deploy(app(() => ({ applicationName: 'market' })));
  expect(await attributes()).toMatchObject([
    { PlatformApplicationArn: renamed.output('ApplicationArn') },
  ]);
  expect(renamed.output('ApplicationArn')).toMatch(/app\/GCM\/market$/);

  await aws.destroy(app(() => ({ applicationName: 'market' })));
  expect(await attributes()).toEqual([]);
});

test('a deployment that cannot read the secret fails and says so, and leaves nothing', async () => {
  await aws
    .client(SecretsManager)
    .deleteSecret({ SecretId: secretArn, ForceDeleteWithoutRecovery: true });
  await expect(aws.deploy(app())).rejects.toThrow(/find the specified secret/);
  expect(await attributes()).toEqual([]);
});

test('an application of that name that is there already is left alone', async () => {
  await aws.client(SNS).createPlatformApplication({
    Name: 'shop',
    Platform: 'GCM',
    Attributes: { PlatformCredential: 'of somebody else' },
  });
  await expect(aws.deploy(app())).rejects.toThrow(/application shop for GCM already/);
  expect(await attributes()).toHaveLength(1);
});

test.each<[string, (push: MobilePush, role: iam.Role) => void, string]>([
  ['both grants', everyGrant, 'registered, pushed'],
  ['no grant', () => undefined, 'AuthorizationError'],
  [
    'no grant to push',
    (push, role) => push.grantCreateEndpoint(role),
    'registered, AuthorizationError',
  ],
])('a role with %s gets as far as that', async (_what, grant, expected) => {
  const deployment = await aws.deploy(app(() => ({}), grant));
  const { Credentials } = await aws
    .client(STS)
    .assumeRole({ RoleArn: deployment.output('RoleArn'), RoleSessionName: 'shop' });
  const shop = new SNS({
    endpoint: await aws.endpoint(),
    region: aws.region,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    },
  });
  const done: string[] = [];
  try {
    const { EndpointArn } = await shop.createPlatformEndpoint({
      PlatformApplicationArn: deployment.output('ApplicationArn'),
      Token: 'token',
    });
    done.push('registered');
    await shop.publish({ TargetArn: EndpointArn, Message: 'hello' });
    done.push('pushed');
  } catch (error) {
    done.push(error instanceof AuthorizationErrorException ? 'AuthorizationError' : String(error));
  } finally {
    shop.destroy();
  }
  expect(done.join(', ')).toBe(expected);
});
