import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { arnOf, redriveTo, startSqs } from './support';

/** A queue whose messages have all been given up. */
async function withDeadLetters(count: number) {
  const started = startSqs();
  const { create, send, bodies, sqs } = started;
  const dlq = await create('dlq');
  const url = await create('orders', redriveTo('dlq', 1));
  for (let i = 0; i < count; i++) await send(url, `message-${i}`);
  while ((await bodies(url, { VisibilityTimeout: 0 })).length > 0);
  const start = (more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
    sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dlq'), ...more }));
  const list = async (MaxResults?: number) => {
    const { Results = [] } = await sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: arnOf('dlq'), MaxResults }),
    );
    return Results;
  };
  const cancel = (TaskHandle: string) => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  return { ...started, dlq, url, start, list, cancel };
}

test('messages go back to where they came from, in order, as new messages', async () => {
  const { dlq, url, start, list, receive, counts, clock, env } = await withDeadLetters(3);
  expect(await counts(dlq)).toEqual([3, 0, 0]);
  await clock.advance(5_000);
  await start();
  await clock.advance(1_000);
  expect(await counts(dlq)).toEqual([0, 0, 0]);
  const messages = await receive(url, { AttributeNames: ['All'] });
  expect(messages.map(({ Body }) => Body)).toEqual(['message-0', 'message-1', 'message-2']);
  expect(messages[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
  expect(messages[0]?.Attributes?.DeadLetterQueueSourceArn).toBeUndefined();
  const [redriven] = env.journal.hops({ kind: 'redriven' });
  expect(redriven?.messageId).not.toBe(messages[0]?.MessageId);
  expect(redriven?.detail).toEqual({
    destination: arnOf('orders'),
    newMessageId: messages[0]?.MessageId,
  });
  expect(await list()).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: arnOf('dlq'),
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: expect.any(Number),
    },
  ]);
});

test('a task keeps to its rate and can be cancelled', async () => {
  const { dlq, create, start, list, cancel, counts, clock } = await withDeadLetters(5);
  const other = await create('other');
  const { TaskHandle = '' } = await start({
    DestinationArn: arnOf('other'),
    MaxNumberOfMessagesPerSecond: 1,
  });
  expect(await list()).toMatchObject([
    {
      Status: 'RUNNING',
      TaskHandle,
      MaxNumberOfMessagesPerSecond: 1,
      DestinationArn: arnOf('other'),
    },
  ]);
  await clock.advance(2_000);
  expect(await counts(other)).toEqual([2, 0, 0]);
  expect(await cancel(TaskHandle)).toMatchObject({ ApproximateNumberOfMessagesMoved: 2 });
  await clock.advance(10_000);
  expect(await counts(dlq)).toEqual([3, 0, 0]);
  const [task] = await list();
  expect(task).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 });
  expect(task?.TaskHandle).toBeUndefined();
  await expect(cancel(TaskHandle)).rejects.toThrow('Only active tasks can be cancelled.');
});

test('one task a queue at a time, and the latest is listed first', async () => {
  const { start, list, clock } = await withDeadLetters(1);
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  await expect(start()).rejects.toThrow(
    'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  );
  await clock.advance(1_000);
  await start({ MaxNumberOfMessagesPerSecond: 2 });
  expect(await list()).toHaveLength(1);
  expect((await list(10)).map((task) => task.MaxNumberOfMessagesPerSecond)).toEqual([2, 1]);
});

test('a task fails when its destination is deleted, and loses nothing', async () => {
  const { dlq, sqs, create, start, list, counts, clock } = await withDeadLetters(3);
  const other = await create('other');
  await start({ DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 });
  await clock.advance(1_000);
  await sqs.send(new DeleteQueueCommand({ QueueUrl: other }));
  await clock.advance(1_000);
  expect(await list()).toMatchObject([
    { Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' },
  ]);
  expect(await counts(dlq)).toEqual([2, 0, 0]);
});

test('a task without destination fails at a message that was sent to the dead-letter queue itself', async () => {
  const { dlq, send, start, list, counts, clock } = await withDeadLetters(0);
  await send(dlq, 'direct');
  await start();
  await clock.advance(1_000);
  expect(await list()).toMatchObject([
    { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
  ]);
  expect(await counts(dlq)).toEqual([1, 0, 0]);
});

test('a FIFO dead-letter queue gives back in order of its groups', async () => {
  const { create, send, bodies, sqs, clock } = startSqs();
  await create('dlq.fifo', { FifoQueue: 'true' });
  const url = await create('orders.fifo', { FifoQueue: 'true', ...redriveTo('dlq.fifo', 1) });
  for (const body of ['a1', 'b1', 'a2']) {
    await send(url, body, { MessageGroupId: body.slice(0, 1), MessageDeduplicationId: body });
  }
  await bodies(url, { VisibilityTimeout: 0 });
  expect(await bodies(url)).toEqual([]);
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dlq.fifo') }));
  await clock.advance(1_000);
  expect(await bodies(url)).toEqual(['a1', 'a2', 'b1']);
});

test.each([
  ['is no ARN', { SourceArn: 'dlq' }, 'You must use this format to specify the SourceArn'],
  ['does not exist', { SourceArn: arnOf('nothing') }, "SourceArn parameter doesn't exist"],
  [
    'is no dead-letter queue',
    { SourceArn: arnOf('orders') },
    'Source queue must be configured as a Dead Letter Queue.',
  ],
  [
    'has a destination that does not exist',
    { DestinationArn: arnOf('nothing') },
    "DestinationArn parameter doesn't exist",
  ],
  ['is its own destination', { DestinationArn: arnOf('dlq') }, 'cannot be the same'],
  ['has a destination of another type', { DestinationArn: arnOf('x.fifo') }, 'same type'],
  ['has rate 0', { MaxNumberOfMessagesPerSecond: 0 }, 'between 1 and 500'],
  ['has rate 501', { MaxNumberOfMessagesPerSecond: 501 }, 'between 1 and 500'],
])('fails to start when the source %s', async (_what, input, message) => {
  const { create, start } = await withDeadLetters(0);
  await create('x.fifo', { FifoQueue: 'true' });
  await expect(start(input)).rejects.toThrow(message);
});

test('fails to cancel what is no task', async () => {
  const { cancel } = await withDeadLetters(0);
  const handle = (taskId: string, sourceArn: string) =>
    Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');
  await expect(cancel('nonsense')).rejects.toThrow('Value for parameter TaskHandle is invalid.');
  await expect(cancel(handle('1', arnOf('nothing')))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(cancel(handle('1', arnOf('dlq')))).rejects.toThrow('Task does not exist.');
});
