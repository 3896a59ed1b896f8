import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { arnOf, handleOf, startSqs } from './support';

async function drain(duplicate: number, reorder: boolean, count = 200) {
  const { create, send, receive, service, sqs, env } = startSqs();
  service.faults.standardQueue({ queue: 'orders', duplicate, reorder });
  const QueueUrl = await create('orders');
  for (let i = 0; i < count; i++) await send(QueueUrl, String(i));
  const received: number[] = [];
  for (let batch = await receive(QueueUrl); batch.length > 0; batch = await receive(QueueUrl)) {
    for (const message of batch) {
      received.push(Number(message.Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handleOf(message) }));
    }
  }
  return { received, duplicated: env.journal.hops({ kind: 'duplicated' }).length };
}

test('a standard queue delivers some messages twice, even after they are deleted', async () => {
  const { received, duplicated } = await drain(0.1, false);
  expect(new Set(received).size).toBe(200);
  expect(received.length).toBe(200 + duplicated);
  expect(duplicated).toBeGreaterThan(5);
  expect(duplicated).toBeLessThan(50);
});

test('a standard queue delivers out of order and loses nothing', async () => {
  const { received } = await drain(0, true);
  const inOrder = [...received].sort((a, b) => a - b);
  expect(received).not.toEqual(inOrder);
  expect(inOrder).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test('the same seed gives the same faults', async () => {
  expect(await drain(0.1, true)).toEqual(await drain(0.1, true));
});

test('a FIFO queue has neither fault', async () => {
  const { create, send, bodies, service } = startSqs();
  service.faults.standardQueue({ duplicate: 0.9, reorder: true });
  const url = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  for (const body of ['a', 'b', 'c']) await send(url, body, { MessageGroupId: 'g' });
  expect(await bodies(url)).toEqual(['a', 'b', 'c']);
});

test('the latest fault that fits a queue counts, until it ends', async () => {
  const { service } = startSqs();
  const { faults } = service;
  const arn = arnOf('orders');
  faults.standardQueue({ duplicate: 0.1 });
  const end = faults.standardQueue({ queue: arn, reorder: true });
  expect(faults.behaviourOf(arn)).toEqual({ duplicate: 0, reorder: true });
  expect(faults.behaviourOf(arnOf('others'))).toEqual({ duplicate: 0.1, reorder: false });
  end();
  expect(faults.behaviourOf(arn)).toEqual({ duplicate: 0.1, reorder: false });
  faults.clear();
  expect(faults.behaviourOf(arn)).toEqual({ duplicate: 0, reorder: false });
});

test.each([-0.1, 1, Number.NaN])('fails when the probability of a duplicate is %d', (duplicate) => {
  const { service } = startSqs();
  expect(() => service.faults.standardQueue({ duplicate })).toThrow(RangeError);
});

test('calls are throttled by operation', async () => {
  const { create, send, receive, service } = startSqs();
  const url = await create('orders');
  const end = service.faults.throttle({ queue: 'orders', operations: ['SendMessage'] });
  await expect(send(url, 'x')).rejects.toMatchObject({ name: 'RequestThrottled' });
  expect(await receive(url)).toEqual([]);
  end();
  await send(url, 'x');
});

test('calls take emulated time', async () => {
  const { create, send, service, clock, counts } = startSqs();
  const url = await create('orders');
  const end = service.faults.latency({ operations: ['SendMessage'], milliseconds: 250 });
  const sending = send(url, 'x');
  await clock.advance(249);
  expect(await counts(url)).toEqual([0, 0, 0]);
  await clock.advance(1);
  await sending;
  expect(await counts(url)).toEqual([1, 0, 0]);
  end();
  await send(url, 'y');
});

test('a FIFO queue takes 300 calls of an action a second where limits are asked for', async () => {
  const { create, send, service, clock } = startSqs();
  const url = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  service.faults.fifoThroughput();
  const put = (i: number) => send(url, String(i), { MessageGroupId: String(i % 2) });
  for (let i = 0; i < 300; i++) await put(i);
  await expect(put(300)).rejects.toMatchObject({ name: 'RequestThrottled' });
  await clock.advance(1_000);
  await put(300);
});

test('with throughput per message group every group has its own 300 calls', async () => {
  const { create, send, service } = startSqs();
  const url = await create('orders.fifo', {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
  service.faults.fifoThroughput({ queue: 'orders.fifo' });
  const put = (group: string, i: number) => send(url, String(i), { MessageGroupId: group });
  for (let i = 0; i < 300; i++) await put('a', i);
  await put('b', 0);
  await expect(put('a', 300)).rejects.toMatchObject({ name: 'RequestThrottled' });
});
