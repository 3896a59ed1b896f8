import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { IAM } from '@aws-sdk/client-iam';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';
import { Roles } from './support';

const StackName = 'Test';
let aws: Emulator<ManualClock>;
let roles: Roles;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  roles = new Roles(aws);
});

afterEach(() => aws.stop());

/** A template with a queue and a function that has a role of its own. */
const TemplateBody = JSON.stringify({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
  },
});

function trust(service: string) {
  const Statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return { Version: '2012-10-17', Statement };
}

const Capabilities = ['CAPABILITY_IAM' as const];
const RoleARN = 'arn:aws:iam::000000000000:role/execution';

async function executionRole(service: string, ...actions: string[]): Promise<void> {
  await aws.client(IAM).createRole({
    RoleName: 'execution',
    AssumeRolePolicyDocument: JSON.stringify(trust(service)),
  });
  await roles.allow('execution', ...actions);
}

async function failures(client: CloudFormation): Promise<(string | undefined)[]> {
  const { StackEvents = [] } = await client.describeStackEvents({ StackName });
  return StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED').map(
    ({ ResourceStatusReason }) => ResourceStatusReason,
  );
}

test('a role has to be one that the caller may pass and CloudFormation may assume', async () => {
  await executionRole('cloudformation.amazonaws.com', '*');
  await roles.create('deployer', 'cloudformation:*');
  const deployer = await roles.client(CloudFormation, 'deployer');
  const request = { StackName, TemplateBody, Capabilities, RoleARN };
  await expect(deployer.createStack(request)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(
      `is not authorized to perform: iam:PassRole on resource: ${RoleARN}`,
    ),
    $metadata: { httpStatusCode: 403 },
  });
  await roles.create('other');
  await roles.allow('deployer', 'cloudformation:*', 'iam:PassRole');
  const other = roles.arn('other');
  await expect(deployer.createStack({ ...request, RoleARN: other })).rejects.toMatchObject({
    name: 'ValidationError',
    message: `Role ${other} is invalid or cannot be assumed`,
  });
});

test('a stack is made, and taken down, as the role that it is given', async () => {
  const needed = ['sqs:*', 'iam:*', 'lambda:*'];
  await executionRole('cloudformation.amazonaws.com', ...needed);
  await roles.create('deployer', 'cloudformation:*', 'iam:PassRole');
  const deployer = await roles.client(CloudFormation, 'deployer');
  await deployer.createStack({ StackName, TemplateBody, Capabilities, RoleARN });
  await aws.clock.settle();
  const { Stacks: [stack] = [] } = await deployer.describeStacks({ StackName });
  expect(stack).toMatchObject({ RoleARN, StackStatus: 'CREATE_COMPLETE' });
  // A right to pass the role is no longer asked for.
  await roles.allow('deployer', 'cloudformation:*');
  await deployer.deleteStack({ StackName });
  await aws.clock.settle();
  const { Stacks: [gone] = [] } = await deployer.describeStacks({ StackName: stack?.StackId });
  expect(gone?.StackStatus).toBe('DELETE_COMPLETE');
});

test.each([
  ['sqs:CreateQueue', ['iam:*', 'lambda:*']],
  ['iam:CreateRole', ['sqs:*', 'lambda:*', 'iam:PassRole', 'iam:DeleteRole']],
  ['lambda:CreateFunction', ['sqs:*', 'iam:*']],
  ['iam:PassRole', ['sqs:*', 'lambda:*', 'iam:CreateRole', 'iam:DeleteRole']],
])('without a right to %s the deployment fails', async (missing, actions) => {
  await executionRole('cloudformation.amazonaws.com', ...actions);
  const client = aws.client(CloudFormation);
  await client.createStack({ StackName, TemplateBody, Capabilities, RoleARN });
  await aws.clock.settle();
  const spelled = missing.startsWith('sqs:') ? missing.toLowerCase() : missing;
  expect(await failures(client)).toContainEqual(
    expect.stringContaining(`is not authorized to perform: ${spelled}`),
  );
});

test('a rollback that is called for goes as the role that it is given', async () => {
  const client = aws.client(CloudFormation);
  // Without its right to pass a role the function fails, and everything is left as it is.
  const needed = ['sqs:*', 'iam:CreateRole', 'iam:DeleteRole', 'lambda:*'];
  await executionRole('cloudformation.amazonaws.com', ...needed);
  await client.createStack({
    StackName,
    TemplateBody,
    Capabilities,
    RoleARN,
    OnFailure: 'DO_NOTHING',
  });
  await aws.clock.settle();
  const rolledBack = async (role: string) => {
    await client.rollbackStack({ StackName, RoleARN: roles.arn(role) });
    await aws.clock.settle();
    const { Stacks: [stack] = [] } = await client.describeStacks({ StackName });
    return stack?.StackStatus;
  };
  await aws.client(IAM).createRole({
    RoleName: 'weak',
    AssumeRolePolicyDocument: JSON.stringify(trust('cloudformation.amazonaws.com')),
  });
  await roles.allow('weak', 'iam:*', 'lambda:*');
  expect(await rolledBack('weak')).toBe('ROLLBACK_FAILED');
});
