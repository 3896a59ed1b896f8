import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { type AssumeRoleCommandInput, STS } from '@aws-sdk/client-sts';
import { Emulator } from '../../../src';
import type { ClientConstructor } from '../../../src/client';
import type { ManualClock } from '../../../src/clock/clock';

const roleArn = 'arn:aws:iam::000000000000:role/consumer';

let aws: Emulator<ManualClock>;
let sts: STS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  sts = aws.client(STS);
  await createRole('consumer');
});

/** A role that its account may assume, or whoever else it trusts. */
async function createRole(RoleName: string, trust: object = {}, MaxSessionDuration?: number) {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::000000000000:root' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    ...trust,
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Statement: statement });
  const iam = aws.client(IAM);
  return (await iam.createRole({ RoleName, MaxSessionDuration, AssumeRolePolicyDocument })).Role;
}

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
    const role = await createRole('patient', {}, 7200);
    const request = { RoleArn: role?.Arn, RoleSessionName: 'test' };
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

  test('fails for a role that is not there as for one that trusts nobody here', async () => {
    await createRole('closed', { Principal: { Service: 'lambda.amazonaws.com' } });
    for (const name of ['closed', 'missing']) {
      const RoleArn = `arn:aws:iam::000000000000:role/${name}`;
      await expect(sts.assumeRole({ RoleArn, RoleSessionName: 'test' })).rejects.toMatchObject({
        name: 'AccessDenied',
        message: `User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        $metadata: { httpStatusCode: 403 },
      });
    }
  });

  test('gives the external id that the role asks for', async () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'ours' } };
    await createRole('external', { Condition });
    const request = {
      RoleArn: 'arn:aws:iam::000000000000:role/external',
      RoleSessionName: 'test',
    };
    await expect(sts.assumeRole(request)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(sts.assumeRole({ ...request, ExternalId: 'ours' })).resolves.toBeDefined();
  });

  test('from another account needs the trust of that account alone for its administrator', async () => {
    const other = aws.client(STS, { account: '111111111111' });
    const request = { RoleArn: roleArn, RoleSessionName: 'test' };
    await expect(other.assumeRole(request)).rejects.toMatchObject({ name: 'AccessDenied' });
    await createRole('shared', { Principal: { AWS: '111111111111' } });
    const shared = { ...request, RoleArn: 'arn:aws:iam::000000000000:role/shared' };
    await expect(other.assumeRole(shared)).resolves.toBeDefined();
  });

  test('of a role by a role needs a right of the first', async () => {
    await createRole('next', { Principal: { AWS: '000000000000' } });
    const request = {
      RoleArn: 'arn:aws:iam::000000000000:role/next',
      RoleSessionName: 'test',
    };
    const consumer = await session({});
    await expect(consumer.sts.assumeRole(request)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        'because no identity-based policy allows the sts:AssumeRole action',
      ),
    });
    await allow('sts:AssumeRole');
    await expect(consumer.sts.assumeRole(request)).resolves.toBeDefined();
  });

  test('a session may do what both its role and its policies allow', async () => {
    await allow('ssm:*');
    const Policy = policy('ssm:GetParameter');
    const { ssm } = await session({ Policy });
    await aws.client(SSM).putParameter({ Name: 'a', Value: '1', Type: 'String' });
    expect((await ssm.getParameter({ Name: 'a' })).Parameter?.Value).toBe('1');
    await expect(ssm.deleteParameter({ Name: 'a' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no session policy allows'),
      $metadata: { httpStatusCode: 400 },
    });
    const readOnly = await session({
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    });
    await expect(readOnly.ssm.deleteParameter({ Name: 'a' })).rejects.toThrow('session policy');
    await expect(session({ Policy: '{}' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
  });

  test('tags of a session count as tags of its principal', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'orders' } };
    await allow('ssm:GetParameter', { Condition });
    await aws.client(SSM).putParameter({ Name: 'a', Value: '1', Type: 'String' });
    const tagged = await session({ Tags: [{ Key: 'team', Value: 'orders' }] });
    await expect(tagged.ssm.getParameter({ Name: 'a' })).resolves.toBeDefined();
    const { ssm } = await session({});
    await expect(ssm.getParameter({ Name: 'a' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  function policy(Action: string, more: object = {}): string {
    const Statement = [{ Effect: 'Allow', Action, Resource: '*', ...more }];
    return JSON.stringify({ Version: '2012-10-17', Statement });
  }

  async function allow(action: string, more?: object): Promise<void> {
    await aws.client(IAM).putRolePolicy({
      RoleName: 'consumer',
      PolicyName: 'consumer',
      PolicyDocument: policy(action, more),
    });
  }

  /** Clients of a new session of the consumer. */
  async function session(limits: Partial<AssumeRoleCommandInput>) {
    const request = { RoleArn: roleArn, RoleSessionName: 'test', ...limits };
    const { Credentials } = await sts.assumeRole(request);
    const account = Credentials?.AccessKeyId;
    return { sts: aws.client(STS, { account }), ssm: aws.client(SSM, { account }) };
  }
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
