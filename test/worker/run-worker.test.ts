import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { runWorker, type WorkerOptions } from 'cdk-decouple/worker';
import { Job, message, queueUrl, run, sqsWith } from './fixtures';

const calls = (sqs: ReturnType<typeof sqsWith>, command: typeof DeleteMessageCommand) =>
  sqs.commandCalls(command).map(({ args: [{ input }] }) => input.ReceiptHandle);

test('a message is deleted once its handler has returned, and left alone if it has thrown', async () => {
  const sqs = sqsWith([message('one'), message('two'), message('three')]);
  const { done, log } = run(
    async ({ MessageId }) => {
      if (MessageId === 'two') throw new Error('not today');
    },
    { handled: 3 },
  );
  await done;
  expect(calls(sqs, DeleteMessageCommand)).toEqual(['handle-of-one', 'handle-of-three']);
  expect(sqs.commandCalls(ChangeMessageVisibilityCommand)).toEqual([]);
  expect(log.lines).toContain('error: A message failed; it will be delivered again');
  expect(log.details).toContainEqual({
    messageId: 'two',
    receives: '1',
    error: new Error('not today'),
  });
});

test('a failed message comes back when it is told to', async () => {
  const sqs = sqsWith([message('one')]);
  const { done } = run(() => Promise.reject(new Error('not yet')), { handled: 1, retryAfter: 7 });
  await done;
  expect(sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input)).toEqual(
    [{ QueueUrl: queueUrl, ReceiptHandle: 'handle-of-one', VisibilityTimeout: 7 }],
  );
});

test('the handler gets the message with its attributes', async () => {
  sqsWith([
    {
      ...message('one'),
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
    },
  ]);
  const handler = jest.fn(async () => {});
  await run(handler, { handled: 1 }).done;
  expect(handler).toHaveBeenCalledWith(
    {
      MessageId: 'one',
      ReceiptHandle: 'handle-of-one',
      Body: 'body of one',
      Attributes: { ApproximateReceiveCount: '1' },
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order', BinaryValue: undefined },
      },
    },
    { leaving: expect.any(AbortSignal) },
  );
});

test.each([
  [4, 10, [4]],
  [10, 10, [10]],
  [15, 10, [8, 7]],
  [3, 1, [1, 1, 1]],
])(
  '%i messages at a time, %i to a request: requests for %j',
  async (concurrency, batchSize, sizes) => {
    const sqs = sqsWith([message('one')]);
    await run(async () => {}, { handled: 1, concurrency, batchSize }).done;
    const asked = sqs
      .commandCalls(ReceiveMessageCommand)
      .slice(0, sizes.length)
      .map(({ args }) => args[0].input);
    expect(asked.map(({ MaxNumberOfMessages }) => MaxNumberOfMessages)).toEqual(sizes);
    expect(asked[0]).toMatchObject({ WaitTimeSeconds: 20, VisibilityTimeout: 30 });
  },
);

test('the visibility timeout is that of the queue, unless another one is given', async () => {
  const sqs = sqsWith([message('one')]);
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { VisibilityTimeout: '120' } });
  await run(async () => {}, { handled: 1, visibilityTimeout: undefined }).done;
  expect(sqs.commandCalls(ReceiveMessageCommand)[0]?.args[0].input.VisibilityTimeout).toBe(120);
});

test('a queue that hides messages for no time at all is refused', async () => {
  sqsWith()
    .on(GetQueueAttributesCommand)
    .resolves({ Attributes: { VisibilityTimeout: '0' } });
  await expect(run(async () => {}, { visibilityTimeout: undefined }).done).rejects.toThrow(
    'the visibility timeout of the queue is 0 seconds',
  );
});

test('a message stays hidden for as long as it is worked on', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const sqs = sqsWith([message('long')]);
    const { done } = run(() => new Promise((resolve) => setTimeout(resolve, 45_000)), {
      handled: 1,
    });
    await jest.advanceTimersByTimeAsync(45_000);
    await done;
    const prolonged = sqs.commandCalls(ChangeMessageVisibilityCommand);
    expect(prolonged.map(({ args }) => args[0].input.VisibilityTimeout)).toEqual([30, 30, 30, 30]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(sqs.commandCalls(ChangeMessageVisibilityCommand)).toHaveLength(4);
  } finally {
    jest.useRealTimers();
  }
});

test('while SQS does not answer, it is asked less and less often', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const sqs = sqsWith();
    sqs.on(ReceiveMessageCommand).rejects(new Error('no way'));
    const { done, log, stop } = run(async () => {});
    await jest.advanceTimersByTimeAsync(120_000);
    stop();
    await done;
    const warnings = log.lines.filter((line) => line === 'warn: No messages could be received');
    // At 0, 1, 3, 7, 15, 31, 61 and 91 seconds.
    expect(warnings).toHaveLength(8);
  } finally {
    jest.useRealTimers();
  }
});

test('of a FIFO queue each group is worked off in order, and not beyond a message that fails', async () => {
  const sqs = sqsWith([
    message('a1', 'a'),
    message('b1', 'b'),
    message('a2', 'a'),
    message('b2', 'b'),
    message('b3', 'b'),
  ]);
  const log: string[] = [];
  const { done } = run(
    async ({ MessageId }) => {
      log.push(`${MessageId} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${MessageId} ends`);
      if (MessageId === 'b2') throw new Error('no');
    },
    { handled: 4, queueUrl: `${queueUrl}.fifo` },
  );
  await done;
  expect(log.filter((line) => line.startsWith('a'))).toEqual([
    'a1 begins',
    'a1 ends',
    'a2 begins',
    'a2 ends',
  ]);
  expect(log.filter((line) => line.startsWith('b'))).toEqual([
    'b1 begins',
    'b1 ends',
    'b2 begins',
    'b2 ends',
  ]);
  expect(calls(sqs, DeleteMessageCommand).sort()).toEqual([
    'handle-of-a1',
    'handle-of-a2',
    'handle-of-b1',
  ]);
});

test('groups of a standard queue are for fairness, not for order', async () => {
  sqsWith([message('a1', 'a'), message('a2', 'a')]);
  const begun: (() => void)[] = [];
  const { done } = run(
    () =>
      new Promise<void>((resolve) => {
        begun.push(resolve);
        // Neither ends before both have begun.
        if (begun.length === 2) for (const end of begun) end();
      }),
    { handled: 2 },
  );
  await done;
  expect(begun).toHaveLength(2);
});

test('a worker that is told to leave finishes what it holds, and receives nothing more', async () => {
  const sqs = sqsWith([message('held')], [message('never')]);
  const job = new Job();
  const { done, stop } = run(job.handler);
  const { leaving } = await job.begun;
  stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(leaving.aborted).toBe(true);
  expect(calls(sqs, DeleteMessageCommand)).toEqual([]);
  job.finish();
  await done;
  expect(calls(sqs, DeleteMessageCommand)).toEqual(['handle-of-held']);
  expect(sqs.commandCalls(ReceiveMessageCommand)).toHaveLength(1);
});

test('what comes in with the last request is handed back at once', async () => {
  const sqs = sqsWith();
  let stop: () => void = () => {};
  sqs.on(ReceiveMessageCommand).callsFake(async () => {
    stop();
    await new Promise((resolve) => setImmediate(resolve));
    return { Messages: [message('late')] };
  });
  const handler = jest.fn(async () => {});
  const running = run(handler);
  stop = running.stop;
  await running.done;
  expect(handler).not.toHaveBeenCalled();
  expect(sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input)).toEqual(
    [{ QueueUrl: queueUrl, ReceiptHandle: 'handle-of-late', VisibilityTimeout: 0 }],
  );
  expect(calls(sqs, DeleteMessageCommand)).toEqual([]);
});

test('a message that cannot be deleted is spoken of', async () => {
  const sqs = sqsWith([message('one')]);
  sqs.on(DeleteMessageCommand).rejects(new Error('expired'));
  const { done, log } = run(async () => {}, { handled: 1 });
  await done;
  expect(log.lines).toContain(
    'error: A message could not be deleted or kept hidden; it may be delivered again',
  );
});

test('SIGTERM makes it leave', async () => {
  sqsWith([message('one')]);
  await run(async () => {
    process.emit('SIGTERM');
  }).done;
});

test.each<[WorkerOptions, string]>([
  [{}, 'queueUrl must be given, or the environment variable QUEUE_URL'],
  [{ queueUrl, concurrency: 0 }, 'concurrency must be a whole number between 1 and 100, got 0'],
  [{ queueUrl, batchSize: 11 }, 'batchSize must be a whole number between 1 and 10, got 11'],
  [{ queueUrl, visibilityTimeout: 2 }, 'visibilityTimeout must be a whole number between 3'],
  [{ queueUrl, retryAfter: -1 }, 'retryAfter must be a whole number between 0'],
  [{ queueUrl, waitTime: 0 }, 'waitTime must be a whole number between 1 and 20, got 0'],
])('options %j are refused', async (options, text) => {
  await expect(runWorker(async () => {}, options)).rejects.toThrow(text);
});
