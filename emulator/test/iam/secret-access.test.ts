import { KMS } from '@aws-sdk/client-kms';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { Emulator } from '../../src';
import { account, Roles } from './support';

const SecretId = 'login';
let aws: Emulator;
let roles: Roles;
let secrets: SecretsManager;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  roles = new Roles(aws);
  secrets = aws.client(SecretsManager);
});

afterEach(() => aws.stop());

test('a secret with a key is read by those who may use both', async () => {
  const { KeyMetadata } = await aws.client(KMS).createKey({});
  await secrets.createSecret({ Name: SecretId, SecretString: 's', KmsKeyId: KeyMetadata?.Arn });
  await roles.create('reader', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue');
  const reader = await roles.client(SecretsManager, 'reader');
  const denied = { name: 'AccessDeniedException', message: 'Access to KMS is not allowed' };
  await expect(reader.getSecretValue({ SecretId })).rejects.toMatchObject(denied);
  await roles.allow('reader', 'secretsmanager:*', 'kms:Decrypt');
  expect((await reader.getSecretValue({ SecretId })).SecretString).toBe('s');
  const put = () => reader.putSecretValue({ SecretId, SecretString: 't' });
  await expect(put()).rejects.toMatchObject(denied);
  await roles.allow('reader', 'secretsmanager:*', 'kms:Decrypt', 'kms:GenerateDataKey');
  await expect(put()).resolves.toBeDefined();
});

test('a secret is read from another account with its policy and a key of its own alone', async () => {
  await secrets.createSecret({ Name: SecretId, SecretString: 's' });
  const arn = (await secrets.describeSecret({ SecretId })).ARN ?? '';
  const other = aws.client(SecretsManager, { account: '111111111111' });
  const read = () => other.getSecretValue({ SecretId: arn });
  await expect(read()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: arn:aws:iam::111111111111:root is not authorized to perform: secretsmanager:GetSecretValue on resource: ${arn} because no resource-based policy allows the secretsmanager:GetSecretValue action`,
    $metadata: { httpStatusCode: 400 },
  });
  const allow = (Action: string) => ({
    Effect: 'Allow',
    Principal: { AWS: '111111111111' },
    Action,
    Resource: '*',
  });
  const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const ResourcePolicy = document(allow('secretsmanager:GetSecretValue'));
  await secrets.putResourcePolicy({ SecretId, ResourcePolicy });
  await expect(read()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  const own = { ...allow('kms:*'), Principal: { AWS: account } };
  const { KeyMetadata } = await aws
    .client(KMS)
    .createKey({ Policy: document(own, allow('kms:Decrypt')) });
  await secrets.updateSecret({ SecretId, KmsKeyId: KeyMetadata?.Arn });
  expect((await read()).SecretString).toBe('s');
});
