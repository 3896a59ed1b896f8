import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { CdkCli } from './cdk';

// One story, told in order: each test goes on where the one before ended.
describe('the CDK CLI with a site that is deployed to a bucket with notifications', () => {
  let cdk: CdkCli;
  let first: string;
  let second: string;
  let leaksAfterBootstrap: string[];

  beforeAll(async () => {
    cdk = await CdkCli.start();
    first = await cdk.synthesise('site-app.js', 'first');
    second = await cdk.synthesise('site-app.js', 'second');
    await cdk.run(['bootstrap', `aws://000000000000/${cdk.aws.region}`]);
    leaksAfterBootstrap = cdk.aws.leaks();
  });
  afterAll(() => cdk.stop());

  const deploy = (assembly: string, ...options: string[]) =>
    cdk.run(['deploy', '--require-approval', 'never', '--app', assembly, ...options]);

  const keys = async () => {
    const { Contents: objects = [] } = await cdk.aws.client(S3).listObjectsV2({ Bucket: 'site' });
    return objects.map(({ Key: key }) => key);
  };

  const text = async (key: string) => {
    const { Body: body } = await cdk.aws.client(S3).getObject({ Bucket: 'site', Key: key });
    return body?.transformToString();
  };

  const sent = () =>
    cdk.aws.journal
      .hops({ kind: 'sent' })
      .filter(({ resource }) => resource === 'arn:aws:sqs:us-east-1:000000000000:uploads').length;

  test('deploys its files, of which the queue is told', async () => {
    expect(await deploy(first)).toMatchObject({ code: 0 });
    expect(await keys()).toEqual(['first.txt', 'index.html', 'queue.json']);
    expect(await text('index.html')).toBe('<p>first</p>');
    expect(await text('queue.json')).toBe('uploads');
  });

  test('deploys another version, and prunes what was only in the first', async () => {
    expect(await deploy(second)).toMatchObject({ code: 0 });
    expect(await keys()).toEqual(['index.html', 'queue.json', 'second.txt']);
    // A test message, and one for each text file.
    expect(sent()).toBe(3);
  });

  test('deploys nothing but topics for the events of the stack, and tells them', async () => {
    const sns = cdk.aws.client(SNS);
    const { TopicArn = '' } = await sns.createTopic({ Name: 'stacks' });
    expect(await deploy(second, '--notification-arns', TopicArn)).toMatchObject({ code: 0 });
    const { Stacks = [] } = await cdk.aws.client(CloudFormation).describeStacks();
    expect(Stacks.map(({ NotificationARNs }) => NotificationARNs)).toContainEqual([TopicArn]);
    const published = cdk.aws.journal.hops({ kind: 'published', resource: TopicArn });
    expect(published.length).toBeGreaterThan(0);
    expect((await deploy(second, '--notification-arns', TopicArn)).output).toContain(
      '(no changes)',
    );
    expect(await deploy(second)).toMatchObject({ code: 0 });
    await sns.deleteTopic({ TopicArn });
  });

  test('destroys it without leaving anything', async () => {
    expect(await cdk.run(['destroy', '--force', '--app', second])).toMatchObject({ code: 0 });
    const leaks = cdk.aws.leaks().filter((leak) => !leak.includes('/aws/lambda/'));
    expect(leaks.sort()).toEqual(leaksAfterBootstrap.sort());
  });
});
