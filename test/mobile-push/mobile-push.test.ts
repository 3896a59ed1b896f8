import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { MobilePush, type MobilePushProps, PropsValidationError, PushPlatform } from 'cdk-decouple';

const env = { account: '123456789012', region: 'eu-west-1' };

function pushWith(
  changes: (stack: Stack, secret: Secret) => Partial<MobilePushProps> = () => ({}),
) {
  const stack = new Stack(new App(), 'Test', { env });
  const secret = new Secret(stack, 'Secret');
  const push = new MobilePush(stack, 'Push', {
    platform: PushPlatform.fcm({ serviceAccountKey: secret }),
    ...changes(stack, secret),
  });
  return { stack, push, template: () => Template.fromStack(stack) };
}

const apple = { keyId: 'ABCDE12345', teamId: 'TEAM123456', bundleId: 'com.example.shop' };

function applicationOf(template: Template): Record<string, unknown> {
  const [application] = Object.values(template.findResources('Custom::PushApplication'));
  return application?.Properties;
}

test('the whole template', () => {
  const { template } = pushWith((stack) => ({
    applicationName: 'shop',
    eventTopic: new sns.Topic(stack, 'Events'),
    alarmTopic: new sns.Topic(stack, 'Alarms'),
    secretVersion: '2026-11-27',
    successFeedbackSampleRate: 5,
  }));
  const resources = template().toJSON().Resources;
  for (const resource of Object.values<{ Type: string; Properties: { Code?: unknown } }>(resources))
    if (resource.Type === 'AWS::Lambda::Function') resource.Properties.Code = 'the bundle';
  expect(resources).toMatchSnapshot();
});

test.each<[string, (secret: Secret) => PushPlatform, object]>([
  [
    'Firebase',
    (serviceAccountKey) => PushPlatform.fcm({ serviceAccountKey }),
    { Platform: 'GCM', Source: {} },
  ],
  [
    'Apple, by a signing key',
    (signingKey) => PushPlatform.apns({ signingKey, ...apple }),
    {
      Platform: 'APNS',
      Source: {},
      Attributes: Match.objectLike({
        PlatformPrincipal: 'ABCDE12345',
        ApplePlatformTeamID: 'TEAM123456',
        ApplePlatformBundleID: 'com.example.shop',
      }),
    },
  ],
  [
    'Apple, by a certificate',
    (credentials) => PushPlatform.apnsCertificate({ credentials, sandbox: true }),
    {
      Platform: 'APNS_SANDBOX',
      Source: { credentialKey: 'privateKey', principalKey: 'certificate' },
    },
  ],
  [
    'Amazon',
    (credentials) => PushPlatform.adm({ credentials }),
    { Platform: 'ADM', Source: { credentialKey: 'clientSecret', principalKey: 'clientId' } },
  ],
])('%s: the handler is told where the credentials are', (_name, platform, expected) => {
  const { template } = pushWith((_stack, secret) => ({ platform: platform(secret) }));
  template().hasResourceProperties('Custom::PushApplication', expected);
});

test('no credential is in the properties, not by a dynamic reference either', () => {
  const { template } = pushWith();
  expect(JSON.stringify(template())).not.toContain('{{resolve:secretsmanager');
  expect(applicationOf(template())).not.toHaveProperty('Attributes.PlatformCredential');
});

test('grants name the application, and its endpoints only', () => {
  const { push, stack, template } = pushWith(() => ({ applicationName: 'shop' }));
  const user = new iam.User(stack, 'User');
  push.grantCreateEndpoint(user);
  push.grantPublish(user);
  template().hasResourceProperties('AWS::IAM::Policy', {
    Users: Match.anyValue(),
    PolicyDocument: {
      Statement: [
        {
          Action: 'sns:CreatePlatformEndpoint',
          Resource: { Ref: Match.stringLikeRegexp('^Push') },
        },
        {
          Action: 'sns:Publish',
          Resource: {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':sns:eu-west-1:123456789012:endpoint/GCM/shop/*',
              ],
            ],
          },
        },
      ],
    },
  });
});

test('without delivery logs SNS has no role', () => {
  const { template } = pushWith(() => ({ deliveryLogs: false }));
  template().resourceCountIs('AWS::IAM::Role', 1);
  expect(applicationOf(template()).Attributes).toEqual({});
});

test('a made name is as SNS takes it', () => {
  expect(pushWith().push.applicationName).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
});

test('everything that is wrong is said at once', () => {
  const make = () =>
    pushWith((stack, signingKey) => ({
      platform: PushPlatform.apns({ signingKey, keyId: 'short', teamId: 'x', bundleId: 'a b' }),
      applicationName: 'a shop',
      secretVersion: '',
      eventTopic: new sns.Topic(stack, 'Events', { fifo: true }),
      alarmTopic: new sns.Topic(stack, 'Alarms', { fifo: true }),
      successFeedbackSampleRate: 101,
      deliveryLogs: false,
    }));
  expect(make).toThrow(PropsValidationError);
  for (const word of [
    "keyId must be 10 capital letters and digits, got 'short'",
    "teamId must be 10 capital letters and digits, got 'x'",
    "got 'a b'",
    "applicationName must be 1 to 256 letters, digits, hyphens, underscores and full stops, got 'a shop'",
    'secretVersion must not be empty',
    'eventTopic must be a standard topic',
    'successFeedbackSampleRate must be a whole number between 0 and 100, got 101',
    'deliveryLogs is false',
    'alarmTopic must be a standard topic',
  ])
    expect(make).toThrow(word);
});
