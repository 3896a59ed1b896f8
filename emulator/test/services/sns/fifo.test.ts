import type { TestQueue } from '../test-queue';
import { account, region, SnsBench } from './support';

let bench: SnsBench;
let topic: string;
let queue: TestQueue;

beforeEach(async () => {
  bench = await SnsBench.start();
  topic = await bench.topic('orders.fifo');
  queue = await bench.queue('work.fifo');
  await bench.subscribe(topic, queue.arn);
});

afterEach(() => bench.stop());

const minutes = 60_000;

/** Publishes one message. */
const publish = (
  MessageDeduplicationId: string | undefined,
  MessageGroupId = 'g',
  Message = `message ${MessageDeduplicationId}`,
  TopicArn = topic,
) => bench.sns.publish({ TopicArn, Message, MessageGroupId, MessageDeduplicationId });

test('a document of a FIFO topic has a sequence number and no signature', async () => {
  const { MessageId, SequenceNumber } = await publish('a');
  const [message] = await queue.take();
  expect(JSON.parse(message?.Body ?? '')).toEqual({
    Type: 'Notification',
    MessageId,
    SequenceNumber,
    TopicArn: topic,
    Message: 'message a',
    Timestamp: '2035-01-01T00:00:00.000Z',
    UnsubscribeURL: expect.stringContaining('Action=Unsubscribe'),
  });
  expect(message?.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'a' });
  const next = await publish('b');
  expect(SequenceNumber).toMatch(/^\d{20}$/);
  expect(BigInt(next.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(SequenceNumber ?? 0));
});

test('what is published twice within five minutes is delivered once', async () => {
  const first = await publish('a');
  await bench.aws.clock.advance(5 * minutes - 1);
  const again = await publish('a', 'g', 'something else');
  expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
  expect(await queue.texts()).toEqual(['message a']);
  expect(bench.aws.journal.hops({ kind: 'deduplicated', resource: topic })).toHaveLength(1);
  await bench.aws.clock.advance(1);
  await publish('a', 'g', 'later');
  expect(await queue.texts()).toEqual(['later']);
});

test('with content-based deduplication, the message is its own id', async () => {
  const byContent = await bench.topic('content.fifo', { ContentBasedDeduplication: 'true' });
  await bench.subscribe(byContent, queue.arn);
  for (const text of ['a', 'a', 'b']) await publish(undefined, 'g', text, byContent);
  await publish('own-id', 'g', 'a', byContent);
  expect(await queue.texts()).toEqual(['a', 'b', 'a']);
});

test('the scope of deduplication is the topic, or each group', async () => {
  await publish('a', 'one', 'first');
  await publish('a', 'two', 'second');
  expect(await queue.texts()).toEqual(['first']);
  const perGroup = await bench.topic('groups.fifo', { FifoThroughputScope: 'MessageGroup' });
  const other = await bench.queue('groups-work.fifo', {
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
  await bench.subscribe(perGroup, other.arn);
  await publish('a', 'one', 'first', perGroup);
  await publish('a', 'two', 'second', perGroup);
  await publish('a', 'one', 'again', perGroup);
  expect(await other.texts()).toEqual(['first', 'second']);
});

test('order is kept in each of 100 groups, duplicates and all', async () => {
  const expected = new Map<string, string[]>();
  for (let round = 0; round < 5; round++)
    for (let group = 0; group < 100; group++) {
      const [id, name] = [`${group}-${round}`, `group-${group}`];
      await publish(id, name, id);
      if (group % 7 === 0) await publish(id, name, `${id} again`);
      expected.set(name, [...(expected.get(name) ?? []), id]);
    }
  const found = new Map<string, string[]>();
  for (const { Attributes, Body } of await queue.take()) {
    const group = Attributes?.MessageGroupId ?? '';
    found.set(group, [...(found.get(group) ?? []), JSON.parse(Body ?? '').Message]);
  }
  expect(found).toEqual(expected);
});

test('a message that has to be tried again holds up its group, and no other', async () => {
  const end = bench.aws.faults.throttleQueue({ queue: 'work.fifo', probability: 1 });
  await publish('a1', 'a');
  await publish('b1', 'b');
  await bench.aws.clock.advance(0);
  await publish('a2', 'a');
  await bench.aws.clock.advance(0);
  await publish('a3', 'a');
  end();
  await publish('c1', 'c');
  expect(await queue.texts()).toEqual(['message c1']);
  await bench.aws.clock.advance(1_000);
  const texts = await queue.texts();
  expect(texts.filter((text) => text.startsWith('message a'))).toEqual([
    'message a1',
    'message a2',
    'message a3',
  ]);
  expect(texts).toContain('message b1');
});

test('a standard queue may follow a FIFO topic, and knows nothing of groups', async () => {
  const standard = await bench.queue('standard');
  await bench.subscribe(topic, standard.arn, { RawMessageDelivery: 'true' });
  await publish('a');
  const [message] = await standard.take();
  expect(message?.Body).toBe('message a');
  expect(message?.Attributes).not.toHaveProperty('MessageGroupId');
});

test('the dead-letter queue of a FIFO queue is one, too', async () => {
  const dead = await bench.queue('dead.fifo');
  const gone = `arn:aws:sqs:${region}:${account}:gone.fifo`;
  await expect(
    bench.subscribe(topic, gone, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn.replace('.fifo', '') }),
    }),
  ).rejects.toThrow(
    'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
  );
  await bench.subscribe(topic, gone, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
  });
  await publish('a');
  expect(await dead.texts()).toEqual(['message a']);
});

test('a group of a standard topic makes a standard queue fair', async () => {
  const standard = await bench.topic('standard');
  const fair = await bench.queue('fair');
  await bench.subscribe(standard, fair.arn);
  await bench.sns.publish({ TopicArn: standard, Message: 'x', MessageGroupId: 'tenant' });
  const [message] = await fair.take();
  expect(message?.Attributes).toMatchObject({ MessageGroupId: 'tenant' });
});

describe('fails with the error of AWS', () => {
  test.each<[what: string, input: object, message: string]>([
    ['no group', {}, 'Invalid parameter: The MessageGroupId parameter is required for FIFO topics'],
    [
      'no deduplication id',
      { MessageGroupId: 'g' },
      'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [
      'a blank in the group',
      { MessageGroupId: 'a b', MessageDeduplicationId: 'd' },
      'Invalid parameter: MessageGroupId Reason: ',
    ],
    [
      'a long deduplication id',
      { MessageGroupId: 'g', MessageDeduplicationId: 'd'.repeat(129) },
      'Invalid parameter: MessageDeduplicationId Reason: ',
    ],
  ])('on %s', async (_what, input, message) => {
    const wrong = bench.sns.publish({ TopicArn: topic, Message: 'x', ...input });
    await expect(wrong).rejects.toThrow(message);
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('on a batch of which one entry has no group', async () => {
    await expect(
      bench.sns.publishBatch({
        TopicArn: topic,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'a' },
          { Id: 'b', Message: 'x', MessageDeduplicationId: 'b' },
        ],
      }),
    ).rejects.toThrow('The MessageGroupId parameter is required for FIFO topics');
  });
});
