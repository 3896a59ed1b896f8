import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { type CreateFunctionCommandInput, Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { App, Stack } from 'aws-cdk-lib';
import { CfnEventSourceMapping, Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { strToU8, zipSync } from 'fflate';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

let aws: Emulator<ManualClock>;
let iam: IAM;
let lambda: Lambda;
let sqs: SQS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  iam = aws.client(IAM);
  lambda = aws.client(Lambda);
  sqs = aws.client(SQS);
});

afterEach(() => aws.stop());

const arnOf = (role: string) => `arn:aws:iam::000000000000:role/${role}`;

async function createRole(RoleName: string, Principal: object, ...actions: string[]) {
  const trust = { Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } };
  await iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) });
  await setActions(RoleName, ...actions);
}

async function setActions(RoleName: string, ...actions: string[]): Promise<void> {
  const PolicyName = 'rights';
  if (actions.length === 0) return;
  const Statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument });
}

const workerTrust = { Service: 'lambda.amazonaws.com' };

function definition(role: string, code = 'exports.handler = async () => 1;') {
  return {
    FunctionName: 'fn',
    Role: arnOf(role),
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipSync({ 'index.js': strToU8(code) }) },
  } satisfies CreateFunctionCommandInput;
}

async function clientOf<T>(Client: Parameters<typeof aws.client<T>>[0], role: string) {
  const { Credentials } = await aws
    .client(STS)
    .assumeRole({ RoleArn: arnOf(role), RoleSessionName: 'test' });
  return aws.client(Client, { account: Credentials?.AccessKeyId });
}

describe('the role of a function', () => {
  test.each([
    ['is missing', async () => undefined],
    ['trusts somebody else', () => createRole('worker', { Service: 'ec2.amazonaws.com' })],
  ])('that %s keeps the function from being made', async (_what, make) => {
    await make();
    await expect(lambda.createFunction(definition('worker'))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('of another account cannot be passed', async () => {
    const Role = 'arn:aws:iam::111111111111:role/worker';
    const call = lambda.createFunction({ ...definition('worker'), Role });
    await expect(call).rejects.toThrow('Cross-account pass role is not allowed.');
  });

  test('has to be one that the caller may pass', async () => {
    await createRole('worker', workerTrust);
    await createRole('deployer', { AWS: '000000000000' }, 'lambda:*');
    const deployer = await clientOf(Lambda, 'deployer');
    await expect(deployer.createFunction(definition('worker'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/deployer/test is not authorized to perform: iam:PassRole on resource: ${arnOf('worker')} because no identity-based policy allows the iam:PassRole action`,
      $metadata: { httpStatusCode: 403 },
    });
    await setActions('deployer', 'lambda:*', 'iam:PassRole');
    await deployer.createFunction(definition('worker'));
    await setActions('deployer', 'lambda:*');
    const change = deployer.updateFunctionConfiguration({
      FunctionName: 'fn',
      Role: arnOf('worker'),
    });
    await expect(change).rejects.toThrow('iam:PassRole');
    await expect(
      deployer.updateFunctionConfiguration({ FunctionName: 'fn', MemorySize: 256 }),
    ).resolves.toBeDefined();
  });

  test('decides what the function may do', async () => {
    await createRole('worker', workerTrust);
    await lambda.createFunction(
      definition(
        'worker',
        `const { SQS } = require('@aws-sdk/client-sqs');
        exports.handler = async (event) => {
          try { await new SQS().sendMessage(event); return 'sent'; } catch (error) { return error.message; }
        };`,
      ),
    );
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'jobs' });
    const invoke = async () => {
      const Payload = JSON.stringify({ QueueUrl, MessageBody: 'a' });
      const answer = await lambda.invoke({ FunctionName: 'fn', Payload });
      return JSON.parse(answer.Payload?.transformToString() ?? '');
    };
    expect(await invoke()).toBe(
      'User: arn:aws:sts::000000000000:assumed-role/worker/fn is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:jobs because no identity-based policy allows the sqs:sendmessage action',
    );
    expect(String(aws.iam.denials())).toContain('DENIED  sqs:SendMessage');
    await setActions('worker', 'sqs:SendMessage');
    expect(await invoke()).toBe('sent');
  });

  test('decides whether there are logs', async () => {
    await createRole('worker', workerTrust);
    await lambda.createFunction(
      definition('worker', 'exports.handler = async () => console.log("here");'),
    );
    const logGroupName = '/aws/lambda/fn';
    const logs = aws.client(CloudWatchLogs);
    const { LogResult } = await lambda.invoke({ FunctionName: 'fn', LogType: 'Tail' });
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain('here');
    expect((await logs.describeLogGroups({})).logGroups).toEqual([]);
    await iam.attachRolePolicy({
      RoleName: 'worker',
      PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    });
    await lambda.invoke({ FunctionName: 'fn' });
    const { events = [] } = await logs.filterLogEvents({ logGroupName, filterPattern: 'here' });
    expect(events).toHaveLength(1);
  });
});

describe('a queue as an event source', () => {
  const poll = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:jobs';

  test.each(poll)('needs %s of the role', async (missing) => {
    await createRole('worker', workerTrust, 'logs:*', ...poll.filter((one) => one !== missing));
    await lambda.createFunction(definition('worker'));
    await sqs.createQueue({ QueueName: 'jobs' });
    const mapping = { FunctionName: 'fn', EventSourceArn };
    await expect(lambda.createEventSourceMapping(mapping)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `The function execution role does not have permissions to call ${missing.slice(4)} on SQS`,
    });
    await setActions('worker', ...poll);
    await expect(lambda.createEventSourceMapping(mapping)).resolves.toBeDefined();
  });

  test('is polled as the role: a right that is taken away stops it', async () => {
    await createRole('worker', workerTrust, ...poll);
    await lambda.createFunction(definition('worker'));
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'jobs' });
    await lambda.createEventSourceMapping({ FunctionName: 'fn', EventSourceArn });
    await setActions('worker', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
    await sqs.sendMessage({ QueueUrl, MessageBody: 'a' });
    await aws.clock.advance(60_000);
    expect(String(aws.iam.denials())).toContain(`DENIED  sqs:ReceiveMessage on ${EventSourceArn}`);
    await setActions('worker', ...poll);
    await sqs.sendMessage({ QueueUrl, MessageBody: 'b' });
    await aws.clock.advance(60_000);
    expect(aws.journal.hops({ kind: 'succeeded' })).toHaveLength(2);
  });

  test('fails a deployment whose role lacks a right, in the same words', async () => {
    const stack = new Stack(new App(), 'Test');
    const fn = new Fn(stack, 'Fn', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => 1;'),
    });
    const queue = new Queue(stack, 'Queue');
    new CfnEventSourceMapping(stack, 'Mapping', {
      functionName: fn.functionName,
      eventSourceArn: queue.queueArn,
    });
    await expect(aws.deploy(stack)).rejects.toThrow(
      'Mapping (AWS::Lambda::EventSourceMapping): The function execution role does not have permissions to call ReceiveMessage on SQS',
    );
  });
});

describe('invoking a function', () => {
  beforeEach(async () => {
    await createRole('worker', workerTrust);
    await lambda.createFunction(definition('worker'));
    await createRole('caller', { AWS: '000000000000' });
  });

  test('needs a right to the function, or to the alias that is named', async () => {
    const caller = await clientOf(Lambda, 'caller');
    await expect(caller.invoke({ FunctionName: 'fn' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:fn because no identity-based policy',
      ),
      $metadata: { httpStatusCode: 403 },
    });
    await expect(caller.invoke({ FunctionName: 'fn', Qualifier: 'live' })).rejects.toThrow(
      'function:fn:live',
    );
  });

  test('from another account needs a permission of the function', async () => {
    const FunctionName = 'arn:aws:lambda:us-east-1:000000000000:function:fn';
    const other = aws.client(Lambda, { account: '111111111111' });
    await expect(other.invoke({ FunctionName })).rejects.toThrow('no resource-based policy');
    await lambda.addPermission({
      FunctionName,
      StatementId: 'other',
      Action: 'lambda:InvokeFunction',
      Principal: '111111111111',
    });
    const { StatusCode } = await other.invoke({ FunctionName });
    expect(StatusCode).toBe(200);
  });
});
