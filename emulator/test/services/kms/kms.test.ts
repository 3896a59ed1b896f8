import { KMS } from '@aws-sdk/client-kms';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const day = 24 * 60 * 60 * 1000;
const secret = Buffer.from('order 4711');

let aws: Emulator<ManualClock>;
let kms: KMS;
let KeyId: string;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  kms = aws.client(KMS);
  const { KeyMetadata: metadata } = await kms.createKey({ Description: 'orders' });
  KeyId = metadata?.KeyId ?? '';
});

afterEach(() => aws.stop());

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('encryption', () => {
  test('a ciphertext knows its key', async () => {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: secret });
    const opened = await kms.decrypt({ CiphertextBlob });
    expect(text(opened.Plaintext)).toBe('order 4711');
    expect(opened.KeyId).toBe(`arn:aws:kms:us-east-1:000000000000:key/${KeyId}`);
  });

  test('the same plaintext gives another ciphertext each time', async () => {
    const first = await kms.encrypt({ KeyId, Plaintext: secret });
    const second = await kms.encrypt({ KeyId, Plaintext: secret });
    expect(text(first.CiphertextBlob)).not.toBe(text(second.CiphertextBlob));
  });

  test('needs the same encryption context, in any order', async () => {
    const { CiphertextBlob } = await kms.encrypt({
      KeyId,
      Plaintext: secret,
      EncryptionContext: { a: '1', b: '2' },
    });
    const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext: { b: '2', a: '1' } });
    expect(text(opened.Plaintext)).toBe('order 4711');
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });

  test('fails for a ciphertext that was altered', async () => {
    const { CiphertextBlob: blob } = await kms.encrypt({ KeyId, Plaintext: secret });
    const altered = Uint8Array.from(blob ?? []);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    await expect(kms.decrypt({ CiphertextBlob: altered })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });

  test('fails with a key that is not the one of the ciphertext', async () => {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: secret });
    const other = await kms.createKey({});
    await expect(
      kms.decrypt({ CiphertextBlob, KeyId: other.KeyMetadata?.KeyId }),
    ).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });

  test.each([
    [4096, true],
    [4097, false],
  ])('of %i bytes is possible: %s', async (length, possible) => {
    const call = kms.encrypt({ KeyId, Plaintext: Buffer.alloc(length, 1) });
    if (possible) await call;
    else await expect(call).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('moves to another key without being seen', async () => {
    const { KeyMetadata: other } = await kms.createKey({});
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: secret });
    const moved = await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: other?.KeyId });
    const opened = await kms.decrypt({ CiphertextBlob: moved.CiphertextBlob });
    expect(opened.KeyId).toBe(other?.Arn);
    expect(text(opened.Plaintext)).toBe('order 4711');
  });

  test.each([
    [{ KeySpec: 'AES_256' } as const, 32],
    [{ KeySpec: 'AES_128' } as const, 16],
    [{ NumberOfBytes: 64 }, 64],
  ])('of a data key asked for with %j', async (request, length) => {
    const made = await kms.generateDataKey({ KeyId, ...request });
    expect(made.Plaintext).toHaveLength(length);
    const opened = await kms.decrypt({ CiphertextBlob: made.CiphertextBlob });
    expect(opened.Plaintext).toEqual(made.Plaintext);
  });
});

describe('the life of a key', () => {
  test('a disabled key does nothing until it is enabled', async () => {
    await kms.disableKey({ KeyId });
    const call = kms.encrypt({ KeyId, Plaintext: secret });
    await expect(call).rejects.toMatchObject({
      name: 'DisabledException',
      message: `arn:aws:kms:us-east-1:000000000000:key/${KeyId} is disabled.`,
    });
    await kms.enableKey({ KeyId });
    await kms.encrypt({ KeyId, Plaintext: secret });
  });

  test('it is deleted with its aliases when the window is over', async () => {
    await kms.createAlias({ AliasName: 'alias/orders', TargetKeyId: KeyId });
    const scheduled = await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(scheduled.DeletionDate?.getTime()).toBe(aws.clock.now() + 7 * day);
    await expect(kms.encrypt({ KeyId, Plaintext: secret })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    expect(aws.leaks()).toEqual([]);
    await aws.clock.advance(7 * day - 1);
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe('PendingDeletion');
    await aws.clock.advance(1);
    await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect((await kms.listAliases({})).Aliases).toEqual([]);
  });

  test('its deletion can be called off', async () => {
    await kms.scheduleKeyDeletion({ KeyId });
    await kms.cancelKeyDeletion({ KeyId });
    await aws.clock.advance(31 * day);
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe('Disabled');
  });

  test.each([6, 31])('fails to be deleted after %i days', async (PendingWindowInDays) => {
    await expect(kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('its rotation is due after its period', async () => {
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    const start = aws.clock.now();
    const status = await kms.getKeyRotationStatus({ KeyId });
    expect(status).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 90,
      NextRotationDate: new Date(start + 90 * day),
    });
  });

  test.each([
    ['an asymmetric key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' } as const],
    ['a key of several regions', { MultiRegion: true }],
    ['imported material', { Origin: 'EXTERNAL' } as const],
  ])('%s is refused by name', async (_what, request) => {
    await expect(kms.createKey(request)).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('a policy that locks its owner out is refused', async () => {
    const Policy = JSON.stringify({
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    });
    await expect(kms.putKeyPolicy({ KeyId, Policy })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    await kms.putKeyPolicy({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true });
    await expect(kms.getKeyPolicy({ KeyId })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no resource-based policy allows the'),
    });
  });
});

describe('aliases', () => {
  test('stand for a key, and for another one later', async () => {
    await kms.createAlias({ AliasName: 'alias/orders', TargetKeyId: KeyId });
    const { KeyMetadata: other } = await kms.createKey({});
    const described = await kms.describeKey({ KeyId: 'alias/orders' });
    expect(described.KeyMetadata?.KeyId).toBe(KeyId);
    await kms.updateAlias({ AliasName: 'alias/orders', TargetKeyId: other?.KeyId });
    const arn = 'arn:aws:kms:us-east-1:000000000000:alias/orders';
    expect((await kms.describeKey({ KeyId: arn })).KeyMetadata?.KeyId).toBe(other?.KeyId);
  });

  test.each([
    ['no prefix', 'orders', 'ValidationException'],
    ["a name of AWS's", 'alias/aws/orders', 'NotAuthorizedException'],
  ])('fail with %s', async (_what, AliasName, name) => {
    const call = kms.createAlias({ AliasName, TargetKeyId: KeyId });
    await expect(call).rejects.toMatchObject({ name });
  });

  test('fail to be created twice', async () => {
    const request = { AliasName: 'alias/orders', TargetKeyId: KeyId };
    await kms.createAlias(request);
    await expect(kms.createAlias(request)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message:
        'An alias with the name arn:aws:kms:us-east-1:000000000000:alias/orders already exists',
    });
  });

  test("of AWS's services come into being when they are used", async () => {
    const { KeyMetadata: metadata } = await kms.describeKey({ KeyId: 'alias/aws/sqs' });
    expect(metadata?.KeyManager).toBe('AWS');
    await expect(kms.disableKey({ KeyId: metadata?.KeyId })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

test('grants are kept until they are revoked or retired', async () => {
  const GranteePrincipal = 'arn:aws:iam::000000000000:role/worker';
  const grant = { KeyId, GranteePrincipal, Operations: ['Decrypt' as const], Name: 'worker' };
  const { GrantId } = await kms.createGrant(grant);
  expect((await kms.createGrant(grant)).GrantId).toBe(GrantId);
  const { GrantToken } = await kms.createGrant({ ...grant, Name: 'other' });
  expect((await kms.listGrants({ KeyId })).Grants).toHaveLength(2);
  await kms.revokeGrant({ KeyId, GrantId });
  await kms.retireGrant({ GrantToken });
  expect((await kms.listGrants({ KeyId })).Grants).toEqual([]);
});

test('keys are not found from another region', async () => {
  const arn = `arn:aws:kms:us-east-1:000000000000:key/${KeyId}`;
  const elsewhere = aws.client(KMS, { region: 'eu-west-1' });
  await expect(elsewhere.describeKey({ KeyId: arn })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});
