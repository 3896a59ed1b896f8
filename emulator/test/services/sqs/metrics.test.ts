import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { account, region } from '../../support/service-harness';
import { handleOf, redriveTo, startSqs } from './support';

const minute = 60_000;

function started() {
  const all = startSqs();
  const start = all.clock.now();
  /** Sums of one metric, minute by minute since the start. */
  const sums = (queue: string, name: string) => {
    all.metrics.collect();
    const metric = { namespace: 'AWS/SQS', name, dimensions: { QueueName: queue } };
    const points = all.metrics
      .find({ account, region }, metric)
      ?.periods(start, all.clock.now(), minute);
    return [...(points?.values() ?? [])].map(({ sum }) => sum);
  };
  return { ...all, start, sums };
}

test('what is done is counted by the minute', async () => {
  const { create, send, receive, sqs, clock, sums } = started();
  const QueueUrl = await create('orders');
  await send(QueueUrl, 'four');
  await send(QueueUrl, 'seventy');
  const [message] = await receive(QueueUrl, { MaxNumberOfMessages: 1 });
  await clock.advance(minute);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handleOf(message) }));
  await receive(QueueUrl);
  await receive(QueueUrl);
  await clock.advance(2 * minute);
  expect(sums('orders', 'NumberOfMessagesSent')).toEqual([2, 0, 0]);
  expect(sums('orders', 'SentMessageSize')).toEqual([11]);
  expect(sums('orders', 'NumberOfMessagesReceived')).toEqual([1, 1, 0]);
  expect(sums('orders', 'NumberOfEmptyReceives')).toEqual([0, 1, 0]);
  expect(sums('orders', 'NumberOfMessagesDeleted')).toEqual([0, 1, 0]);
});

test('what the queue holds is written down at the end of each minute', async () => {
  const { create, send, bodies, clock, sums } = started();
  const url = await create('orders', { VisibilityTimeout: '90' });
  await send(url, 'a');
  await send(url, 'b');
  await send(url, 'c', { DelaySeconds: 100 });
  await bodies(url, { MaxNumberOfMessages: 1 });
  await clock.advance(3 * minute);
  expect(sums('orders', 'ApproximateNumberOfMessagesVisible')).toEqual([1, 3, 3]);
  expect(sums('orders', 'ApproximateNumberOfMessagesNotVisible')).toEqual([1, 0, 0]);
  expect(sums('orders', 'ApproximateNumberOfMessagesDelayed')).toEqual([1, 0, 0]);
  expect(sums('orders', 'ApproximateAgeOfOldestMessage')).toEqual([60, 120, 180]);
});

test('the age of the oldest leaves out what was received three times', async () => {
  const { create, send, bodies, clock, sums } = started();
  const url = await create('orders');
  await send(url, 'poison');
  await clock.advance(30_000);
  await send(url, 'other');
  const once = { MaxNumberOfMessages: 1, VisibilityTimeout: 0 };
  for (let i = 0; i < 3; i++) await bodies(url, once);
  await clock.advance(minute);
  expect(sums('orders', 'ApproximateAgeOfOldestMessage')).toEqual([30]);
});

test('the age in a dead-letter queue counts from the move', async () => {
  const { create, send, bodies, clock, sums } = started();
  await create('dlq');
  const url = await create('orders', redriveTo('dlq', 1));
  await send(url, 'poison');
  await clock.advance(50_000);
  await bodies(url, { VisibilityTimeout: 0 });
  await bodies(url);
  await clock.advance(minute);
  expect(sums('dlq', 'ApproximateAgeOfOldestMessage')).toEqual([10]);
});

test('FIFO queues count deduplicated messages and groups in flight', async () => {
  const { create, send, bodies, clock, sums } = started();
  const url = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  for (const [body, group] of [
    ['x', 'a'],
    ['x', 'a'],
    ['y', 'b'],
    ['z', 'c'],
  ]) {
    await send(url, body ?? '', { MessageGroupId: group });
  }
  await bodies(url, { MaxNumberOfMessages: 2, VisibilityTimeout: 100 });
  await clock.advance(2 * minute);
  expect(sums('orders.fifo', 'NumberOfDeduplicatedSentMessages')).toEqual([1, 0]);
  expect(sums('orders.fifo', 'ApproximateNumberOfGroupsWithInflightMessages')).toEqual([2, 0]);
});

test('an empty queue that nobody uses publishes nothing after six hours', async () => {
  const { create, clock, sums } = started();
  await create('orders');
  await clock.advance(8 * 60 * minute);
  expect(sums('orders', 'NumberOfMessagesSent')).toHaveLength(361);
});
