import { SNS } from '@aws-sdk/client-sns';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  BackoffFunction,
  CfnSubscription,
  CfnTopic,
  CfnTopicInlinePolicy,
  FilterOrPolicy,
  SubscriptionFilter,
  Topic,
  type TopicProps,
} from 'aws-cdk-lib/aws-sns';
import {
  EmailSubscription,
  LambdaSubscription,
  SqsSubscription,
  UrlSubscription,
} from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { account, region, SnsBench } from './support';

let bench: SnsBench;

beforeEach(async () => {
  bench = await SnsBench.start();
});

afterEach(() => bench.stop());

const topicArn = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

const attributesOf = async (TopicArn: string) =>
  (await bench.sns.getTopicAttributes({ TopicArn })).Attributes ?? {};

async function bodies(QueueUrl: string): Promise<string[]> {
  await bench.aws.clock.settle();
  const { Messages = [] } = await bench.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body = '' }) => Body);
}

/** A stack with one topic, named `orders`. */
function topicStack(props: TopicProps = {}): { stack: Stack; topic: Topic } {
  const stack = new Stack(new App(), 'Shop');
  return { stack, topic: new Topic(stack, 'Topic', { topicName: 'orders', ...props }) };
}

test('a fan-out as CDK makes it works, and leaves nothing behind', async () => {
  const { stack, topic } = topicStack({ topicName: undefined, displayName: 'Orders' });
  const dead = new Queue(stack, 'Dead');
  const queue = new Queue(stack, 'Queue');
  topic.addSubscription(
    new SqsSubscription(queue, {
      rawMessageDelivery: true,
      deadLetterQueue: dead,
      filterPolicyWithMessageBody: {
        detail: FilterOrPolicy.policy({
          size: FilterOrPolicy.filter(SubscriptionFilter.numericFilter({ greaterThan: 5 })),
        }),
      },
    }),
  );
  const fn = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_LATEST,
    handler: 'index.handler',
    timeout: Duration.seconds(10),
    code: Code.fromInline(`
      const { SQS } = require('@aws-sdk/client-sqs');
      exports.handler = async (event) => {
        await new SQS({}).sendMessage({ QueueUrl: process.env.SEEN, MessageBody: JSON.stringify(event) });
      };
    `),
  });
  const seen = new Queue(stack, 'Seen');
  seen.grantSendMessages(fn);
  fn.addEnvironment('SEEN', seen.queueUrl);
  topic.addSubscription(new LambdaSubscription(fn, { deadLetterQueue: dead }));
  topic.addSubscription(new EmailSubscription('ada@example.com'));
  topic.addSubscription(
    new UrlSubscription('https://hooks.example.com/', {
      deliveryPolicy: {
        healthyRetryPolicy: {
          numRetries: 5,
          minDelayTarget: Duration.seconds(5),
          maxDelayTarget: Duration.seconds(10),
          backoffFunction: BackoffFunction.EXPONENTIAL,
        },
      },
    }),
  );
  new CfnOutput(stack, 'Arn', { value: topic.topicArn });
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  new CfnOutput(stack, 'SeenUrl', { value: seen.queueUrl });
  const deployed = await bench.aws.deploy(stack);
  const TopicArn = deployed.output('Arn');
  expect(TopicArn).toMatch(/^arn:aws:sns:us-east-1:000000000000:Shop-Topic\w+-\w{12}$/);
  expect(deployed.summary()).toMatch(/emulated, 0 recorded$/);
  expect((await attributesOf(TopicArn)).DisplayName).toBe('Orders');
  const { MessageId } = await bench.sns.publish({
    TopicArn,
    Subject: 'S',
    Message: '{"detail":{"size":6}}',
    MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
  });
  await bench.sns.publish({ TopicArn, Message: '{"detail":{"size":5}}' });
  expect(await bodies(deployed.output('QueueUrl'))).toEqual(['{"detail":{"size":6}}']);
  const events = (await bodies(deployed.output('SeenUrl'))).map((body) => JSON.parse(body));
  expect(events[0]).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: expect.stringContaining(TopicArn),
        Sns: {
          Type: 'Notification',
          MessageId,
          TopicArn,
          Subject: 'S',
          Message: '{"detail":{"size":6}}',
          Timestamp: expect.stringMatching(/^2035-01-01T/),
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: expect.stringMatching(/^https:.*\.pem$/),
          UnsubscribeUrl: expect.stringContaining('Action=Unsubscribe'),
          MessageAttributes: { a: { Type: 'String', Value: 'b' } },
        },
      },
    ],
  });
  expect(events).toHaveLength(2);
  await bench.aws.destroy(stack);
  expect(bench.aws.leaks().filter((leak) => /SNS|SQS|Lambda function/.test(leak))).toEqual([]);
}, 30_000);

test('a function that does not let SNS in is not invoked: the message is in the dead-letter queue', async () => {
  const { stack, topic } = topicStack();
  const dead = new Queue(stack, 'Dead');
  const fn = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_LATEST,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  });
  topic.addSubscription(new LambdaSubscription(fn, { deadLetterQueue: dead }));
  for (const child of fn.node.children)
    if (child.node.id.startsWith('AllowInvoke')) fn.node.tryRemoveChild(child.node.id);
  new CfnOutput(stack, 'DeadUrl', { value: dead.queueUrl });
  const deployed = await bench.aws.deploy(stack);
  await bench.sns.publish({ TopicArn: topicArn('orders'), Message: 'hello' });
  const [body = '{}'] = await bodies(deployed.output('DeadUrl'));
  expect(JSON.parse(body).Message).toBe('hello');
  expect(bench.aws.journal.hops({ kind: 'failed' })).toMatchObject([
    { detail: { reason: expect.stringContaining('lambda:InvokeFunction') } },
  ]);
}, 30_000);

test('attributes are updated in place, and those that go get their defaults back', async () => {
  const deploy = async (props: TopicProps, maximumMessageSize?: number) => {
    const { stack, topic } = topicStack(props);
    const resource = topic.node.defaultChild;
    if (resource instanceof CfnTopic && maximumMessageSize)
      resource.maximumMessageSize = maximumMessageSize;
    await bench.aws.deploy(stack);
  };
  await deploy({ displayName: 'Orders', signatureVersion: '2' }, 1_048_576);
  const TopicArn = topicArn('orders');
  expect(await attributesOf(TopicArn)).toMatchObject({
    DisplayName: 'Orders',
    SignatureVersion: '2',
    MaximumMessageSize: '1048576',
  });
  await deploy({ displayName: 'All orders' });
  expect(await attributesOf(TopicArn)).toMatchObject({
    DisplayName: 'All orders',
    SignatureVersion: '1',
    MaximumMessageSize: '262144',
  });
});

test('a topic that becomes FIFO is replaced', async () => {
  await bench.aws.deploy(topicStack({ topicName: undefined }).stack);
  const list = async () => (await bench.sns.listTopics({})).Topics?.map(({ TopicArn }) => TopicArn);
  const [before] = (await list()) ?? [];
  const fifo = topicStack({ topicName: undefined, fifo: true, contentBasedDeduplication: true });
  await bench.aws.deploy(fifo.stack);
  const [after, ...more] = (await list()) ?? [];
  expect(more).toEqual([]);
  expect(after).not.toBe(before);
  expect(await attributesOf(after ?? '')).toMatchObject({
    FifoTopic: 'true',
    ContentBasedDeduplication: 'true',
  });
});

test('subscriptions within a topic come and go', async () => {
  const deploy = async (...names: string[]) => {
    const stack = new Stack(new App(), 'Shop');
    new CfnTopic(stack, 'Topic', {
      topicName: 'orders',
      subscription: names.map((name) => ({
        protocol: 'sqs',
        endpoint: `arn:aws:sqs:${region}:${account}:${name}`,
      })),
    });
    await bench.aws.deploy(stack);
    const { Subscriptions } = await bench.sns.listSubscriptionsByTopic({
      TopicArn: topicArn('orders'),
    });
    return Subscriptions?.map(({ Endpoint = '' }) => Endpoint.split(':').at(-1));
  };
  expect(await deploy('a', 'b')).toEqual(['a', 'b']);
  expect(await deploy('b', 'c')).toEqual(['b', 'c']);
  expect(await deploy()).toEqual([]);
});

test('a subscription is updated in place, and replaced for another endpoint', async () => {
  const deploy = async (endpoint: string, props: object = {}) => {
    const { stack, topic } = topicStack();
    new CfnSubscription(stack, 'Subscription', {
      topicArn: topic.topicArn,
      protocol: 'sqs',
      endpoint: `arn:aws:sqs:${region}:${account}:${endpoint}`,
      ...props,
    });
    await bench.aws.deploy(stack);
    const { Subscriptions = [] } = await bench.sns.listSubscriptionsByTopic({
      TopicArn: topicArn('orders'),
    });
    expect(Subscriptions).toHaveLength(1);
    const SubscriptionArn = Subscriptions[0]?.SubscriptionArn;
    return (await bench.sns.getSubscriptionAttributes({ SubscriptionArn })).Attributes ?? {};
  };
  const first = await deploy('a', { filterPolicy: { k: ['v'] }, rawMessageDelivery: true });
  expect(first).toMatchObject({ FilterPolicy: '{"k":["v"]}', RawMessageDelivery: 'true' });
  const second = await deploy('a', {
    filterPolicy: { k: { l: ['v'] } },
    filterPolicyScope: 'MessageBody',
  });
  expect(second).toMatchObject({
    SubscriptionArn: first.SubscriptionArn,
    FilterPolicy: '{"k":{"l":["v"]}}',
    FilterPolicyScope: 'MessageBody',
    RawMessageDelivery: 'false',
  });
  const third = await deploy('b');
  expect(third.SubscriptionArn).not.toBe(first.SubscriptionArn);
  expect(third).not.toHaveProperty('FilterPolicy');
});

test('policies are put, changed and taken back, in both forms', async () => {
  const statement = (action: string) =>
    new PolicyStatement({
      sid: action,
      actions: [`sns:${action}`],
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      resources: ['*'],
    });
  const policy = async () => (await attributesOf(topicArn('orders'))).Policy;
  const { stack, topic } = topicStack();
  topic.addToResourcePolicy(statement('Publish'));
  await bench.aws.deploy(stack);
  expect(await policy()).toContain('"Sid":"Publish"');
  const changed = topicStack();
  changed.topic.addToResourcePolicy(statement('Subscribe'));
  await bench.aws.deploy(changed.stack);
  expect(await policy()).toContain('"Sid":"Subscribe"');
  await bench.aws.deploy(topicStack().stack);
  expect(await policy()).toContain('__default_policy_ID');
  const inline = topicStack();
  new CfnTopicInlinePolicy(inline.stack, 'Policy', {
    topicArn: inline.topic.topicArn,
    policyDocument: { Version: '2012-10-17', Statement: [statement('Publish').toJSON()] },
  });
  await bench.aws.deploy(inline.stack);
  expect(await policy()).toContain('"Sid":"Publish"');
});

test('a topic of another region says so', async () => {
  const { TopicArn = '' } = await bench.aws
    .client(SNS, { region: 'eu-west-1' })
    .createTopic({ Name: 'far' });
  const subscribe = (id: string, props: object) => {
    const stack = new Stack(new App(), id);
    const queue = new Queue(stack, 'Queue', { removalPolicy: RemovalPolicy.DESTROY });
    new CfnSubscription(stack, 'Subscription', {
      topicArn: TopicArn,
      protocol: 'sqs',
      endpoint: queue.queueArn,
      ...props,
    });
    return bench.aws.deploy(stack);
  };
  await expect(subscribe('Wrong', {})).rejects.toThrow('Invalid parameter: TopicArn');
  await subscribe('Right', { region: 'eu-west-1' });
});

test.each<[what: string, make: (stack: Stack) => void, reason: RegExp]>([
  [
    'archives',
    (stack) => {
      new CfnTopic(stack, 'T', { fifoTopic: true, archivePolicy: { MessageRetentionPeriod: 1 } });
    },
    /AWS::SNS::Topic does not support ArchivePolicy/,
  ],
  [
    'data protection',
    (stack) => {
      new CfnTopic(stack, 'T', { dataProtectionPolicy: {} });
    },
    /AWS::SNS::Topic does not support DataProtectionPolicy/,
  ],
  [
    'replay',
    (stack) => {
      new CfnSubscription(stack, 'S', { topicArn: 'x', protocol: 'sqs', replayPolicy: {} });
    },
    /AWS::SNS::Subscription does not support ReplayPolicy/,
  ],
])('%s are refused before anything is made', async (_what, make, reason) => {
  const stack = new Stack(new App(), 'Shop');
  make(stack);
  await expect(bench.aws.deploy(stack)).rejects.toThrow(reason);
});
