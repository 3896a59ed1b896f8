import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { arnOf, handleOf, redriveTo, startSqs } from './support';

async function withQueue(attributes: Record<string, string> = {}) {
  const started = startSqs();
  const url = await started.create('orders', attributes);
  const { sqs } = started;
  const remove = (handle: string) =>
    sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
  const hide = (handle: string, seconds: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      }),
    );
  return { ...started, url, remove, hide };
}

test('messages come in the order of sending, each once', async () => {
  const { url, send, bodies, counts } = await withQueue();
  for (const body of ['a', 'b', 'c']) await send(url, body);
  expect(await bodies(url, { MaxNumberOfMessages: 2 })).toEqual(['a', 'b']);
  expect(await counts(url)).toEqual([1, 2, 0]);
  expect(await bodies(url)).toEqual(['c']);
  expect(await bodies(url)).toEqual([]);
});

test('an empty answer has no list of messages', async () => {
  const { url, sqs } = await withQueue();
  const answer = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  expect(answer.Messages).toBeUndefined();
});

test('a message comes back when its visibility timeout is over, to its old place', async () => {
  const { url, send, bodies, clock, counts } = await withQueue();
  for (const body of ['a', 'b']) await send(url, body);
  expect(await bodies(url, { MaxNumberOfMessages: 1 })).toEqual(['a']);
  await clock.advance(29_999);
  expect(await counts(url)).toEqual([1, 1, 0]);
  await clock.advance(1);
  expect(await counts(url)).toEqual([2, 0, 0]);
  expect(await bodies(url)).toEqual(['a', 'b']);
});

test('a message received three times goes to the end', async () => {
  const { url, send, bodies } = await withQueue();
  for (const body of ['a', 'b']) await send(url, body);
  const once = { MaxNumberOfMessages: 1, VisibilityTimeout: 0 };
  for (let i = 0; i < 3; i++) expect(await bodies(url, once)).toEqual(['a']);
  expect(await bodies(url, once)).toEqual(['b']);
});

test('a receive can set the visibility timeout of what it returns', async () => {
  const { url, send, bodies, clock } = await withQueue();
  await send(url, 'a');
  await bodies(url, { VisibilityTimeout: 5 });
  await clock.advance(4_999);
  expect(await bodies(url)).toEqual([]);
  await clock.advance(1);
  expect(await bodies(url)).toEqual(['a']);
});

test('the visibility timeout is extended, and ended by 0', async () => {
  const { url, send, receive, bodies, clock, hide } = await withQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  await clock.advance(20_000);
  await hide(handleOf(message), 60);
  await clock.advance(59_999);
  expect(await bodies(url)).toEqual([]);
  await hide(handleOf(message), 0);
  expect(await bodies(url)).toEqual(['a']);
});

test('a message stays invisible for 12 hours after its receive at most', async () => {
  const { url, send, receive, clock, hide } = await withQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  await clock.advance(1_000);
  await expect(hide(handleOf(message), 43_200)).rejects.toThrow(
    'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  );
  await hide(handleOf(message), 43_199);
  await expect(hide(handleOf(message), 43_201)).rejects.toThrow('between 0 and 43200');
});

test('changing the visibility of a message that came back succeeds and does nothing, as on AWS', async () => {
  const { url, send, receive, bodies, clock, hide } = await withQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  await clock.advance(30_000);
  await hide(handleOf(message), 60);
  expect(await bodies(url)).toEqual(['a']);
});

test('changing the visibility of a deleted message fails', async () => {
  const { url, send, receive, remove, hide } = await withQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  await remove(handleOf(message));
  await expect(hide(handleOf(message), 60)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: `Value ${handleOf(message)} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  });
});

test('a deleted message is gone, and deleting it again succeeds', async () => {
  const { url, send, receive, remove, clock, counts } = await withQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  await remove(handleOf(message));
  await remove(handleOf(message));
  await clock.advance(60_000);
  expect(await counts(url)).toEqual([0, 0, 0]);
});

test('the latest handle deletes a message that has become visible again', async () => {
  const { url, send, receive, remove, clock, counts } = await withQueue();
  await send(url, 'a');
  const [message] = await receive(url);
  await clock.advance(30_000);
  await remove(handleOf(message));
  expect(await counts(url)).toEqual([0, 0, 0]);
});

test('an older handle is accepted and deletes nothing', async () => {
  const { url, send, receive, remove, clock, counts } = await withQueue();
  await send(url, 'a');
  const [first] = await receive(url);
  await clock.advance(30_000);
  await receive(url);
  await remove(handleOf(first));
  expect(await counts(url)).toEqual([0, 1, 0]);
});

test.each(['nonsense', 'AQEBnonsense', ''])(
  'fails when the receipt handle is "%s"',
  async (handle) => {
    const { remove } = await withQueue();
    await expect(remove(handle)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  },
);

test('fails when the receipt handle is another queue’s', async () => {
  const { create, send, receive, remove } = await withQueue();
  const other = await create('other');
  await send(other, 'a');
  const [message] = await receive(other);
  await expect(remove(handleOf(message))).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
});

test('a delayed message is counted and comes when its delay is over', async () => {
  const { url, send, bodies, clock, counts } = await withQueue({ DelaySeconds: '10' });
  await send(url, 'by the queue');
  await send(url, 'by itself', { DelaySeconds: 20 });
  await send(url, 'at once', { DelaySeconds: 0 });
  expect(await counts(url)).toEqual([1, 0, 2]);
  expect(await bodies(url)).toEqual(['at once']);
  await clock.advance(10_000);
  expect(await bodies(url)).toEqual(['by the queue']);
  await clock.advance(10_000);
  expect(await bodies(url)).toEqual(['by itself']);
});

test('messages expire at the end of the retention period, in flight or not', async () => {
  const { url, send, receive, clock, counts, env } = await withQueue({
    MessageRetentionPeriod: '60',
    VisibilityTimeout: '120',
  });
  await send(url, 'a');
  await send(url, 'b');
  await receive(url, { MaxNumberOfMessages: 1 });
  await clock.advance(59_999);
  expect(await counts(url)).toEqual([1, 1, 0]);
  await clock.advance(1);
  expect(await counts(url)).toEqual([0, 0, 0]);
  expect(env.journal.hops({ kind: 'expired' })).toHaveLength(2);
});

test('a shorter retention period holds for messages that are there', async () => {
  const { url, sqs, send, clock, counts } = await withQueue();
  await send(url, 'a');
  await clock.advance(120_000);
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { MessageRetentionPeriod: '60' } }),
  );
  expect(await counts(url)).toEqual([0, 0, 0]);
});

test('a long poll returns when a message arrives', async () => {
  const { url, send, bodies, clock } = await withQueue();
  const poll = bodies(url, { WaitTimeSeconds: 20 });
  await clock.advance(5_000);
  await send(url, 'a');
  expect(await poll).toEqual(['a']);
});

test('a long poll without a message ends when its time is over', async () => {
  const { url, bodies, clock } = await withQueue({ ReceiveMessageWaitTimeSeconds: '7' });
  let answer: unknown;
  const poll = bodies(url).then((messages) => {
    answer = messages;
  });
  await clock.advance(6_999);
  expect(answer).toBeUndefined();
  await clock.advance(1);
  await poll;
  expect(answer).toEqual([]);
});

test('a long poll sees delays and visibility timeouts end', async () => {
  const { url, send, bodies, clock } = await withQueue();
  await send(url, 'delayed', { DelaySeconds: 3 });
  const first = bodies(url, { WaitTimeSeconds: 20, VisibilityTimeout: 4 });
  await clock.advance(3_000);
  expect(await first).toEqual(['delayed']);
  const second = bodies(url, { WaitTimeSeconds: 20 });
  await clock.advance(4_000);
  expect(await second).toEqual(['delayed']);
});

test('long polls are served in order of arrival', async () => {
  const { url, send, bodies, clock } = await withQueue();
  const order: string[] = [];
  const polls = ['first', 'second'].map((name) =>
    bodies(url, { WaitTimeSeconds: 20 }).then(([body]) => order.push(`${name}: ${body}`)),
  );
  await clock.settle();
  await send(url, 'a');
  await send(url, 'b');
  await Promise.all(polls);
  expect(order).toEqual(['first: a', 'second: b']);
});

test('a caller that hangs up gets no message', async () => {
  const { url, sqs, send, clock, counts } = await withQueue();
  const abort = new AbortController();
  const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
    abortSignal: abort.signal,
  });
  await clock.settle();
  abort.abort();
  await expect(poll).rejects.toMatchObject({ name: 'AbortError', message: 'Request aborted' });
  await send(url, 'a');
  expect(await counts(url)).toEqual([1, 0, 0]);
});

test('a caller that has hung up already takes no message', async () => {
  const { url, sqs, send, counts } = await withQueue();
  await send(url, 'a');
  const abortSignal = AbortSignal.abort('too late');
  await expect(
    sqs.send(new ReceiveMessageCommand({ QueueUrl: url }), { abortSignal }),
  ).rejects.toMatchObject({ name: 'AbortError' });
  expect(await counts(url)).toEqual([1, 0, 0]);
});

test('a long poll fails when its queue is deleted', async () => {
  const { url, sqs, bodies, clock } = await withQueue();
  const poll = bodies(url, { WaitTimeSeconds: 20 });
  const outcome = expect(poll).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await clock.settle();
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await outcome;
});

test.each([
  ['MaxNumberOfMessages', 0, 'Must be between 1 and 10, if provided.'],
  ['MaxNumberOfMessages', 11, 'Must be between 1 and 10, if provided.'],
  ['WaitTimeSeconds', -1, 'Must be >= 0 and <= 20, if provided.'],
  ['WaitTimeSeconds', 21, 'Must be >= 0 and <= 20, if provided.'],
  ['VisibilityTimeout', -1, 'Must be >= 0 and <= 43200, if provided.'],
  ['VisibilityTimeout', 43_201, 'Must be >= 0 and <= 43200, if provided.'],
])('fails when %s of a receive is %d', async (name, value, reason) => {
  const { url, receive } = await withQueue();
  await expect(receive(url, { [name]: value })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  });
});

test('a message goes to the dead-letter queue at the receive after the last one allowed', async () => {
  const { create, send, receive, bodies, counts, attributes, clock, env } = startSqs();
  const dlq = await create('dlq');
  const url = await create('orders', redriveTo('dlq', 2));
  const { MessageId = '' } = await send(url, 'poison');
  const [{ SentTimestamp } = {}] = (
    await receive(url, { AttributeNames: ['All'], VisibilityTimeout: 1 })
  ).map(({ Attributes }) => Attributes ?? {});
  await clock.advance(1_000);
  expect(await bodies(url, { VisibilityTimeout: 1 })).toEqual(['poison']);
  await clock.advance(1_000);
  expect(await counts(url)).toEqual([1, 0, 0]);
  expect(await bodies(url)).toEqual([]);
  expect(await attributes(url, 'ApproximateNumberOfMessages')).toEqual({
    ApproximateNumberOfMessages: '0',
  });
  const [dead] = await receive(dlq, { MessageSystemAttributeNames: ['All'] });
  expect(dead).toMatchObject({
    MessageId,
    Body: 'poison',
    Attributes: {
      DeadLetterQueueSourceArn: arnOf('orders'),
      ApproximateReceiveCount: '3',
      SentTimestamp,
    },
  });
  expect(env.journal.trace(MessageId).map(({ kind }) => kind)).toEqual([
    'sent',
    'received',
    'visibility-expired',
    'received',
    'visibility-expired',
    'dead-lettered',
    'received',
  ]);
});

test('a dead-lettered message expires by the time of its first sending', async () => {
  const { create, send, bodies, counts, clock } = startSqs();
  const dlq = await create('dlq', { MessageRetentionPeriod: '120' });
  const url = await create('orders', redriveTo('dlq', 1));
  await send(url, 'poison');
  await clock.advance(50_000);
  await send(dlq, 'sent to the dead-letter queue itself');
  await bodies(url, { VisibilityTimeout: 0 });
  expect(await bodies(url)).toEqual([]);
  expect(await counts(dlq)).toEqual([2, 0, 0]);
  await clock.advance(70_000);
  expect(await counts(dlq)).toEqual([1, 0, 0]);
  await clock.advance(50_000);
  expect(await counts(dlq)).toEqual([0, 0, 0]);
});

test('receives are counted anew for the redrive policy of a dead-letter queue', async () => {
  const { create, send, bodies, counts } = startSqs();
  const last = await create('last');
  const dlq = await create('dlq', redriveTo('last', 1));
  const url = await create('orders', redriveTo('dlq', 1));
  await send(url, 'poison');
  await bodies(url, { VisibilityTimeout: 0 });
  await bodies(url);
  expect(await bodies(dlq, { VisibilityTimeout: 0 })).toEqual(['poison']);
  expect(await bodies(dlq)).toEqual([]);
  expect(await counts(last)).toEqual([1, 0, 0]);
});

test('with 120,000 messages in flight a short poll says OverLimit and a long poll nothing', async () => {
  const { url, service, receive, clock } = await withQueue();
  const queue = service.queue(arnOf('orders'));
  if (!queue) throw new Error('no queue');
  const draft = { content: { body: 'x', md5OfBody: '' }, senderId: '', size: 1 };
  queue.send(Array.from({ length: 120_001 }, () => draft));
  for (let i = 0; i < 12_000; i++) queue.receiveNow({ maxMessages: 10 });
  await expect(receive(url)).rejects.toMatchObject({ name: 'OverLimit' });
  const poll = receive(url, { WaitTimeSeconds: 1 });
  await clock.advance(1_000);
  expect(await poll).toEqual([]);
});
