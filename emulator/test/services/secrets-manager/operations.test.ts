import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createSecretsManager } from '../../../src/services/secrets-manager';
import { clientOf, environment } from '../../support/service-harness';

const { env, clock, asked } = environment();
const service = createSecretsManager(env, {
  keys: { usableKeyArn: (keyId) => keyId },
  describeDatabase: () => undefined,
});
const secrets = new SecretsManager(clientOf(env, [service]));
const day = 86_400_000;

describe('CreateSecret and GetSecretValue', () => {
  test('give back text, under name, ARN and partial ARN', async () => {
    const { ARN: arn = '', VersionId } = await secrets.createSecret({
      Name: 'app/database',
      SecretString: 'hidden',
      Description: 'of the app',
      KmsKeyId: 'alias/app',
      Tags: [{ Key: 'team', Value: 'orders' }],
    });
    expect(arn).toMatch(
      /^arn:aws:secretsmanager:eu-west-1:111122223333:secret:app\/database-[A-Za-z0-9]{6}$/,
    );
    for (const SecretId of ['app/database', arn, arn.slice(0, -7)])
      expect(await secrets.getSecretValue({ SecretId })).toMatchObject({
        ARN: arn,
        Name: 'app/database',
        SecretString: 'hidden',
        VersionId,
        VersionStages: ['AWSCURRENT'],
      });
    expect(await secrets.describeSecret({ SecretId: arn })).toMatchObject({
      Description: 'of the app',
      KmsKeyId: 'alias/app',
      Tags: [{ Key: 'team', Value: 'orders' }],
      VersionIdsToStages: { [VersionId ?? '']: ['AWSCURRENT'] },
    });
  });

  test('give back bytes', async () => {
    await secrets.createSecret({ Name: 'bytes', SecretBinary: Uint8Array.of(0, 255, 7) });
    const { SecretBinary } = await secrets.getSecretValue({ SecretId: 'bytes' });
    expect([...(SecretBinary ?? [])]).toEqual([0, 255, 7]);
  });

  test('ask for permission on the ARN before they act', async () => {
    asked.length = 0;
    await secrets.getSecretValue({ SecretId: 'bytes' });
    expect(asked).toMatchObject([
      {
        action: 'secretsmanager:GetSecretValue',
        resource: expect.stringMatching(/:secret:bytes-\w{6}$/),
      },
    ]);
  });

  test('fail for a name that is taken', async () => {
    await expect(
      secrets.createSecret({ Name: 'bytes', SecretString: 'other' }),
    ).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: 'The operation failed because the secret bytes already exists.',
    });
  });

  test('take a repeated request for the first', async () => {
    const request = {
      Name: 'repeated',
      SecretString: 'same',
      ClientRequestToken: 'a'.repeat(32),
    };
    const first = await secrets.createSecret(request);
    expect((await secrets.createSecret(request)).ARN).toBe(first.ARN);
  });

  test('fail for an unknown secret', async () => {
    await expect(secrets.getSecretValue({ SecretId: 'nobody' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  test('fail for a secret without a value', async () => {
    await secrets.createSecret({ Name: 'empty' });
    await expect(secrets.getSecretValue({ SecretId: 'empty' })).rejects.toThrow(
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  });

  test.each(['a name', 'naïve', 'x'.repeat(513)])('fail for the name %s', async (Name) => {
    await expect(secrets.createSecret({ Name })).rejects.toThrow(/name/i);
  });

  test.each([31, 65])('fail for a request token of %d characters', async (length) => {
    await expect(
      secrets.createSecret({ Name: 'token', ClientRequestToken: 'a'.repeat(length) }),
    ).rejects.toThrow(/clientRequestToken/);
  });

  test('fail for a replica, which is not emulated, by its name', async () => {
    await expect(
      secrets.createSecret({ Name: 'replica', AddReplicaRegions: [{ Region: 'us-east-1' }] }),
    ).rejects.toThrow(/AddReplicaRegions/);
  });

  test('fail for more than 65,536 bytes', async () => {
    await secrets.createSecret({ Name: 'large', SecretString: 'x'.repeat(65_536) });
    await expect(
      secrets.putSecretValue({ SecretId: 'large', SecretString: 'x'.repeat(65_537) }),
    ).rejects.toThrow(/65536/);
  });
});

describe('versions', () => {
  test('move AWSCURRENT to the newest and AWSPREVIOUS to the one before', async () => {
    await secrets.createSecret({ Name: 'moving', SecretString: 'one' });
    await secrets.putSecretValue({ SecretId: 'moving', SecretString: 'two' });
    await secrets.updateSecret({ SecretId: 'moving', SecretString: 'three' });
    const value = async (VersionStage: string) =>
      (await secrets.getSecretValue({ SecretId: 'moving', VersionStage })).SecretString;
    expect(await value('AWSCURRENT')).toBe('three');
    expect(await value('AWSPREVIOUS')).toBe('two');
    const listed = await secrets.listSecretVersionIds({
      SecretId: 'moving',
      IncludeDeprecated: true,
    });
    expect(listed.Versions?.map(({ VersionStages }) => VersionStages)).toEqual([
      [],
      ['AWSPREVIOUS'],
      ['AWSCURRENT'],
    ]);
  });

  test('can be put under a label of their own and promoted', async () => {
    const { VersionId: first } = await secrets.createSecret({ Name: 'staged', SecretString: 'a' });
    const { VersionId: second } = await secrets.putSecretValue({
      SecretId: 'staged',
      SecretString: 'b',
      VersionStages: ['AWSPENDING'],
    });
    expect((await secrets.getSecretValue({ SecretId: 'staged' })).SecretString).toBe('a');
    await secrets.updateSecretVersionStage({
      SecretId: 'staged',
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: first,
      MoveToVersionId: second,
    });
    expect((await secrets.getSecretValue({ SecretId: 'staged' })).SecretString).toBe('b');
  });

  test('fail to change once they exist', async () => {
    const ClientRequestToken = 'b'.repeat(32);
    await secrets.createSecret({ Name: 'fixed', SecretString: 'a', ClientRequestToken });
    await expect(
      secrets.putSecretValue({ SecretId: 'fixed', SecretString: 'b', ClientRequestToken }),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  test('fail without a value', async () => {
    await expect(secrets.putSecretValue({ SecretId: 'fixed' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'You must provide either SecretString or SecretBinary.',
    });
  });
});

describe('DeleteSecret', () => {
  test('keeps a secret for its recovery window on the clock', async () => {
    await secrets.createSecret({ Name: 'doomed', SecretString: 'x' });
    const { DeletionDate } = await secrets.deleteSecret({
      SecretId: 'doomed',
      RecoveryWindowInDays: 7,
    });
    expect(DeletionDate?.getTime()).toBe(clock.now() + 7 * day);
    await expect(secrets.getSecretValue({ SecretId: 'doomed' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    });
    await expect(secrets.createSecret({ Name: 'doomed' })).rejects.toThrow(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    await clock.advance(7 * day - 1);
    await secrets.describeSecret({ SecretId: 'doomed' });
    await clock.advance(1);
    await expect(secrets.describeSecret({ SecretId: 'doomed' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('can be taken back', async () => {
    await secrets.createSecret({ Name: 'spared', SecretString: 'x' });
    await secrets.deleteSecret({ SecretId: 'spared' });
    await secrets.restoreSecret({ SecretId: 'spared' });
    await clock.advance(40 * day);
    expect((await secrets.getSecretValue({ SecretId: 'spared' })).SecretString).toBe('x');
  });

  test('deletes at once where forced, and a secret that is not there without an error', async () => {
    await secrets.deleteSecret({ SecretId: 'spared', ForceDeleteWithoutRecovery: true });
    await secrets.deleteSecret({ SecretId: 'spared', ForceDeleteWithoutRecovery: true });
    await expect(secrets.describeSecret({ SecretId: 'spared' })).rejects.toThrow(/can't find/);
  });

  test.each([6, 31])('fails for a window of %d days', async (RecoveryWindowInDays) => {
    await expect(secrets.deleteSecret({ SecretId: 'fixed', RecoveryWindowInDays })).rejects.toThrow(
      'must be between 7 and 30 days',
    );
  });
});

describe('lists', () => {
  beforeAll(async () => {
    for (const name of ['list/a', 'list/b', 'list/c'])
      await secrets.createSecret({
        Name: name,
        SecretString: name,
        Tags: [{ Key: 'letter', Value: name }],
      });
  });

  const named = async (Values: string[]) => {
    const { SecretList } = await secrets.listSecrets({
      Filters: [
        { Key: 'name', Values: ['list/'] },
        { Key: 'tag-value', Values },
      ],
      SortBy: 'name',
      SortOrder: 'asc',
    });
    return SecretList?.map(({ Name }) => Name);
  };

  test('are filtered by all filters, each by any of its values', async () => {
    expect(await named(['list/a', 'list/c'])).toEqual(['list/a', 'list/c']);
    expect(await named(['!list/b'])).toEqual(['list/a', 'list/c']);
  });

  test('come in pages', async () => {
    const Filters = [{ Key: 'name' as const, Values: ['list/'] }];
    const first = await secrets.listSecrets({ Filters, MaxResults: 2 });
    const second = await secrets.listSecrets({
      Filters,
      MaxResults: 2,
      NextToken: first.NextToken,
    });
    expect([first.SecretList?.length, second.SecretList?.length]).toEqual([2, 1]);
    expect(second.NextToken).toBeUndefined();
  });

  test('of values name those that cannot be read', async () => {
    const { SecretValues, Errors } = await secrets.batchGetSecretValue({
      SecretIdList: ['list/a', 'nobody'],
    });
    expect(SecretValues?.map(({ SecretString }) => SecretString)).toEqual(['list/a']);
    expect(Errors).toMatchObject([{ SecretId: 'nobody', ErrorCode: 'ResourceNotFoundException' }]);
  });
});

describe('GetRandomPassword', () => {
  test('gives 32 characters of every type', async () => {
    const { RandomPassword = '' } = await secrets.getRandomPassword({});
    expect(RandomPassword).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z0-9]/])
      expect(RandomPassword).toMatch(type);
  });

  test('leaves out what is excluded', async () => {
    const { RandomPassword } = await secrets.getRandomPassword({
      PasswordLength: 200,
      ExcludePunctuation: true,
      ExcludeUppercase: true,
      ExcludeCharacters: 'abc123',
      IncludeSpace: true,
    });
    expect(RandomPassword).toMatch(/^[d-z4-90 ]{200}$/);
  });

  test.each([0, 4097])('fails for a length of %d', async (PasswordLength) => {
    await expect(secrets.getRandomPassword({ PasswordLength })).rejects.toThrow(/4096/);
  });

  test('fails where not every required type fits in', async () => {
    await expect(secrets.getRandomPassword({ PasswordLength: 3 })).rejects.toThrow(/too short/);
  });
});

test('tags and policies are kept', async () => {
  await secrets.tagResource({ SecretId: 'list/a', Tags: [{ Key: 'more', Value: '1' }] });
  await secrets.untagResource({ SecretId: 'list/a', TagKeys: ['letter'] });
  const { Tags } = await secrets.describeSecret({ SecretId: 'list/a' });
  expect(Tags).toEqual([{ Key: 'more', Value: '1' }]);
  const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  await secrets.putResourcePolicy({ SecretId: 'list/a', ResourcePolicy });
  expect((await secrets.getResourcePolicy({ SecretId: 'list/a' })).ResourcePolicy).toBe(
    ResourcePolicy,
  );
  await expect(
    secrets.putResourcePolicy({
      SecretId: 'list/a',
      ResourcePolicy: '{"Statement":{"Condition":{"StringResembles":{}}}}',
    }),
  ).rejects.toThrow('Invalid Condition type : StringResembles');
  await expect(
    secrets.putResourcePolicy({ SecretId: 'list/a', ResourcePolicy: '{' }),
  ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
});

test('rotation is refused by its name', async () => {
  await expect(secrets.rotateSecret({ SecretId: 'list/a' })).rejects.toThrow(/RotateSecret/);
});
