import {
  GetFunctionConfigurationCommand,
  InvocationType,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { App, CfnOutput, CustomResource, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

let aws: Emulator<ManualClock>;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});

afterEach(() => aws.stop());

const python = 'def handler(event, context): pass';

interface StackOptions {
  readonly resourceType?: string;
  readonly runtime?: Runtime;
  readonly code?: string;
  readonly properties?: Record<string, unknown>;
}

/** What the handler of aws-cdk-lib may do. */
const notify = new PolicyStatement({ actions: ['s3:PutBucketNotification'], resources: ['*'] });

/** A function behind a custom resource that the emulator handles natively, unless told otherwise. */
function natively({
  resourceType = 'Custom::S3BucketNotifications',
  runtime = Runtime.PYTHON_3_13,
  code = python,
  properties = {},
}: StackOptions = {}) {
  const stack = new Stack(new App(), 'Test');
  const fn = new LambdaFunction(stack, 'Handler', {
    functionName: 'handler',
    runtime,
    handler: 'index.handler',
    code: Code.fromInline(code),
    initialPolicy: [notify],
  });
  const bucket = new Bucket(stack, 'Bucket', { bucketName: 'bucket' });
  const resource = new CustomResource(stack, 'Resource', {
    serviceToken: fn.functionArn,
    resourceType,
    properties: {
      BucketName: bucket.bucketName,
      NotificationConfiguration: { EventBridgeConfiguration: undefined },
      ...properties,
    },
  });
  return { stack, fn, resource };
}

describe('a function that cannot run', () => {
  test('is recorded where it serves only custom resources that are handled natively', async () => {
    const { stack, fn } = natively();
    // None of these would have it run.
    new LogGroup(stack, 'Logs', { logGroupName: `/aws/lambda/${fn.functionName}` });
    new Alarm(stack, 'Alarm', { metric: fn.metricErrors(), threshold: 1, evaluationPeriods: 1 });
    new CfnOutput(stack, 'Arn', { value: fn.functionArn });
    const deployment = await aws.deploy(stack);
    expect(deployment.output('Arn')).toBe('arn:aws:lambda:us-east-1:000000000000:function:handler');
    expect(deployment.levels()).toContainEqual({
      type: 'AWS::Lambda::Function',
      level: 'recorded',
      count: 1,
    });
    const lambda = aws.client(LambdaClient);
    const FunctionName = 'handler';
    const shown = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(shown).toMatchObject({ Runtime: 'python3.13', Handler: 'index.handler' });
    for (const type of [InvocationType.RequestResponse, InvocationType.Event]) {
      const invocation = new InvokeCommand({ FunctionName, InvocationType: type });
      await expect(lambda.send(invocation)).rejects.toThrow(
        'does not implement the function handler (python3.13): it is only recorded, and the custom resources that it serves are handled without it',
      );
    }
  });

  test('is refused where nothing is handled natively', async () => {
    const { stack } = natively({ resourceType: 'Custom::Other' });
    await expect(aws.deploy(stack)).rejects.toThrow(
      /\(AWS::Lambda::Function\): AWS::Lambda::Function does not support runtime python3\.13/,
    );
  });

  test.each<[string, (made: ReturnType<typeof natively>) => void, RegExp]>([
    [
      'polls a queue',
      ({ stack, fn }) => fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue'))),
      /for HandlerSqsEventSource\w* \(AWS::Lambda::EventSourceMapping\): only what it does for Resource \(Custom::S3BucketNotifications\) is there/,
    ],
    [
      'is known to another function',
      ({ stack, fn }) => {
        new LambdaFunction(stack, 'Caller', {
          runtime: Runtime.NODEJS_22_X,
          handler: 'index.handler',
          code: Code.fromInline('exports.handler = async () => {}'),
          environment: { HANDLER: fn.functionName },
        });
      },
      /for Caller\w* \(AWS::Lambda::Function\): only what it does for/,
    ],
    [
      'handles another type as well',
      ({ stack, fn }) => {
        new CustomResource(stack, 'Second', { serviceToken: fn.functionArn });
      },
      /for Second \(AWS::CloudFormation::CustomResource\): only what it does for/,
    ],
  ])('is refused where it also %s', async (_name, add, message) => {
    const made = natively();
    add(made);
    const deployment = aws.deploy(made.stack);
    await expect(deployment).rejects.toThrow(message);
    await expect(deployment).rejects.toThrow(/does not support runtime python3\.13/);
  });

  test('is refused where its custom resource has a property that no native handler knows', async () => {
    await expect(aws.deploy(natively({ properties: { Odd: '1' } }).stack)).rejects.toThrow(
      'Resource (Custom::S3BucketNotifications): Custom::S3BucketNotifications does not support Odd ("1")',
    );
  });

  test('may have its log retention set', async () => {
    const stack = new Stack(new App(), 'Test');
    const fn = new LambdaFunction(stack, 'Handler', {
      runtime: Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: Code.fromInline(python),
      initialPolicy: [notify],
    });
    const logGroupName = `/aws/lambda/${fn.functionName}`;
    new LogRetention(stack, 'Retention', { logGroupName, retention: RetentionDays.ONE_DAY });
    new CustomResource(stack, 'Resource', {
      serviceToken: fn.functionArn,
      resourceType: 'Custom::S3BucketNotifications',
      properties: {
        BucketName: new Bucket(stack, 'Bucket').bucketName,
        NotificationConfiguration: {},
      },
    });
    const deployment = await aws.deploy(stack);
    expect(String(deployment)).toMatch(/recorded: AWS::Lambda::Function$/);
  });
});

/** A handler of one's own for a type that aws-cdk-lib has, too. */
const node = `
  const response = require('cfn-response');
  exports.handler = (event, context) => response.send(event, context, 'SUCCESS', {}, 'own');`;

test('a function that runs does so behind a type that could be handled natively', async () => {
  const { stack } = natively({
    runtime: Runtime.NODEJS_22_X,
    code: node,
    properties: { Odd: '1' },
  });
  const deployment = await aws.deploy(stack);
  expect(deployment.physicalId('Resource')).toBe('own');
  expect(deployment.levels()).toContainEqual(
    expect.objectContaining({ type: 'AWS::Lambda::Function', level: 'emulated' }),
  );
});

test('an update gives a recorded function a runtime that runs, and a rollback takes it back', async () => {
  await aws.deploy(natively().stack);
  const runs = natively({ runtime: Runtime.NODEJS_22_X, code: node });
  const failing = natively({
    runtime: Runtime.NODEJS_22_X,
    code: node.replace('SUCCESS', 'FAILED'),
    properties: { SkipDestinationValidation: 'true' },
  });
  await expect(aws.deploy(failing.stack)).rejects.toThrow('UPDATE_ROLLBACK_COMPLETE');
  const lambda = aws.client(LambdaClient);
  const invocation = new InvokeCommand({ FunctionName: 'handler' });
  await expect(lambda.send(invocation)).rejects.toThrow('it is only recorded');
  const deployment = await aws.deploy(runs.stack);
  expect(String(deployment)).not.toMatch(/recorded: .*AWS::Lambda::Function/);
  await aws.destroy(runs.stack);
  expect(aws.leaks().filter((leak) => !leak.includes('/aws/lambda/'))).toEqual([
    'S3 bucket bucket',
  ]);
  await aws.client(S3).deleteBucket({ Bucket: 'bucket' });
});
