import { EventBridge } from '@aws-sdk/client-eventbridge';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventBus, EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import {
  EventBus as EventBusTarget,
  LambdaFunction,
  SnsTopic,
  SqsQueue,
} from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EventBench } from './support';

let bench: EventBench;

beforeEach(async () => {
  bench = await EventBench.start();
});

afterEach(() => bench.stop());

/** Takes out the bodies of everything in a queue. */
async function bodies(QueueUrl: string): Promise<string[]> {
  await bench.aws.clock.settle();
  const sqs = bench.aws.client(SQS);
  const found: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    if (Messages.length === 0) return found;
    for (const { Body = '', ReceiptHandle } of Messages) {
      found.push(Body);
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    }
  }
}

const newStack = () => new Stack(new App(), 'Shop');

function newQueue(stack: Stack, id: string, fifo = false): Queue {
  const queue = new Queue(stack, id, fifo ? { fifo, contentBasedDeduplication: true } : {});
  new CfnOutput(stack, `${id}Url`, { value: queue.queueUrl });
  return queue;
}

test('a rule of aws-cdk-lib reaches a queue, a topic and a function', async () => {
  const stack = newStack();
  const queue = newQueue(stack, 'Queue');
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(
    new SqsSubscription(newQueue(stack, 'Behind'), { rawMessageDelivery: true }),
  );
  const results = newQueue(stack, 'Results');
  const fn = new Fn(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(`
      const { SQS } = require('@aws-sdk/client-sqs');
      exports.handler = (event) =>
        new SQS({}).sendMessage({ QueueUrl: process.env.QUEUE, MessageBody: JSON.stringify(event) });`),
    environment: { QUEUE: results.queueUrl },
  });
  results.grantSendMessages(fn);
  new Rule(stack, 'Rule', {
    eventPattern: { source: ['shop'], detail: { amount: [{ numeric: ['>', 5] }] } },
    targets: [
      new SqsQueue(queue, { deadLetterQueue: newQueue(stack, 'Dead'), retryAttempts: 2 }),
      new SnsTopic(topic, {
        message: RuleTargetInput.fromText(`amount ${EventField.fromPath('$.detail.amount')}`),
      }),
      new LambdaFunction(fn, {
        event: RuleTargetInput.fromObject({
          amount: EventField.fromPath('$.detail.amount'),
          type: EventField.detailType,
        }),
      }),
    ],
  });
  const deployed = await bench.aws.deploy(stack);
  await bench.put({ amount: 3 });
  const id = await bench.put({ amount: 7 });
  await bench.aws.clock.settle();
  const found = (await bodies(deployed.output('QueueUrl'))).map((body) => JSON.parse(body));
  expect(found).toMatchObject([{ id, detail: { amount: 7 } }]);
  expect(await bodies(deployed.output('BehindUrl'))).toEqual(['"amount 7"']);
  expect(await bodies(deployed.output('ResultsUrl'))).toEqual(['{"amount":7,"type":"Order"}']);
  expect(await bodies(deployed.output('DeadUrl'))).toEqual([]);
  await bench.aws.destroy(stack);
  expect(bench.aws.leaks()).toEqual([]);
});

test('objects in a bucket of aws-cdk-lib reach a FIFO queue', async () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket', {
    bucketName: 'orders',
    eventBridgeEnabled: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new Rule(stack, 'Rule', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] } },
    },
    targets: [new SqsQueue(newQueue(stack, 'Queue', true), { messageGroupId: 'orders' })],
  });
  const deployed = await bench.aws.deploy(stack);
  const s3 = bench.aws.client(S3);
  for (let i = 0; i < 5; i++) await s3.putObject({ Bucket: 'orders', Key: `${i}`, Body: 'x' });
  const keys = (await bodies(deployed.output('QueueUrl'))).map(
    (body) => JSON.parse(body).detail.object.key,
  );
  expect(keys).toEqual(['0', '1', '2', '3', '4']);
});

test('an update changes pattern, targets and state; another name replaces the rule', async () => {
  const events = bench.aws.client(EventBridge);
  const version = (ruleName: string, source: string, target: 'A' | 'B', enabled = true) => {
    const stack = newStack();
    const queues = { A: newQueue(stack, 'A'), B: newQueue(stack, 'B') };
    new Rule(stack, 'Rule', {
      ruleName,
      enabled,
      eventPattern: { source: [source] },
      targets: [new SqsQueue(queues[target])],
    });
    return stack;
  };
  const deployed = await bench.aws.deploy(version('one', 'shop', 'A'));
  const received = async () => {
    await bench.put({});
    return [
      (await bodies(deployed.output('AUrl'))).length,
      (await bodies(deployed.output('BUrl'))).length,
    ];
  };
  expect(await received()).toEqual([1, 0]);
  await bench.aws.deploy(version('one', 'shop', 'B'));
  expect(await received()).toEqual([0, 1]);
  await bench.aws.deploy(version('one', 'elsewhere', 'B'));
  expect(await received()).toEqual([0, 0]);
  await bench.aws.deploy(version('one', 'shop', 'A', false));
  expect(await received()).toEqual([0, 0]);
  await bench.aws.deploy(version('two', 'shop', 'A'));
  expect(await received()).toEqual([1, 0]);
  expect((await events.listRules({})).Rules?.map(({ Name }) => Name)).toEqual(['two']);
});

test('a bus of its own, with a policy for another account, a rule, and a way on to a second bus', async () => {
  const stack = newStack();
  const bus = new EventBus(stack, 'Bus', { eventBusName: 'orders' });
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: 'partner',
      actions: ['events:PutEvents'],
      principals: [new AccountPrincipal('111122223333')],
      resources: [bus.eventBusArn],
    }),
  );
  const second = new EventBus(stack, 'Second', { eventBusName: 'archive' });
  new Rule(stack, 'Forward', {
    eventBus: bus,
    eventPattern: { source: ['partner'] },
    targets: [new EventBusTarget(second)],
  });
  new Rule(stack, 'Rule', {
    eventBus: second,
    eventPattern: { source: ['partner'] },
    targets: [new SqsQueue(newQueue(stack, 'Queue'))],
  });
  new CfnOutput(stack, 'Arn', { value: bus.eventBusArn });
  const deployed = await bench.aws.deploy(stack);
  const partner = bench.aws.client(EventBridge, { account: '111122223333' });
  await partner.putEvents({
    Entries: [
      { EventBusName: deployed.output('Arn'), Source: 'partner', DetailType: 'a', Detail: '{}' },
    ],
  });
  const found = (await bodies(deployed.output('QueueUrl'))).map((body) => JSON.parse(body));
  expect(found).toMatchObject([{ source: 'partner', account: '111122223333' }]);
  await bench.aws.destroy(stack);
  expect(bench.aws.leaks()).toEqual([]);
});

test('without its role, a target that is another bus gets nothing', async () => {
  const stack = newStack();
  const second = new EventBus(stack, 'Second', { eventBusName: 'archive' });
  new Rule(stack, 'Forward', {
    ruleName: 'forward',
    eventPattern: { source: ['shop'] },
    targets: [new EventBusTarget(second, { deadLetterQueue: newQueue(stack, 'Dead') })],
  });
  const deployed = await bench.aws.deploy(stack);
  const events = bench.aws.client(EventBridge);
  const { Targets = [] } = await events.listTargetsByRule({ Rule: 'forward' });
  await events.putTargets({
    Rule: 'forward',
    Targets: Targets.map((target) => ({
      ...target,
      RoleArn: 'arn:aws:iam::000000000000:role/missing',
    })),
  });
  const id = await bench.put({});
  expect(await bodies(deployed.output('DeadUrl'))).toHaveLength(1);
  expect(bench.aws.journal.trace(id)).toMatchObject([
    { kind: 'published' },
    { kind: 'failed', detail: { reason: expect.stringMatching(/^FAILED_TO_ASSUME_ROLE/) } },
    { kind: 'dead-lettered' },
  ]);
});

test('a scheduled rule sends its constant input', async () => {
  const stack = newStack();
  new Rule(stack, 'Nightly', {
    schedule: Schedule.cron({ minute: '30', hour: '2' }),
    targets: [
      new SqsQueue(newQueue(stack, 'Queue'), {
        message: RuleTargetInput.fromObject({ job: 'nightly' }),
      }),
    ],
  });
  const deployed = await bench.aws.deploy(stack);
  await bench.aws.clock.advance(Duration.hours(49));
  expect(await bodies(deployed.output('QueueUrl'))).toEqual(Array(2).fill('{"job":"nightly"}'));
});

test('what a template asks for beyond that is refused by name, before anything is made', async () => {
  const stack = newStack();
  const rule = new Rule(stack, 'Rule', { eventPattern: { source: ['shop'] } });
  rule.addTarget({
    bind: () => ({ arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:orders' }),
  });
  await expect(bench.aws.deploy(stack)).rejects.toThrow(
    'AWS::Events::Rule does not support the target arn:aws:states:us-east-1:000000000000:stateMachine:orders',
  );
});
