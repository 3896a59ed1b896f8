import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteQueueCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { CdkCli } from './cdk';

// One story, told in order: each test goes on where the one before ended.
describe('the CDK CLI, unmodified, from bootstrap to destroy', () => {
  let cdk: CdkCli;
  let first: string;
  let second: string;
  let broken: string;
  let brokenSecond: string;
  let leaksAfterBootstrap: string[];

  beforeAll(async () => {
    cdk = await CdkCli.start();
    [first, second, broken, brokenSecond] = await Promise.all([
      cdk.synthesise('sale-day-app.js', 'first'),
      cdk.synthesise('sale-day-app.js', 'second'),
      cdk.synthesise('sale-day-app.js', 'broken'),
      cdk.synthesise('sale-day-app.js', 'second-broken'),
    ]);
  });
  afterAll(() => cdk.stop());

  const deploy = (assembly: string, ...options: string[]) =>
    cdk.run(['deploy', '--require-approval', 'never', '--app', assembly, ...options]);

  const status = async () => {
    const client = cdk.aws.client(CloudFormationClient);
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'SaleDay' }));
    return Stacks?.[0]?.StackStatus;
  };

  const namedQueues = async () => {
    const { QueueUrls = [] } = await cdk.aws
      .client(SQSClient)
      .send(new ListQueuesCommand({ QueueNamePrefix: 'named-' }));
    return QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1));
  };

  test('deploy before bootstrap says what to do', async () => {
    const { code, output } = await deploy(first);
    expect(output).toMatch(/has the environment been bootstrapped\?/i);
    expect(code).toBe(1);
  });

  test('bootstrap, twice', async () => {
    const environment = `aws://000000000000/${cdk.aws.region}`;
    const once = await cdk.run(['bootstrap', environment]);
    expect(once.output).toContain(`Environment ${environment} bootstrapped.`);
    expect(once.code).toBe(0);
    const again = await cdk.run(['bootstrap', environment]);
    expect(again.output).toContain(`Environment ${environment} bootstrapped (no changes).`);
    expect(again.code).toBe(0);
    leaksAfterBootstrap = cdk.aws.leaks();
  });

  test('ls', async () => {
    expect(await cdk.run(['ls', '--app', first])).toEqual({ code: 0, output: 'SaleDay\n' });
  });

  test('a deployment that fails is rolled back, with its reason at the right resource', async () => {
    const { code, output } = await deploy(broken);
    expect(output).toMatch(/Broken.*Dead letter target does not exist/s);
    expect(code).toBe(1);
    expect(await status()).toBe('ROLLBACK_COMPLETE');
    expect(await namedQueues()).toEqual([]);
  });

  test('deploy after a failed deployment', async () => {
    const { code, output } = await deploy(first);
    expect(output).toContain('✅  SaleDay');
    expect(output).toMatch(
      /SaleDay\.NamedUrl = http:\/\/127\.0\.0\.1:\d+\/000000000000\/named-one/,
    );
    expect(code).toBe(0);
    expect(await status()).toBe('CREATE_COMPLETE');
  });

  test('diff finds no differences', async () => {
    const { code, output } = await cdk.run(['diff', '--fail', '--app', first]);
    expect(output).toContain('Number of stacks with differences: 0');
    expect(code).toBe(0);
  });

  test('deploy without changes', async () => {
    const { code, output } = await deploy(first, '--force');
    expect(output).toContain('✅  SaleDay (no changes)');
    expect(code).toBe(0);
    expect(await status()).toBe('CREATE_COMPLETE');
  });

  test('diff tells what changes, and what is replaced', async () => {
    const { code, output } = await cdk.run(['diff', '--app', second]);
    expect(output).toMatch(/\[~\] AWS::SQS::Queue Named Named\w+ replace/);
    expect(output).toMatch(/QueueName \(requires replacement\)/);
    expect(output).toContain('Number of stacks with differences: 1');
    expect(code).toBe(0);
  });

  test('deploy with changes, in place and by replacement', async () => {
    const { code, output } = await deploy(second);
    expect(output).toContain('✅  SaleDay');
    expect(output).toMatch(/UPDATE_COMPLETE\s+\| AWS::Lambda::EventSourceMapping/);
    expect(code).toBe(0);
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(await namedQueues()).toEqual(['named-two']);
  });

  test('an update that fails leaves everything as it was', async () => {
    const { code, output } = await deploy(broken);
    expect(output).toMatch(/Broken.*Dead letter target does not exist/s);
    expect(code).toBe(1);
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await namedQueues()).toEqual(['named-two']);
  });

  test('deploy --no-rollback leaves what failed, and rollback takes it back', async () => {
    const failed = await deploy(brokenSecond, '--no-rollback');
    expect(failed.output).toMatch(/Broken.*Dead letter target does not exist/s);
    expect(failed.code).toBe(1);
    expect(await status()).toBe('UPDATE_FAILED');
    const rolledBack = await cdk.run(['rollback', '--app', second]);
    expect(rolledBack.code).toBe(0);
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('deploy --method=direct, with and without changes', async () => {
    const changed = await deploy(first, '--method=direct');
    expect(changed.output).toContain('✅  SaleDay');
    expect(changed.code).toBe(0);
    expect(await namedQueues()).toEqual(['named-one']);
    const unchanged = await deploy(first, '--method=direct', '--force');
    expect(unchanged.output).toContain('✅  SaleDay (no changes)');
    expect(unchanged.code).toBe(0);
  });

  test('destroy leaves nothing behind', async () => {
    const { code, output } = await cdk.run(['destroy', '--force', '--app', first]);
    expect(output).toContain('✅  SaleDay: destroyed');
    expect(code).toBe(0);
    expect(cdk.aws.leaks()).toEqual(leaksAfterBootstrap);
  });

  test('a stack that never was is deployed directly', async () => {
    const { code, output } = await deploy(first, '--method=direct');
    expect(output).toContain('✅  SaleDay');
    expect(code).toBe(0);
    expect(await status()).toBe('CREATE_COMPLETE');
  });

  test('drift finds nothing, and then what somebody has changed and deleted', async () => {
    const none = await cdk.run(['drift', '--fail', '--app', first]);
    expect(none.output).toContain('No drift detected');
    expect(none.code).toBe(0);
    const sqs = cdk.aws.client(SQSClient);
    const { QueueUrls: [named] = [] } = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: 'named-' }),
    );
    const { Stacks: [stack] = [] } = await cdk.aws
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: 'SaleDay' }));
    const orders = stack?.Outputs?.find(({ OutputKey: key }) => key === 'QueueUrl')?.OutputValue;
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: orders, Attributes: { VisibilityTimeout: '600' } }),
    );
    await sqs.send(new DeleteQueueCommand({ QueueUrl: named }));
    const some = await cdk.run(['drift', '--fail', '--app', first]);
    expect(some.output).toMatch(
      /\[~\] AWS::SQS::Queue Orders\/Queue\/Queue \w+\n └─ \[~\] \/VisibilityTimeout\n +├─ \[-\] 180\n +└─ \[\+\] 600/,
    );
    expect(some.output).toMatch(/Deleted Resources\n\[-\] AWS::SQS::Queue Named Named\w+/);
    expect(some.output).toContain('2 resources have drifted from their expected configuration');
    expect(some.code).toBe(1);
  });
});
