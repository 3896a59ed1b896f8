import { IAM } from '@aws-sdk/client-iam';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
});
const document = policy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' });

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

let aws: Emulator<ManualClock>;
let iam: IAM;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  iam = aws.client(IAM);
});

afterEach(() => aws.stop());

async function createRole(name = 'worker'): Promise<void> {
  await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: trust });
}

describe('roles', () => {
  test('are created, found and listed', async () => {
    const { Role: role } = await iam.createRole({
      RoleName: 'worker',
      Path: '/shop/',
      AssumeRolePolicyDocument: trust,
      Tags: [{ Key: 'team', Value: 'orders' }],
    });
    expect(role).toMatchObject({
      Arn: 'arn:aws:iam::000000000000:role/shop/worker',
      RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
      MaxSessionDuration: 3600,
    });
    const found = await iam.getRole({ RoleName: 'worker' });
    expect(decodeURIComponent(found.Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
    expect(found.Role?.Tags).toEqual([{ Key: 'team', Value: 'orders' }]);
    const listed = await iam.listRoles({ PathPrefix: '/shop/' });
    expect(listed.Roles?.map((one) => one.RoleName)).toEqual(['worker']);
    expect(aws.leaks()).toEqual(['IAM role arn:aws:iam::000000000000:role/shop/worker']);
  });

  test('are listed page by page', async () => {
    for (const name of ['c', 'a', 'b']) await createRole(name);
    const first = await iam.listRoles({ MaxItems: 2 });
    expect(first.Roles?.map((one) => one.RoleName)).toEqual(['a', 'b']);
    expect(first.IsTruncated).toBe(true);
    const second = await iam.listRoles({ MaxItems: 2, Marker: first.Marker });
    expect(second.Roles?.map((one) => one.RoleName)).toEqual(['c']);
    expect(second.IsTruncated).toBe(false);
  });

  test('fail to be created twice, whatever the case', async () => {
    await createRole('worker');
    await expect(createRole('Worker')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name Worker already exists.',
    });
  });

  test('that are not there answer NoSuchEntity', async () => {
    await expect(iam.getRole({ RoleName: 'nobody' })).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name nobody cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test.each([
    ['inline policies', 'must delete policies first.', putInline],
    ['attached policies', 'must detach all policies first.', attach],
    ['instance profiles', 'must remove roles from instance profile first.', addToProfile],
  ])('cannot be deleted while they have %s', async (_what, reason, prepare) => {
    await createRole();
    await prepare();
    await expect(iam.deleteRole({ RoleName: 'worker' })).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: `Cannot delete entity, ${reason}`,
    });
  });

  async function putInline() {
    await iam.putRolePolicy({ RoleName: 'worker', PolicyName: 'p', PolicyDocument: document });
  }
  async function attach() {
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await iam.attachRolePolicy({ RoleName: 'worker', PolicyArn });
  }
  async function addToProfile() {
    await iam.createInstanceProfile({ InstanceProfileName: 'machines' });
    await iam.addRoleToInstanceProfile({ InstanceProfileName: 'machines', RoleName: 'worker' });
  }

  test.each([
    ['an AWS managed policy', 'arn:aws:iam::aws:policy/NoSuchPolicy', 'NotImplemented'],
    ['one of the account', 'arn:aws:iam::000000000000:policy/none', 'NoSuchEntityException'],
  ])('refuse the attachment of %s that is not there', async (_what, PolicyArn, name) => {
    await createRole();
    const call = iam.attachRolePolicy({ RoleName: 'worker', PolicyArn });
    await expect(call).rejects.toMatchObject({ name });
  });
});

describe('policy documents', () => {
  test.each([
    ['not JSON', '{', 'Syntax errors in policy.'],
    [
      'without a resource',
      policy({ Effect: 'Allow', Action: 'sqs:*' }),
      'Policy statement must contain resources.',
    ],
    [
      'without an action',
      policy({ Effect: 'Allow', Resource: '*' }),
      'Policy statement must contain actions.',
    ],
    [
      'with an action of no service',
      policy({ Effect: 'Allow', Action: 'SendMessage', Resource: '*' }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'with a resource that is no ARN',
      policy({ Effect: 'Allow', Action: 'sqs:*', Resource: 'orders' }),
      'Resource orders must be in ARN format or "*".',
    ],
    [
      'with a principal',
      policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*', Principal: '*' }),
      'Policy document should not specify a principal.',
    ],
    [
      'with an unknown effect',
      policy({ Effect: 'Maybe', Action: 'sqs:*', Resource: '*' }),
      'Syntax errors in policy.',
    ],
  ])('are malformed if %s', async (_what, PolicyDocument, message) => {
    const call = iam.createPolicy({ PolicyName: 'p', PolicyDocument });
    await expect(call).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });

  test.each([
    ['names a resource', { Resource: '*' }, 'Has prohibited field Resource'],
    [
      'allows something else',
      { Action: 'sqs:SendMessage' },
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    ['names nobody', { Principal: undefined }, 'Missing required field Principal'],
  ])('are malformed as a trust policy that %s', async (_what, part, message) => {
    const call = iam.createRole({
      RoleName: 'worker',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
        ...part,
      }),
    });
    await expect(call).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });
});

describe('managed policies', () => {
  const PolicyArn = 'arn:aws:iam::000000000000:policy/send';

  beforeEach(() => iam.createPolicy({ PolicyName: 'send', PolicyDocument: document }));

  test('keep five versions', async () => {
    for (let i = 0; i < 4; i++)
      await iam.createPolicyVersion({ PolicyArn, PolicyDocument: document, SetAsDefault: true });
    const { Versions: versions } = await iam.listPolicyVersions({ PolicyArn });
    expect(versions?.map((one) => one.VersionId)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
    expect(versions?.filter((one) => one.IsDefaultVersion).map((one) => one.VersionId)).toEqual([
      'v5',
    ]);
    await expect(
      iam.createPolicyVersion({ PolicyArn, PolicyDocument: document }),
    ).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  test('cannot be deleted while they are attached', async () => {
    await createRole();
    await iam.attachRolePolicy({ RoleName: 'worker', PolicyArn });
    expect((await iam.getPolicy({ PolicyArn })).Policy?.AttachmentCount).toBe(1);
    const { PolicyRoles: roles } = await iam.listEntitiesForPolicy({ PolicyArn });
    expect(roles?.map((one) => one.RoleName)).toEqual(['worker']);
    await expect(iam.deletePolicy({ PolicyArn })).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam.detachRolePolicy({ RoleName: 'worker', PolicyArn });
    await iam.deletePolicy({ PolicyArn });
    await iam.deleteRole({ RoleName: 'worker' });
    expect(aws.leaks()).toEqual([]);
  });

  test('may have 6,144 characters, white space apart', async () => {
    const sized = (length: number) => {
      const empty = policy({ Sid: '', Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
      const Sid = 'x'.repeat(length - empty.length);
      return policy({ Sid, Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    };
    await iam.createPolicy({ PolicyName: 'full', PolicyDocument: `${sized(6144)}     ` });
    await expect(
      iam.createPolicy({ PolicyName: 'over', PolicyDocument: sized(6145) }),
    ).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PolicySize: 6144',
    });
  });
});

test('an instance profile takes one role', async () => {
  await createRole('one');
  await createRole('two');
  const InstanceProfileName = 'machines';
  await iam.createInstanceProfile({ InstanceProfileName });
  await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: 'one' });
  await expect(
    iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: 'two' }),
  ).rejects.toMatchObject({ name: 'LimitExceededException' });
  const { InstanceProfile: profile } = await iam.getInstanceProfile({ InstanceProfileName });
  expect(profile?.Roles?.map((role) => role.RoleName)).toEqual(['one']);
});

test('accounts do not see each other', async () => {
  await createRole();
  const other = aws.client(IAM, { account: '111111111111' });
  expect((await other.listRoles({})).Roles).toEqual([]);
});
