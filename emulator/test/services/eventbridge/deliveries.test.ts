import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { account, EventBench, eventsIn, openPolicy, region } from './support';

let bench: EventBench;

beforeEach(async () => {
  bench = await EventBench.start();
});

afterEach(() => bench.stop());

const all = { source: ['shop'] };
const hour = 3_600_000;

/** How long after the event it was tried, in milliseconds. */
const attempts = (id: string) => {
  const hops = bench.aws.journal.trace(id);
  const start = hops[0]?.time ?? 0;
  return hops.filter(({ detail }) => detail?.attempt !== undefined).map(({ time }) => time - start);
};

test('a queue that does not let EventBridge in gets nothing; the dead-letter queue says why', async () => {
  const closed = await bench.queue('closed', { Policy: '' });
  const dead = await bench.queue('dead');
  const rule = await bench.rule('all', all, [
    {
      Arn: closed.arn,
      InputTransformer: { InputTemplate: '"changed"' },
      DeadLetterConfig: { Arn: dead.arn },
    },
  ]);
  const id = await bench.put({ order: 1 });
  const [message] = await dead.take();
  expect(await closed.take()).toEqual([]);
  // It is the event itself that is kept.
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ id, detail: { order: 1 } });
  const attributes = Object.entries(message?.MessageAttributes ?? {});
  expect(
    Object.fromEntries(attributes.map(([name, { StringValue: value }]) => [name, value])),
  ).toEqual({
    RULE_ARN: rule,
    TARGET_ARN: closed.arn,
    ERROR_CODE: 'NO_PERMISSIONS',
    ERROR_MESSAGE: expect.any(String),
    RETRY_ATTEMPTS: '0',
  });
  expect(bench.aws.journal.trace(id)).toMatchObject([
    { kind: 'published' },
    {
      kind: 'failed',
      resource: closed.arn,
      detail: { reason: expect.stringMatching(/^AccessDenied/) },
    },
    { kind: 'dead-lettered', detail: { deadLetterQueue: dead.arn, as: message?.MessageId } },
  ]);
});

test('a target that is not there is not tried again', async () => {
  const dead = await bench.queue('dead');
  await bench.rule('all', all, [
    {
      Arn: `arn:aws:sqs:${region}:${account}:missing`,
      DeadLetterConfig: { Arn: dead.arn },
    },
  ]);
  await bench.put({});
  const [message] = await dead.take();
  expect(message?.MessageAttributes?.ERROR_CODE?.StringValue).toBe('NO_RESOURCE');
  expect(message?.MessageAttributes?.EXHAUSTED_RETRY_CONDITION).toBeUndefined();
});

test('what a dead-letter queue does not let in is lost, and the journal says so', async () => {
  const dead = await bench.queue('dead', { Policy: '' });
  await bench.rule('all', all, [
    {
      Arn: `arn:aws:sqs:${region}:${account}:missing`,
      DeadLetterConfig: { Arn: dead.arn },
    },
  ]);
  const id = await bench.put({});
  await bench.aws.clock.settle();
  expect(bench.aws.journal.trace(id)).toMatchObject([
    { kind: 'published' },
    { kind: 'failed' },
    {
      kind: 'failed',
      detail: { deadLetterQueue: dead.arn, reason: expect.stringMatching(/^AccessDenied/) },
    },
  ]);
});

test('a queue that throttles is tried again, later and later, until it takes the event', async () => {
  const queue = await bench.queue('orders');
  await bench.rule('all', all, [{ Arn: queue.arn }]);
  const end = bench.aws.faults.throttleQueue({ operations: ['SendMessage'], probability: 1 });
  const id = await bench.put({ order: 1 });
  await bench.aws.clock.advance(Duration.seconds(10));
  expect(attempts(id)).toEqual([0, 1_000, 3_000, 7_000]);
  end();
  await bench.aws.clock.advance(Duration.seconds(10));
  expect(await eventsIn(queue)).toMatchObject([{ id, detail: { order: 1 } }]);
});

test('by default 185 retries fill a day', async () => {
  const queue = await bench.queue('orders');
  const dead = await bench.queue('dead');
  await bench.rule('all', all, [{ Arn: queue.arn, DeadLetterConfig: { Arn: dead.arn } }]);
  bench.aws.faults.throttleQueue({ queue: 'orders', operations: ['SendMessage'], probability: 1 });
  const id = await bench.put({});
  await bench.aws.clock.advance(23 * hour);
  expect(await dead.take()).toEqual([]);
  await bench.aws.clock.advance(hour);
  const [message] = await dead.take();
  expect(attempts(id)).toHaveLength(186);
  expect(message?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'THROTTLING' },
    RETRY_ATTEMPTS: { StringValue: '185' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
  });
});

test.each([
  [{ MaximumRetryAttempts: 2 }, 'MaximumRetryAttempts', [0, 1_000, 3_000]],
  [{ MaximumRetryAttempts: 0 }, 'MaximumRetryAttempts', [0]],
  [
    { MaximumEventAgeInSeconds: 60 },
    'MaximumEventAgeInSeconds',
    [0, 1_000, 3_000, 7_000, 15_000, 31_000],
  ],
])('the retry policy %j ends by %s', async (RetryPolicy, condition, times) => {
  const queue = await bench.queue('orders');
  const dead = await bench.queue('dead');
  await bench.rule('all', all, [
    { Arn: queue.arn, RetryPolicy, DeadLetterConfig: { Arn: dead.arn } },
  ]);
  bench.aws.faults.throttleQueue({ queue: 'orders', operations: ['SendMessage'], probability: 1 });
  const id = await bench.put({});
  await bench.aws.clock.advance(Duration.seconds(60));
  const [message] = await dead.take();
  expect(attempts(id)).toEqual(times);
  expect(message?.MessageAttributes?.EXHAUSTED_RETRY_CONDITION?.StringValue).toBe(condition);
});

test('a FIFO queue gets events in order, in the group of the target', async () => {
  const queue = await bench.queue('orders.fifo', { ContentBasedDeduplication: 'true' });
  await bench.rule('all', all, [{ Arn: queue.arn, SqsParameters: { MessageGroupId: 'shop' } }]);
  for (let order = 0; order < 20; order++) await bench.put({ order });
  const messages = await queue.take();
  expect(messages.map(({ Body = '' }) => JSON.parse(Body).detail.order)).toEqual([
    ...Array(20).keys(),
  ]);
  expect(messages[0]?.Attributes?.MessageGroupId).toBe('shop');
});

test('a topic takes events from EventBridge if its policy lets it', async () => {
  const sns = bench.aws.client(SNS);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'orders' });
  const queue = await bench.queue('orders', {
    Policy: openPolicy.replace('events.amazonaws.com', 'sns.amazonaws.com'),
  });
  await sns.subscribe({
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queue.arn,
    Attributes: { RawMessageDelivery: 'true' },
  });
  const rule = await bench.rule('all', all, [{ Arn: TopicArn }]);
  const refused = await bench.put({ order: 1 });
  await bench.aws.clock.settle();
  expect(bench.aws.journal.trace(refused)).toMatchObject([
    { kind: 'published' },
    { kind: 'failed', detail: { reason: expect.stringMatching(/^Authorization/) } },
  ]);
  await sns.setTopicAttributes({
    TopicArn,
    AttributeName: 'Policy',
    AttributeValue: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TopicArn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': rule },
          StringEquals: { 'aws:SourceAccount': account },
        },
      },
    }),
  });
  const id = await bench.put({ order: 2 });
  await bench.aws.clock.settle();
  expect(await eventsIn(queue)).toMatchObject([{ id, detail: { order: 2 } }]);
});

test('events go on to another bus, and from there to no third one', async () => {
  const { EventBusArn: second = '' } = await bench.events.createEventBus({ Name: 'second' });
  const first = second.replace('second', 'default');
  const queue = await bench.queue('orders');
  const dead = await bench.queue('dead');
  await bench.rule('all', all, [{ Arn: queue.arn }], 'second');
  await bench.rule('forward', all, [{ Arn: second }]);
  await bench.rule('back', all, [{ Arn: first, DeadLetterConfig: { Arn: dead.arn } }], 'second');
  const id = await bench.put({ order: 1 });
  expect(await eventsIn(queue)).toMatchObject([{ id, detail: { order: 1 } }]);
  expect(await eventsIn(dead)).toMatchObject([{ id }]);
});

test('an event that came from another account goes on to no other', async () => {
  const partner = bench.aws.client(EventBridge, { account: '111122223333' });
  const { EventBusArn: theirs = '' } = await partner.createEventBus({ Name: 'theirs' });
  await partner.putPermission({ EventBusName: 'theirs', StatementId: 'shop', Principal: account });
  await partner.putRule({
    Name: 'back',
    EventBusName: 'theirs',
    EventPattern: JSON.stringify(all),
  });
  const dead = await bench.queue('dead', {}, bench.aws.client(SQS, { account: '111122223333' }));
  const ours = `arn:aws:events:${region}:${account}:event-bus/default`;
  await partner.putTargets({
    Rule: 'back',
    EventBusName: 'theirs',
    Targets: [{ Id: 'back', Arn: ours, DeadLetterConfig: { Arn: dead.arn } }],
  });
  await bench.rule('forward', all, [{ Arn: theirs }]);
  await bench.put({ order: 1 });
  const [message] = await dead.take();
  expect(message?.MessageAttributes?.ERROR_CODE?.StringValue).toBe('THIRD_ACCOUNT_HOP_DETECTED');
});
