import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { arnOf, handleOf, redriveTo, startSqs } from './support';

async function withQueue(attributes: Record<string, string> = {}) {
  const started = startSqs();
  const url = await started.create('orders.fifo', { FifoQueue: 'true', ...attributes });
  let count = 0;
  /** Sends a message to a group, with a deduplication id of its own unless it is given one. */
  const put = (group: string, body: string, deduplicationId = `id-${count++}`) =>
    started.send(url, body, {
      MessageGroupId: group,
      MessageDeduplicationId: deduplicationId === '' ? undefined : deduplicationId,
    });
  const remove = (handle: string) =>
    started.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
  const hide = (handle: string, seconds: number) =>
    started.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      }),
    );
  return { ...started, url, put, remove, hide };
}

test('a group is received in order, and no more of it while messages are in flight', async () => {
  const { url, put, receive, bodies, remove, counts } = await withQueue();
  for (const body of ['a1', 'a2', 'a3']) await put('a', body);
  const [a1] = await receive(url, { MaxNumberOfMessages: 1 });
  expect(a1?.Body).toBe('a1');
  expect(await bodies(url)).toEqual([]);
  expect(await counts(url)).toEqual([2, 1, 0]);
  await remove(handleOf(a1));
  expect(await bodies(url)).toEqual(['a2', 'a3']);
});

test('one receive takes as many as possible of one group, then of the next', async () => {
  const { url, put, bodies } = await withQueue();
  for (const [group, body] of [
    ['a', 'a1'],
    ['b', 'b1'],
    ['a', 'a2'],
    ['b', 'b2'],
    ['c', 'c1'],
  ] as const)
    await put(group, body);
  expect(await bodies(url, { MaxNumberOfMessages: 3 })).toEqual(['a1', 'a2', 'b1']);
  expect(await bodies(url)).toEqual(['c1']);
});

test('messages that come back come first again', async () => {
  const { url, put, receive, bodies, remove, clock } = await withQueue();
  for (const body of ['a1', 'a2', 'a3', 'a4']) await put('a', body);
  const [, a2] = await receive(url, { MaxNumberOfMessages: 3 });
  await remove(handleOf(a2));
  await clock.advance(30_000);
  expect(await bodies(url)).toEqual(['a1', 'a3', 'a4']);
});

test('a group waits until all its messages in flight have come back', async () => {
  const { url, put, receive, bodies, hide } = await withQueue();
  for (const body of ['a1', 'a2', 'a3']) await put('a', body);
  const [a1, a2] = await receive(url, { MaxNumberOfMessages: 2 });
  await hide(handleOf(a2), 0);
  expect(await bodies(url)).toEqual([]);
  await hide(handleOf(a1), 0);
  expect(await bodies(url)).toEqual(['a1', 'a2', 'a3']);
});

test('the group with the oldest message comes first', async () => {
  const { url, put, receive, bodies, hide } = await withQueue();
  await put('a', 'a1');
  await put('b', 'b1');
  const [a1] = await receive(url, { MaxNumberOfMessages: 1 });
  await hide(handleOf(a1), 0);
  expect(await bodies(url, { MaxNumberOfMessages: 1 })).toEqual(['a1']);
});

test('a long poll is woken when a group becomes free', async () => {
  const { url, put, receive, bodies, remove, clock } = await withQueue();
  await put('a', 'a1');
  await put('a', 'a2');
  const [a1] = await receive(url, { MaxNumberOfMessages: 1 });
  const poll = bodies(url, { WaitTimeSeconds: 20 });
  await clock.settle();
  await remove(handleOf(a1));
  expect(await poll).toEqual(['a2']);
});

test('a receipt handle expires with the visibility timeout', async () => {
  const { url, put, receive, remove, hide, clock } = await withQueue();
  await put('a', 'a1');
  const [a1] = await receive(url);
  await clock.advance(30_000);
  await expect(remove(handleOf(a1))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: `Value ${handleOf(a1)} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  });
  await expect(hide(handleOf(a1), 10)).rejects.toThrow(
    'not available for visibility timeout change',
  );
  const [again] = await receive(url);
  await expect(remove(handleOf(a1))).rejects.toThrow('The receipt handle has expired.');
  await remove(handleOf(again));
});

test('the same deduplication id within five minutes is accepted and not delivered', async () => {
  const { url, put, receive, remove, clock, counts, env } = await withQueue();
  const first = await put('a', 'x', 'same');
  const [message] = await receive(url);
  await remove(handleOf(message));
  await clock.advance(299_999);
  const second = await put('b', 'y', 'same');
  expect(second.MessageId).toBe(first.MessageId);
  expect(second.SequenceNumber).toBe(first.SequenceNumber);
  expect(await counts(url)).toEqual([0, 0, 0]);
  expect(env.journal.hops({ kind: 'deduplicated' })).toHaveLength(1);
  await clock.advance(1);
  const third = await put('a', 'z', 'same');
  expect(third.MessageId).not.toBe(first.MessageId);
  expect(await counts(url)).toEqual([1, 0, 0]);
});

test('deduplication by message group lets other groups have the same id', async () => {
  const { put, url, bodies } = await withQueue({ DeduplicationScope: 'messageGroup' });
  await put('a', 'a1', 'same');
  await put('b', 'b1', 'same');
  await put('a', 'a2', 'same');
  expect(await bodies(url)).toEqual(['a1', 'b1']);
});

test('deduplication by content takes the body, not the attributes', async () => {
  const { url, sqs, send, bodies, put } = await withQueue({ ContentBasedDeduplication: 'true' });
  await put('a', 'same', '');
  await send(url, 'same', {
    MessageGroupId: 'a',
    MessageAttributes: { x: { DataType: 'String', StringValue: 'y' } },
  });
  await put('a', 'same', 'an-id-of-its-own');
  await put('a', 'other', '');
  await put('a', 'anything', createHash('sha256').update('other').digest('hex'));
  expect(await bodies(url)).toEqual(['same', 'same', 'other']);
  const batch = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [{ Id: '1', MessageBody: 'same', MessageGroupId: 'a' }],
    }),
  );
  expect(batch.Successful).toHaveLength(1);
  expect(await bodies(url)).toEqual([]);
});

test('fails when a message has no group or no deduplication id', async () => {
  const { url, sqs, send } = await withQueue();
  await expect(send(url, 'x')).rejects.toMatchObject({
    name: 'MissingParameter',
    message: 'The request must contain the parameter MessageGroupId.',
  });
  const noId =
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';
  await expect(send(url, 'x', { MessageGroupId: 'a' })).rejects.toThrow(noId);
  const batch = (more: object) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [{ Id: '1', MessageBody: 'x', ...more }],
      }),
    );
  await expect(batch({})).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'The request must contain the parameter MessageGroupId.',
  });
  await expect(batch({ MessageGroupId: 'a' })).rejects.toThrow(noId);
});

test.each(['', 'has blank', 'x'.repeat(129), 'ä'])(
  'fails when the group id is "%s"',
  async (group) => {
    const { put } = await withQueue();
    await expect(put(group, 'x')).rejects.toThrow(
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  },
);

test('fails when a message has a delay of its own', async () => {
  const { url, send } = await withQueue();
  await expect(
    send(url, 'x', { MessageGroupId: 'a', MessageDeduplicationId: '1', DelaySeconds: 2 }),
  ).rejects.toThrow(
    'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
  );
});

test('the queue’s delay holds the group back, and a change of it holds for delayed messages', async () => {
  const { url, sqs, put, bodies, clock, counts } = await withQueue({ DelaySeconds: '60' });
  await put('a', 'a1');
  await clock.advance(10_000);
  await put('a', 'a2');
  expect(await counts(url)).toEqual([0, 0, 2]);
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '10' } }),
  );
  expect(await counts(url)).toEqual([1, 0, 1]);
  await clock.advance(10_000);
  expect(await bodies(url)).toEqual(['a1', 'a2']);
});

test('sequence numbers have 20 digits and grow', async () => {
  const { url, put, receive } = await withQueue();
  const first = await put('a', 'a1');
  const second = await put('b', 'b1');
  expect(first.SequenceNumber).toMatch(/^\d{20}$/);
  expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
  const [message] = await receive(url, { AttributeNames: ['All'] });
  expect(message?.Attributes).toMatchObject({
    SequenceNumber: first.SequenceNumber,
    MessageGroupId: 'a',
    MessageDeduplicationId: 'id-0',
  });
});

test('a receive that is tried again returns the same messages and handles', async () => {
  const { url, put, receive, bodies, clock, remove } = await withQueue();
  await put('a', 'a1');
  await put('b', 'b1');
  const attempt = { MaxNumberOfMessages: 1, ReceiveRequestAttemptId: 'attempt-1' };
  const [first] = await receive(url, attempt);
  await clock.advance(20_000);
  const [again] = await receive(url, attempt);
  expect(again).toEqual(first);
  await clock.advance(20_000);
  expect(await bodies(url)).toEqual(['b1']);
  await remove(handleOf(again));
  expect(await bodies(url, attempt)).toEqual([]);
});

test('a receive is not repeated after a change of visibility', async () => {
  const { url, put, receive, bodies, hide } = await withQueue();
  await put('a', 'a1');
  const attempt = { ReceiveRequestAttemptId: 'attempt-1' };
  const [first] = await receive(url, attempt);
  await hide(handleOf(first), 60);
  expect(await bodies(url, attempt)).toEqual([]);
});

test('fails when a standard queue is given an attempt id', async () => {
  const { create, receive } = startSqs();
  const url = await create('orders');
  await expect(receive(url, { ReceiveRequestAttemptId: 'x' })).rejects.toThrow(
    'not valid for this queue type',
  );
});

test('a dead-lettered message makes way for its group, and is sent anew', async () => {
  const { create, send, receive, bodies, clock } = startSqs();
  const dlq = await create('dlq.fifo', { FifoQueue: 'true' });
  const url = await create('orders.fifo', { FifoQueue: 'true', ...redriveTo('dlq.fifo', 1) });
  const put = (body: string) =>
    send(url, body, { MessageGroupId: 'a', MessageDeduplicationId: body });
  const poison = await put('poison');
  await put('next');
  await clock.advance(1_000);
  expect(await bodies(url, { MaxNumberOfMessages: 1, VisibilityTimeout: 1 })).toEqual(['poison']);
  await clock.advance(1_000);
  expect(await bodies(url)).toEqual(['next']);
  const [dead] = await receive(dlq, { AttributeNames: ['All'] });
  expect(dead).toMatchObject({
    MessageId: poison.MessageId,
    Attributes: {
      DeadLetterQueueSourceArn: arnOf('orders.fifo'),
      MessageGroupId: 'a',
      MessageDeduplicationId: poison.MessageId,
      SentTimestamp: String(clock.now()),
    },
  });
});

test('an expired message makes way for its group', async () => {
  const { url, put, receive, bodies, clock } = await withQueue({
    MessageRetentionPeriod: '60',
    VisibilityTimeout: '300',
  });
  await put('a', 'a1');
  await receive(url);
  await clock.advance(30_000);
  await put('a', 'a2');
  expect(await bodies(url)).toEqual([]);
  await clock.advance(30_000);
  expect(await bodies(url)).toEqual(['a2']);
});
