import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreatePlatformApplicationCommand,
  DeletePlatformApplicationCommand,
  GetPlatformApplicationAttributesCommand,
  InvalidParameterException,
  NotFoundException,
  SetPlatformApplicationAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { PlatformApplications } from '../../../lib/mobile-push/handler/platform-applications';

const arn = 'arn:aws:sns:eu-west-1:123456789012:app/GCM/shop';
const secretText = '{"private_key":"very secret"}';
const sns = mockClient(SNSClient);
const secrets = mockClient(SecretsManagerClient);

beforeEach(() => {
  sns.reset();
  secrets.reset();
  sns
    .on(GetPlatformApplicationAttributesCommand)
    .rejects(
      new NotFoundException({ message: 'PlatformApplication does not exist', $metadata: {} }),
    );
  sns.on(CreatePlatformApplicationCommand).resolves({ PlatformApplicationArn: arn });
  secrets.on(GetSecretValueCommand).resolves({ SecretString: secretText });
});

const properties = {
  Name: 'shop',
  Platform: 'GCM',
  SecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key',
  Source: {},
  Attributes: { SuccessFeedbackSampleRate: '0' },
};

const common = {
  ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
  ResponseURL: 'https://example.com/',
  StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Shop/1',
  RequestId: '1',
  LogicalResourceId: 'Push',
  ResourceType: 'Custom::PushApplication',
};

function handle(
  request:
    | { RequestType: 'Create' }
    | { RequestType: 'Update'; old: object }
    | { RequestType: 'Delete'; PhysicalResourceId: string },
  changes: object = {},
): Promise<string> {
  const ResourceProperties = { ServiceToken: common.ServiceToken, ...properties, ...changes };
  const event: CloudFormationCustomResourceEvent =
    request.RequestType === 'Update'
      ? {
          ...common,
          RequestType: 'Update',
          PhysicalResourceId: arn,
          ResourceProperties,
          OldResourceProperties: {
            ServiceToken: common.ServiceToken,
            ...properties,
            ...request.old,
          },
        }
      : { ...common, ...request, ResourceProperties };
  return new PlatformApplications({
    sns: new SNSClient({}),
    secrets: new SecretsManagerClient({}),
  }).handle(event);
}

const inputs = (command: Parameters<typeof sns.commandCalls>[0]) =>
  sns.commandCalls(command).map(({ args }) => args[0].input);

describe('creation', () => {
  test('takes the whole text of the secret for the credential', async () => {
    expect(await handle({ RequestType: 'Create' })).toBe(arn);
    expect(inputs(CreatePlatformApplicationCommand)).toEqual([
      {
        Name: 'shop',
        Platform: 'GCM',
        Attributes: { SuccessFeedbackSampleRate: '0', PlatformCredential: secretText },
      },
    ]);
  });

  test('takes credential and principal from keys of the secret', async () => {
    secrets
      .on(GetSecretValueCommand)
      .resolves({ SecretString: '{"clientId":"id","clientSecret":"s"}' });
    const Source = { credentialKey: 'clientSecret', principalKey: 'clientId' };
    await handle({ RequestType: 'Create' }, { Platform: 'ADM', Source });
    expect(inputs(CreatePlatformApplicationCommand)).toMatchObject([
      { Attributes: { PlatformCredential: 's', PlatformPrincipal: 'id' } },
    ]);
  });

  test.each([
    ['is no JSON', 'very secret', 'the secret is not JSON'],
    ['lacks a key', '{"clientId":"very secret"}', 'the secret has no clientSecret'],
    ['is empty', '', 'the secret has no text'],
  ])('fails without quoting a secret that %s', async (_what, SecretString, message) => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString });
    const Source = { credentialKey: 'clientSecret', principalKey: 'clientId' };
    await expect(handle({ RequestType: 'Create' }, { Source })).rejects.toThrow(message);
  });

  test('leaves an application alone that exists', async () => {
    sns.on(GetPlatformApplicationAttributesCommand, { PlatformApplicationArn: arn }).resolves({});
    await expect(handle({ RequestType: 'Create' })).rejects.toThrow(
      'there is a platform application shop for GCM already',
    );
    expect(inputs(CreatePlatformApplicationCommand)).toEqual([]);
  });

  test('passes on what SNS says without the credential', async () => {
    sns
      .on(CreatePlatformApplicationCommand)
      .rejects(
        new InvalidParameterException({ message: `not valid: ${secretText}`, $metadata: {} }),
      );
    await expect(handle({ RequestType: 'Create' })).rejects.toThrow(
      'InvalidParameterException: not valid: ***',
    );
  });
});

describe('update', () => {
  test('sets attributes in place, reads the secret again, and takes away what is gone', async () => {
    const old = { Attributes: { EventDeliveryFailure: 'topic' }, SecretVersion: '1' };
    expect(await handle({ RequestType: 'Update', old })).toBe(arn);
    expect(inputs(SetPlatformApplicationAttributesCommand)).toEqual([
      {
        PlatformApplicationArn: arn,
        Attributes: {
          EventDeliveryFailure: '',
          SuccessFeedbackSampleRate: '0',
          PlatformCredential: secretText,
        },
      },
    ]);
    expect(inputs(CreatePlatformApplicationCommand)).toEqual([]);
  });

  test.each([{ Name: 'before' }, { Platform: 'APNS' }])(
    'makes another application where %j was different',
    async (old) => {
      await handle({ RequestType: 'Update', old });
      expect(inputs(CreatePlatformApplicationCommand)).toHaveLength(1);
      expect(inputs(SetPlatformApplicationAttributesCommand)).toEqual([]);
    },
  );
});

describe('deletion', () => {
  test('deletes the application of the physical id, and needs no secret', async () => {
    expect(await handle({ RequestType: 'Delete', PhysicalResourceId: arn })).toBe(arn);
    expect(inputs(DeletePlatformApplicationCommand)).toEqual([{ PlatformApplicationArn: arn }]);
    expect(secrets.calls()).toEqual([]);
  });

  test('deletes nothing where nothing was created', async () => {
    await handle({ RequestType: 'Delete', PhysicalResourceId: 'not-created' });
    expect(sns.calls()).toEqual([]);
  });
});
