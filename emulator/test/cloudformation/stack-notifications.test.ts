import { CloudFormation, type CreateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { KMS } from '@aws-sdk/client-kms';
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { account, region, SnsBench } from '../services/sns/support';
import type { TestQueue } from '../services/test-queue';

const queueTemplate = (properties: object = {}) =>
  JSON.stringify({
    Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'hidden' } },
    Resources: { Orders: { Type: 'AWS::SQS::Queue', Properties: properties } },
  });

let bench: SnsBench;
let cloudFormation: CloudFormation;
beforeEach(async () => {
  bench = await SnsBench.start();
  cloudFormation = bench.aws.client(CloudFormation);
});
afterEach(() => bench.stop());

/** A topic with a queue that gets all that is published. */
async function announcements(name = 'stacks', attributes: Record<string, string> = {}) {
  const topicArn = await bench.topic(name, attributes);
  const queue = await bench.queue(`${name}-queue`);
  await bench.subscribe(topicArn, queue.arn);
  return { topicArn, queue };
}

/** The messages of a queue as maps, in the order of what they tell. */
async function eventsOf(queue: TestQueue): Promise<Map<string, string>[]> {
  const messages = (await queue.texts()).map((text) => {
    const lines = [...text.matchAll(/^(\w+)='(.*)'$/gm)];
    return new Map(lines.map(([, name = '', value = '']) => [name, value]));
  });
  return messages.sort((a, b) =>
    (a.get('Timestamp') ?? '').localeCompare(b.get('Timestamp') ?? ''),
  );
}

const statusesOf = async (queue: TestQueue) =>
  (await eventsOf(queue)).map(
    (event) => `${event.get('LogicalResourceId')} ${event.get('ResourceStatus')}`,
  );

async function create(input: Partial<CreateStackCommandInput>) {
  const { StackId = '' } = await cloudFormation.createStack({
    StackName: 'Shop',
    TemplateBody: queueTemplate(),
    ...input,
  });
  await bench.aws.clock.settle();
  return StackId;
}

describe('the events of a stack', () => {
  test('are published line by line, as CloudFormation does', async () => {
    const { queue, topicArn } = await announcements();
    const stackId = await create({
      NotificationARNs: [topicArn],
      ClientRequestToken: 'release-1',
      TemplateBody: queueTemplate({
        QueueName: 'orders',
        Tags: [{ Key: 's', Value: { Ref: 'Secret' } }],
      }),
    });
    const { StackEvents = [] } = await cloudFormation.describeStackEvents({ StackName: 'Shop' });
    const documents = await queue.documents();
    expect(documents).toHaveLength(StackEvents.length);
    expect(new Set(documents.map(({ Subject }) => Subject))).toEqual(
      new Set(['AWS CloudFormation Notification']),
    );
    const done = StackEvents.find(
      ({ LogicalResourceId: id, ResourceStatus: status }) =>
        id === 'Orders' && status === 'CREATE_COMPLETE',
    );
    expect(done?.ClientRequestToken).toBe('release-1');
    const time = new Date(bench.aws.clock.now()).toISOString();
    expect(documents.map(({ Message }) => Message)).toContain(
      [
        `StackId='${stackId}'`,
        `Timestamp='${time}'`,
        `EventId='${done?.EventId}'`,
        "LogicalResourceId='Orders'",
        `Namespace='${account}'`,
        `PhysicalResourceId='${done?.PhysicalResourceId}'`,
        `PrincipalId='${account}'`,
        `ResourceProperties='{"QueueName":"orders","Tags":[{"Key":"s","Value":"****"}]}'`,
        "ResourceStatus='CREATE_COMPLETE'",
        "ResourceStatusReason=''",
        "ResourceType='AWS::SQS::Queue'",
        "StackName='Shop'",
        "ClientRequestToken='release-1'",
        '',
      ].join('\n'),
    );
  });

  test('go to the topics of the last call that named some, until an empty list', async () => {
    const [first, second] = [await announcements('first'), await announcements('second')];
    await create({ NotificationARNs: [first.topicArn] });
    const update = async (delay: number, topics?: string[]) => {
      await cloudFormation.updateStack({
        StackName: 'Shop',
        TemplateBody: queueTemplate({ DelaySeconds: delay }),
        NotificationARNs: topics,
      });
      await bench.aws.clock.settle();
      const { Stacks: [stack] = [] } = await cloudFormation.describeStacks({ StackName: 'Shop' });
      return stack?.NotificationARNs;
    };
    expect(await statusesOf(first.queue)).toContain('Shop CREATE_COMPLETE');
    expect(await update(1)).toEqual([first.topicArn]);
    expect(await statusesOf(first.queue)).toContain('Orders UPDATE_COMPLETE');
    expect(await update(1, [second.topicArn])).toEqual([second.topicArn]);
    expect(await statusesOf(first.queue)).toEqual([]);
    expect(await statusesOf(second.queue)).toContain('Shop UPDATE_COMPLETE');
    expect(await update(1, [])).toEqual([]);
    await cloudFormation.deleteStack({ StackName: 'Shop' });
    expect(await statusesOf(second.queue)).toEqual([]);
  });

  test('tell of a rollback and of the deletion', async () => {
    const { queue, topicArn } = await announcements();
    await create({
      NotificationARNs: [topicArn],
      TemplateBody: queueTemplate({
        RedrivePolicy: { deadLetterTargetArn: 'none', maxReceiveCount: 1 },
      }),
    });
    await cloudFormation.deleteStack({ StackName: 'Shop' });
    const statuses = await statusesOf(queue);
    for (const status of ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE'])
      expect(statuses).toContain(`Shop ${status}`);
    expect(statuses).toContain('Orders CREATE_FAILED');
  });

  test('are published by change sets, which show the topics', async () => {
    const { queue, topicArn } = await announcements();
    const named = { StackName: 'Shop', ChangeSetName: 'first' };
    await cloudFormation.createChangeSet({
      ...named,
      ChangeSetType: 'CREATE',
      TemplateBody: queueTemplate(),
      NotificationARNs: [topicArn],
    });
    expect(await cloudFormation.describeChangeSet(named)).toMatchObject({
      NotificationARNs: [topicArn],
    });
    await cloudFormation.executeChangeSet({ ...named, ClientRequestToken: 'go' });
    const events = await eventsOf(queue);
    expect(events.map((event) => event.get('ResourceStatus'))).toContain('CREATE_COMPLETE');
    expect(new Set(events.map((event) => event.get('ClientRequestToken')))).toEqual(
      new Set(['go']),
    );
  });

  test('are those of AWS::NotificationARNs, and of a stack that names topics in CDK', async () => {
    const { queue, topicArn } = await announcements();
    const stack = new Stack(new App(), 'Announced', { notificationArns: [topicArn] });
    new Queue(stack, 'Queue');
    new CfnOutput(stack, 'Topics', {
      value: Fn.join(',', Fn.ref('AWS::NotificationARNs') as never),
    });
    const deployment = await bench.aws.deploy(stack);
    expect(deployment.output('Topics')).toBe(topicArn);
    expect(await statusesOf(queue)).toContain('Announced CREATE_COMPLETE');
  });
});

describe('topics that do not take the events of a stack', () => {
  const refusal = (topics: string[]) => expect(create({ NotificationARNs: topics })).rejects;

  test('fail when they are more than five', async () => {
    const { topicArn } = await announcements();
    await refusal(Array(6).fill(topicArn)).toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("at 'notificationARNs' failed to satisfy constraint"),
    });
  });

  test('fail when there is none of that ARN', () =>
    refusal([`arn:aws:sns:${region}:${account}:none`]).toMatchObject({
      name: 'ValidationError',
      message: 'Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound)',
    }));

  test("fail when neither their policy nor the caller's lets the caller publish", async () => {
    const closed = { Version: '2012-10-17', Statement: [] };
    const topicArn = await bench.topic('closed', {
      Policy: JSON.stringify({
        ...closed,
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: '*' }],
      }),
    });
    await refusal([topicArn]).toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(
        /^User: .* is not authorized to perform: SNS:Publish on resource: .*Status Code: 403; Error Code: AuthorizationError\)$/,
      ),
    });
    await expect(cloudFormation.describeStacks({ StackName: 'Shop' })).rejects.toThrow(/not exist/);
  });

  test('lose them when they close later, and the journal says why', async () => {
    const { queue, topicArn } = await announcements();
    await create({ NotificationARNs: [topicArn] });
    await queue.take();
    const kms = bench.aws.client(KMS);
    const { KeyMetadata } = await kms.createKey({});
    await bench.sns.setTopicAttributes({
      TopicArn: topicArn,
      AttributeName: 'KmsMasterKeyId',
      AttributeValue: KeyMetadata?.Arn,
    });
    await kms.disableKey({ KeyId: KeyMetadata?.KeyId });
    await cloudFormation.deleteStack({ StackName: 'Shop' });
    expect(await queue.take()).toEqual([]);
    const failed = bench.aws.journal.hops({ kind: 'failed', resource: topicArn });
    expect(failed.map(({ detail }) => detail)).toContainEqual({
      stack: 'Shop',
      reason: expect.stringMatching(/^KMSDisabledException: /),
    });
  });
});
