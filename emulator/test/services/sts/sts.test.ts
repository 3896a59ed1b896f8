import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import { Emulator } from '../../../src';
import type { ClientConstructor } from '../../../src/client';
import type { ManualClock } from '../../../src/clock/clock';

const roleArn = 'arn:aws:iam::000000000000:role/consumer';

let aws: Emulator<ManualClock>;
let sts: STS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  sts = aws.client(STS);
});

afterEach(() => aws.stop());

test('an administrator is known by its account', async () => {
  const { Account, Arn, UserId } = await sts.getCallerIdentity({});
  expect({ Account, Arn, UserId }).toEqual({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
    UserId: '000000000000',
  });
});

describe('the credentials of a session that is over', () => {
  async function expired<T>(Client: ClientConstructor<T>): Promise<T> {
    const { Credentials } = await sts.assumeRole({
      RoleArn: roleArn,
      RoleSessionName: 'test',
      DurationSeconds: 900,
    });
    await aws.clock.advance(899_999);
    const client = aws.client(Client, { account: Credentials?.AccessKeyId });
    await aws.clock.advance(1);
    return client;
  }

  test('are good until then', async () => {
    const { Credentials } = await sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'test' });
    await aws.clock.advance(3_599_999);
    const client = aws.client(STS, { account: Credentials?.AccessKeyId });
    expect((await client.getCallerIdentity({})).Arn).toMatch(/assumed-role\/consumer\/test$/);
  });

  test('are refused in the query protocol as ExpiredToken', async () => {
    await expect((await expired(STS)).getCallerIdentity({})).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('are refused in JSON as ExpiredTokenException', async () => {
    await expect((await expired(SSM)).getParameter({ Name: 'a' })).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('are refused by S3 in its own words', async () => {
    await expect((await expired(S3)).listBuckets({})).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The provided token has expired.',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('AssumeRole', () => {
  test('opens a session that expires on the emulated clock', async () => {
    const answer = await sts.assumeRole({
      RoleArn: roleArn,
      RoleSessionName: 'test',
      DurationSeconds: 900,
    });
    expect(answer.AssumedRoleUser?.Arn).toBe(
      'arn:aws:sts::000000000000:assumed-role/consumer/test',
    );
    expect(answer.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z0-9]{17}:test$/);
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
    expect(answer.Credentials?.Expiration?.getTime()).toBe(aws.clock.now() + 900_000);
  });

  test('gives a role the same id every time', async () => {
    const first = await sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'same' });
    const second = await sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'same' });
    expect(second.AssumedRoleUser?.AssumedRoleId).toBe(first.AssumedRoleUser?.AssumedRoleId);
    expect(second.Credentials?.AccessKeyId).not.toBe(first.Credentials?.AccessKeyId);
  });

  test("uses the id and the limits of IAM's role", async () => {
    const { Role: role } = await aws.client(IAMClient).send(
      new CreateRoleCommand({
        RoleName: 'consumer',
        MaxSessionDuration: 7200,
        AssumeRolePolicyDocument: JSON.stringify({
          Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
        }),
      }),
    );
    const request = { RoleArn: roleArn, RoleSessionName: 'test' };
    const answer = await sts.assumeRole({ ...request, DurationSeconds: 7200 });
    expect(answer.AssumedRoleUser?.AssumedRoleId).toBe(`${role?.RoleId}:test`);
    await expect(sts.assumeRole({ ...request, DurationSeconds: 7201 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    });
  });

  test.each([
    ['a duration below 15 minutes', { DurationSeconds: 899 }, /durationSeconds/],
    ['a duration above 12 hours', { DurationSeconds: 43_201 }, /durationSeconds/],
    ['a session name of one character', { RoleSessionName: 'x' }, /roleSessionName/],
    ['a session name with spaces', { RoleSessionName: 'a b' }, /roleSessionName/],
    ['something that is no role', { RoleArn: 'arn:aws:iam::000000000000:user/x' }, /is invalid/],
  ])('fails for %s', async (_what, part, message) => {
    const call = sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'test', ...part });
    await expect(call).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  test('refuses session policies, which it could not honour, by name', async () => {
    const call = sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'test', Policy: '{}' });
    await expect(call).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('parameter Policy of sts.AssumeRole'),
    });
  });
});

test('GetSessionToken hands out a key of the same account', async () => {
  const other = aws.client(STS, { account: '123456789012' });
  const { Credentials: credentials } = await other.getSessionToken({});
  const answer = await sts.getAccessKeyInfo({ AccessKeyId: credentials?.AccessKeyId });
  expect(answer.Account).toBe('123456789012');
});

test('what is not there answers NotImplemented by its name', async () => {
  await expect(sts.getFederationToken({ Name: 'bob' })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('GetFederationToken'),
  });
});
