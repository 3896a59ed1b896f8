import type { Caller } from '../../../src/iam/caller';
import type { QueueSource } from '../../../src/services/lambda/queue-source';
import { arnOf, startSqs } from './support';

const role: Caller = {
  kind: 'role-session',
  account: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/consumer/fn',
  roleArn: 'arn:aws:iam::111122223333:role/consumer',
  sessionName: 'fn',
};

async function withSource(attributes: Record<string, string> = {}) {
  const started = startSqs();
  const url = await started.create('orders', attributes);
  // The shape that event source mappings expect.
  const source: QueueSource = started.service.queueSource;
  return { ...started, url, source, arn: arnOf('orders') };
}

test('a queue is described', async () => {
  const { source, arn } = await withSource({ VisibilityTimeout: '90' });
  expect(source.describe(arn)).toEqual({ fifo: false, visibilityTimeoutSeconds: 90 });
  expect(source.describe(arnOf('nothing'))).toBeUndefined();
});

test('messages are received and deleted as the role', async () => {
  const { source, arn, url, send, counts, asked } = await withSource();
  await send(url, 'a', {
    MessageAttributes: { Foo: { DataType: 'String', StringValue: 'Bar' } },
  });
  const messages = source.receive(arn, 10, role);
  expect(messages).toMatchObject([
    {
      body: 'a',
      md5OfMessageAttributes: 'ae7155c6026991b6d54b11589678bf9c',
      attributes: { ApproximateReceiveCount: '1', SenderId: '111122223333' },
      messageAttributes: { Foo: { dataType: 'String', stringValue: 'Bar' } },
    },
  ]);
  source.delete(arn, ['nonsense', ...messages.map(({ receiptHandle }) => receiptHandle)], role);
  expect(await counts(url)).toEqual([0, 0, 0]);
  expect(asked.filter(({ caller }) => caller === role)).toEqual([
    { caller: role, action: 'sqs:ReceiveMessage', resource: arn },
    { caller: role, action: 'sqs:DeleteMessage', resource: arn },
  ]);
});

test('the listener is called when messages are sent, their delay is over or they come back', async () => {
  const { source, arn, url, send, clock } = await withSource({ VisibilityTimeout: '10' });
  const calls: number[] = [];
  const start = clock.now();
  const end = source.onReceivable(arn, () => {
    calls.push(clock.now() - start);
    source.receive(arn, 10, role);
  });
  await send(url, 'a');
  await send(url, 'b', { DelaySeconds: 5 });
  await clock.advance(12_000);
  expect(calls).toEqual([0, 5_000, 10_000]);
  end();
  await clock.advance(60_000);
  expect(calls).toHaveLength(3);
});

test('a long poll comes before the listener', async () => {
  const { source, arn, url, send, bodies, clock } = await withSource();
  let calls = 0;
  source.onReceivable(arn, () => {
    calls += 1;
  });
  const poll = bodies(url, { WaitTimeSeconds: 20 });
  await clock.settle();
  await send(url, 'a');
  expect(await poll).toEqual(['a']);
  expect(calls).toBe(0);
});

test('the listener of a FIFO queue is called when a group becomes free', async () => {
  const { create, send, service } = startSqs();
  const url = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const arn = arnOf('orders.fifo');
  const source: QueueSource = service.queueSource;
  for (const body of ['a1', 'a2']) await send(url, body, { MessageGroupId: 'a' });
  const [a1] = source.receive(arn, 1, role);
  const received: string[] = [];
  source.onReceivable(arn, () => {
    received.push(...source.receive(arn, 10, role).map(({ body }) => body));
  });
  source.delete(arn, [a1?.receiptHandle ?? ''], role);
  expect(received).toEqual(['a2']);
});
