import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createSecretsManager } from '../../../src/services/secrets-manager';
import { account, clientOf, environment, region, resources } from '../../support/service-harness';

const { env } = environment();
const service = createSecretsManager(env, {
  keys: { usableKeyArn: (keyId) => keyId },
  describeDatabase: ({ type, id }) =>
    id === 'orders'
      ? { engine: 'postgres', host: '127.0.0.1', port: 5432, dbname: type.slice(-9) }
      : undefined,
});
const secrets = new SecretsManager(clientOf(env, [service]));
const stack = resources(service);
const caller = { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` } as const;

const generated = {
  Name: 'generated',
  GenerateSecretString: {
    SecretStringTemplate: '{"username":"app"}',
    GenerateStringKey: 'password',
    PasswordLength: '30',
    ExcludeCharacters: ' %+~`#$&*()|[]{}:;<>?!\'/@"\\',
  },
};

afterAll(() => expect(service.leaks()).toEqual([]));

async function contentOf(SecretId: string): Promise<Record<string, unknown>> {
  return JSON.parse((await secrets.getSecretValue({ SecretId })).SecretString ?? '');
}

test('a secret is generated, attached to its database, referred to and deleted', async () => {
  const secret = await stack.create('AWS::SecretsManager::Secret', generated);
  expect(secret.attributes.Id).toBe(secret.physicalId);
  const { username, password } = await contentOf('generated');
  expect(username).toBe('app');
  expect(password).toMatch(/^[\w\-,.=^]{30}$/);

  const target = {
    SecretId: secret.physicalId,
    TargetType: 'AWS::RDS::DBCluster',
    TargetId: 'orders',
  };
  const attachment = await stack.create('AWS::SecretsManager::SecretTargetAttachment', target);
  expect(attachment.physicalId).toBe(secret.physicalId);
  expect(await contentOf('generated')).toEqual({
    username,
    password,
    engine: 'postgres',
    host: '127.0.0.1',
    port: 5432,
    dbname: 'DBCluster',
  });

  const reference = { secretId: secret.physicalId, account, region, caller };
  expect(service.resolveDynamicReference({ ...reference, jsonKey: 'password' })).toBe(password);
  expect(service.resolveDynamicReference({ ...reference, jsonKey: 'port' })).toBe('5432');
  expect(() => service.resolveDynamicReference({ ...reference, jsonKey: 'none' })).toThrow(
    'Could not find a value associated with JSONKey in SecretString',
  );

  await stack.delete('AWS::SecretsManager::SecretTargetAttachment', attachment.physicalId, target);
  expect(await contentOf('generated')).toEqual({ username, password });
  await stack.delete('AWS::SecretsManager::Secret', secret.physicalId, generated);
  await stack.delete('AWS::SecretsManager::Secret', secret.physicalId, generated);
});

test('the same seed generates the same password', async () => {
  const passwords = await Promise.all(
    [1, 2].map(async () => {
      const other = environment().env;
      const fresh = createSecretsManager(other, {
        keys: { usableKeyArn: (keyId) => keyId },
        describeDatabase: () => undefined,
      });
      await resources(fresh).create('AWS::SecretsManager::Secret', generated);
      return fresh.resolveDynamicReference({ secretId: 'generated', account, region, caller });
    }),
  );
  expect(passwords[0]).toBe(passwords[1]);
});

test.each([
  ['a plain password', {}, /^.{32}$/],
  ['a password of a length', { PasswordLength: 12, ExcludePunctuation: 'true' }, /^\w{12}$/],
])('generates %s', async (_, GenerateSecretString, pattern) => {
  const { physicalId } = await stack.create('AWS::SecretsManager::Secret', {
    GenerateSecretString,
  });
  expect((await secrets.getSecretValue({ SecretId: physicalId })).SecretString).toMatch(pattern);
  await stack.delete('AWS::SecretsManager::Secret', physicalId, {});
});

test('fails where a template comes without the key of the password', async () => {
  await expect(
    stack.create('AWS::SecretsManager::Secret', {
      GenerateSecretString: { SecretStringTemplate: '{}' },
    }),
  ).rejects.toThrow('both SecretStringTemplate and GenerateStringKey');
});

test('keeps a resource policy', async () => {
  const { physicalId: SecretId } = await stack.create('AWS::SecretsManager::Secret', {
    SecretString: 'x',
  });
  const properties = { SecretId, ResourcePolicy: { Version: '2012-10-17', Statement: [] } };
  await stack.create('AWS::SecretsManager::ResourcePolicy', properties);
  const { ResourcePolicy = '' } = await secrets.getResourcePolicy({ SecretId });
  expect(JSON.parse(ResourcePolicy)).toEqual(properties.ResourcePolicy);
  await stack.delete('AWS::SecretsManager::ResourcePolicy', SecretId, properties);
  await stack.delete('AWS::SecretsManager::Secret', SecretId, {});
});

test.each([
  ['AWS::SecretsManager::Secret', { ReplicaRegions: [] }, 'ReplicaRegions'],
  [
    'AWS::SecretsManager::SecretTargetAttachment',
    { TargetType: 'AWS::DocDB::DBCluster' },
    'AWS::DocDB::DBCluster',
  ],
  ['AWS::SecretsManager::ResourcePolicy', { BlockPublicPolicy: true }, 'BlockPublicPolicy'],
])('%s names what it does not support in %j', (type, properties, name) => {
  expect(stack.unsupported(type, properties).join()).toContain(name);
});
