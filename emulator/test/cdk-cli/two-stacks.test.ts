import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CdkCli } from './cdk';

// One story, told in order: each test goes on where the one before ended.
describe('the CDK CLI with several stacks, a nested one, a custom resource and a large asset', () => {
  let cdk: CdkCli;
  let first: string;
  let second: string;
  let third: string;
  let leaksAfterBootstrap: string[];

  beforeAll(async () => {
    cdk = await CdkCli.start();
    const app = 'two-stacks-app.js';
    first = await cdk.synthesise(app, 'first');
    second = await cdk.synthesise(app, 'second');
    // Differs from the second in the function's code only.
    third = await cdk.synthesise(app, 'third');
    await cdk.run(['bootstrap', `aws://000000000000/${cdk.aws.region}`]);
    leaksAfterBootstrap = cdk.aws.leaks();
  });
  afterAll(() => cdk.stop());

  const deploy = (assembly: string, ...options: string[]) =>
    cdk.run(['deploy', '--require-approval', 'never', '--app', assembly, ...options]);

  const consumer = async (): Promise<Stack | undefined> => {
    const client = cdk.aws.client(CloudFormationClient);
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'Consumer' }));
    return Stacks?.[0];
  };

  const output = async (key: string): Promise<string> => {
    const outputs = (await consumer())?.Outputs ?? [];
    return outputs.find((one) => one.OutputKey === key)?.OutputValue ?? '';
  };

  const innerTimeout = async () => {
    const { Attributes } = await cdk.aws.client(SQSClient).send(
      new GetQueueAttributesCommand({
        QueueUrl: await output('InnerUrl'),
        AttributeNames: ['VisibilityTimeout'],
      }),
    );
    return Attributes?.VisibilityTimeout;
  };

  const answer = async () => {
    const { Payload } = await cdk.aws
      .client(LambdaClient)
      .send(new InvokeCommand({ FunctionName: await output('FunctionName') }));
    return JSON.parse(Payload?.transformToString() ?? 'null');
  };

  test('deploy of one stack brings those that it needs', async () => {
    const { code, output: text } = await deploy(first, 'Consumer');
    expect(text).toContain('✅  Producer');
    expect(text).toContain('✅  Consumer');
    expect(code).toBe(0);
    expect([await innerTimeout(), await answer(), await output('Was')]).toEqual([
      '10',
      'first',
      'nothing',
    ]);
    const [, bucket = '', key] = new URL(await output('LargeUrl')).pathname.split('/');
    const [host = ''] = new URL(await output('LargeUrl')).hostname.split('.');
    const asset = { Bucket: key === undefined ? host : bucket, Key: key ?? bucket };
    const { ContentLength } = await cdk.aws.client(S3Client).send(new HeadObjectCommand(asset));
    expect(ContentLength).toBe(6_000_000);
  });

  test('deploy again reaches the nested stack, the function and the custom resource', async () => {
    const { code, output: text } = await deploy(second, '--all');
    expect(text).toContain('✅  Producer (no changes)');
    expect(text).toMatch(/UPDATE_COMPLETE\s+\| AWS::CloudFormation::CustomResource/);
    expect(text).toMatch(/DELETE_COMPLETE\s+\| AWS::CloudFormation::CustomResource/);
    expect(code).toBe(0);
    expect([await innerTimeout(), await answer(), await output('Was')]).toEqual([
      '20',
      'second',
      'first',
    ]);
  });

  test('deploy --hotswap changes a function without CloudFormation', async () => {
    const before = await consumer();
    const { code, output: text } = await deploy(second, 'Consumer', '--exclusively', '--hotswap');
    expect(text).toContain('Consumer (no changes)');
    expect(code).toBe(0);
    expect((await deploy(third, 'Consumer', '--exclusively', '--hotswap')).output).toMatch(
      /AWS::Lambda::Function 'Consumer-Function\w+-\w+' hotswapped!/,
    );
    expect(await answer()).toBe('third');
    expect(await consumer()).toEqual(before);
  });

  test('destroy of all leaves nothing behind', async () => {
    const { code, output: text } = await cdk.run(['destroy', '--all', '--force', '--app', second]);
    expect(text).toContain('✅  Consumer: destroyed');
    expect(text).toContain('✅  Producer: destroyed');
    expect(code).toBe(0);
    // Lambda itself makes log groups, which outlive their functions on AWS too.
    const leaks = cdk.aws.leaks().filter((line) => !line.includes('log-group:/aws/lambda/'));
    expect(leaks).toEqual(leaksAfterBootstrap);
  });
});
