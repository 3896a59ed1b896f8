import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { account, openPolicy, region, SnsBench } from './support';

let bench: SnsBench;
let topic: string;

beforeEach(async () => {
  bench = await SnsBench.start();
  topic = await bench.topic('orders');
});

afterEach(() => bench.stop());

const seconds = 1_000;
const minute = 60 * seconds;

const publish = (Message: string) => bench.sns.publish({ TopicArn: topic, Message });

/** A queue policy that admits SNS for one topic and account. */
const policyFor = (topicArn: string, sourceAccount = account) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: {
          ArnEquals: { 'aws:SourceArn': topicArn },
          StringEquals: { 'aws:SourceAccount': sourceAccount },
        },
      },
    ],
  });

test('SNS calls as itself, on behalf of the topic: a policy may say which', async () => {
  const right = await bench.queue('right', { Policy: policyFor(topic) });
  const wrongTopic = await bench.queue('wrong-topic', { Policy: policyFor(`${topic}-2`) });
  const wrongAccount = await bench.queue('wrong-account', {
    Policy: policyFor(topic, '111122223333'),
  });
  const closed = await bench.queue('closed', { Policy: '' });
  for (const queue of [right, wrongTopic, wrongAccount, closed])
    await bench.subscribe(topic, queue.arn);
  const { MessageId } = await publish('hello');
  expect(await right.texts()).toEqual(['hello']);
  for (const queue of [wrongTopic, wrongAccount, closed]) {
    expect(await queue.texts()).toEqual([]);
    expect(bench.aws.journal.trace(MessageId ?? '')).toContainEqual(
      expect.objectContaining({
        kind: 'failed',
        resource: queue.arn,
        detail: expect.objectContaining({
          reason: expect.stringMatching(/^AccessDenied: .*sqs:sendmessage/i),
        }),
      }),
    );
  }
});

test('the journal follows a message from publishing to its last receive', async () => {
  const queue = await bench.queue('work');
  const subscription = await bench.subscribe(topic, queue.arn);
  const { MessageId = '' } = await publish('hello');
  const [message] = await queue.take();
  const trace = bench.aws.journal.trace(MessageId);
  expect(trace).toMatchObject([
    { kind: 'published', resource: topic },
    { kind: 'delivered', resource: queue.arn, detail: { subscription, as: message?.MessageId } },
  ]);
  expect(bench.aws.journal.trace(message?.MessageId ?? '').map(({ kind }) => kind)).toEqual([
    'sent',
    'received',
    'deleted',
  ]);
});

test('5,000 messages of which one queue gets none: they are in its dead-letter queue, the others whole', async () => {
  const queues = [await bench.queue('a'), await bench.queue('b'), await bench.queue('c')];
  const dead = await bench.queue('dead');
  for (const { arn } of queues)
    await bench.subscribe(topic, arn, {
      RawMessageDelivery: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
    });
  const [, broken] = queues;
  await bench.sqs.setQueueAttributes({ QueueUrl: broken?.url, Attributes: { Policy: '' } });
  const texts = Array.from({ length: 5_000 }, (_, n) => `m${n}`);
  for (let start = 0; start < texts.length; start += 10)
    await bench.sns.publishBatch({
      TopicArn: topic,
      PublishBatchRequestEntries: texts
        .slice(start, start + 10)
        .map((Message, n) => ({ Id: String(n), Message })),
    });
  for (const queue of queues) expect(await queue.bodies()).toEqual(queue === broken ? [] : texts);
  expect(await dead.bodies()).toEqual(texts);
}, 120_000);

test('a queue that is gone fails at once, and without a dead-letter queue the message is lost', async () => {
  await bench.subscribe(topic, `arn:aws:sqs:${region}:${account}:gone`);
  await publish('hello');
  await bench.aws.clock.advance(minute);
  expect(bench.aws.journal.hops({ kind: 'failed' })).toHaveLength(1);
});

test('a dead-letter queue that does not let SNS in is told of, too', async () => {
  const dead = await bench.queue('dead', { Policy: '' });
  await bench.subscribe(topic, `arn:aws:sqs:${region}:${account}:gone`, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
  });
  await publish('hello');
  await bench.aws.clock.settle();
  expect(bench.aws.journal.hops({ kind: 'failed' })).toMatchObject([
    { detail: { reason: expect.stringContaining('QueueDoesNotExist') } },
    { detail: { deadLetterQueue: dead.arn, reason: expect.stringContaining('AccessDenied') } },
  ]);
});

test('a throttled queue is tried again: three times at once, then after ever longer delays', async () => {
  const queue = await bench.queue('work');
  await bench.subscribe(topic, queue.arn);
  const start = bench.aws.clock.now();
  const end = bench.aws.faults.throttleQueue({ queue: 'work', probability: 1 });
  await publish('patience');
  await bench.aws.clock.advance(2 * minute);
  const times = bench.aws.journal
    .hops({ kind: 'failed', resource: queue.arn })
    .map(({ time }) => (time - start) / seconds);
  // https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
  expect(times.slice(0, 8)).toEqual([0, 0, 0, 0, 1, 2, 3, expect.closeTo(4.037, 2)]);
  const delays = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
  expect(delays.slice(15)).toEqual(delays.slice(15).map(() => 20));
  end();
  expect(await queue.texts()).toEqual([]);
  await bench.aws.clock.advance(20 * seconds);
  expect(await queue.texts()).toEqual(['patience']);
});

test('a topic reaches queues of other accounts and regions', async () => {
  const partner = { account: '111122223333', region: 'eu-west-1' };
  const client = bench.aws.client(SNS, { account: partner.account });
  await bench.sns.addPermission({
    TopicArn: topic,
    Label: 'partner',
    AWSAccountId: [partner.account],
    ActionName: ['Subscribe'],
  });
  const queue = await bench.queue(
    'inbox',
    { Policy: policyFor(topic) },
    bench.aws.client(SQS, partner),
  );
  await client.subscribe({ TopicArn: topic, Protocol: 'sqs', Endpoint: queue.arn });
  await publish('hello');
  expect(await queue.texts()).toEqual(['hello']);
});

test('a subscription that ends while its message is on the way gets nothing any more', async () => {
  const queue = await bench.queue('work');
  const SubscriptionArn = await bench.subscribe(topic, queue.arn);
  const end = bench.aws.faults.throttleQueue({ queue: 'work', probability: 1 });
  await publish('hello');
  await bench.aws.clock.settle();
  await bench.sns.unsubscribe({ SubscriptionArn });
  end();
  await bench.aws.clock.advance(minute);
  expect(await queue.texts()).toEqual([]);
  expect(bench.aws.clock.pending()).toEqual([]);
});

test('same seed, same calls: the same journal', async () => {
  const run = async () => {
    const other = await SnsBench.start({ seed: 7 });
    const [arn, queue] = [await other.topic('t'), await other.queue('q')];
    await other.subscribe(arn, queue.arn);
    const end = other.aws.faults.throttleQueue({ queue: 'q', probability: 0.5 });
    for (let n = 0; n < 20; n++) await other.sns.publish({ TopicArn: arn, Message: `m${n}` });
    await other.aws.clock.advance(minute);
    end();
    await queue.take();
    const hops = other.aws.journal.hops();
    await other.stop();
    return hops;
  };
  expect(await run()).toEqual(await run());
});

test('publishing to an encrypted topic needs its key', async () => {
  await expect(
    bench.sns
      .createTopic({ Name: 'secret', Attributes: { KmsMasterKeyId: 'alias/nothing' } })
      .then(({ TopicArn }) => bench.sns.publish({ TopicArn, Message: 'x' })),
  ).rejects.toMatchObject({ name: 'KMSNotFoundException', $metadata: { httpStatusCode: 400 } });
  const TopicArn = await bench.topic('managed', { KmsMasterKeyId: 'alias/aws/sns' });
  await bench.sns.publish({ TopicArn, Message: 'x' });
});

test('nothing is left when everything has been deleted', async () => {
  const queue = await bench.queue('work', { Policy: openPolicy });
  await bench.subscribe(topic, queue.arn);
  expect(bench.aws.leaks()).toContain(`SNS topic ${topic}`);
  await bench.sns.deleteTopic({ TopicArn: topic });
  await bench.sqs.deleteQueue({ QueueUrl: queue.url });
  expect(bench.aws.leaks()).toEqual([]);
});

test.each([
  ['ASCII', 'x'.repeat(1_000)],
  ['longer characters', 'ü€😀'.repeat(200)],
  ['what JSON escapes', '"\\\n\u0001'.repeat(200)],
])('a queue takes documents up to its own limit, counted in bytes: %s', async (_what, Message) => {
  const TopicArn = await bench.topic('orders');
  const all = await bench.queue('all');
  await bench.subscribe(TopicArn, all.arn);
  await bench.sns.publish({ TopicArn, Subject: 'of "today"', Message });
  const [document = ''] = await all.bodies();
  const size = Buffer.byteLength(document);

  const limited = (name: string, limit: number) =>
    bench.queue(name, { MaximumMessageSize: String(limit) });
  const [fits, tooSmall] = [await limited('fits', size), await limited('tiny', size - 1)];
  for (const { arn } of [fits, tooSmall]) await bench.subscribe(TopicArn, arn);
  await bench.sns.publish({ TopicArn, Subject: 'of "today"', Message });
  expect(await fits.bodies()).toHaveLength(1);
  expect(await tooSmall.bodies()).toEqual([]);
});
