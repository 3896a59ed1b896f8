import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import type { CreateQueueCommandInput } from '@aws-sdk/client-sqs';
import { LambdaHarness } from '../harness';

const second = 1000;
let aws: LambdaHarness;
let url: string;

beforeEach(() => {
  aws = LambdaHarness.manual();
});
afterEach(() => aws.stop());

/** A queue and a function that logs the bodies of each batch, and fails those that say so. */
async function setUp(
  mapping: Partial<CreateEventSourceMappingCommandInput> = {},
  queue: Partial<CreateQueueCommandInput> = {},
  code = `exports.handler = async ({ Records }) => {
    console.log('batch ' + JSON.stringify(Records.map((record) => record.body)));
    return { batchItemFailures: Records.filter((record) => record.body.startsWith('bad')).map((record) => ({ itemIdentifier: record.messageId })) };
  };`,
): Promise<string> {
  const name = queue.QueueName ?? 'inbox';
  const created = await aws.sqs.createQueue({ QueueName: name, ...queue });
  url = created.QueueUrl ?? '';
  await aws.createFunction('consumer', code);
  const { UUID = '' } = await aws.lambda.createEventSourceMapping({
    EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    FunctionName: 'consumer',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...mapping,
  });
  return UUID;
}

async function send(...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) await aws.sqs.sendMessage({ QueueUrl: url, MessageBody });
}

/** The batches that the function has logged, each with the second at which it did. */
function batches(): [number, string[]][] {
  return aws.logs
    .filter((entry) => entry.message.includes('\tbatch '))
    .map((entry) => [
      (entry.timestamp - Date.UTC(2035, 0, 1)) / second,
      JSON.parse(entry.message.split('\tbatch ')[1] ?? ''),
    ]);
}

async function counts(): Promise<unknown[]> {
  const { Attributes = {} } = await aws.sqs.getQueueAttributes({
    QueueUrl: url,
    AttributeNames: ['All'],
  });
  return [
    Number(Attributes.ApproximateNumberOfMessages),
    Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  ];
}

test('takes messages that arrive together in one batch and deletes them', async () => {
  await setUp();
  await send('a', 'b', 'c');
  await aws.clock.settle();
  expect(batches()).toEqual([[0, ['a', 'b', 'c']]]);
  expect(await counts()).toEqual([0, 0]);
});

test('gives the function the event that AWS gives', async () => {
  await setUp(
    {},
    {},
    'exports.handler = async (event) => { console.log("event " + JSON.stringify(event)); };',
  );
  const { MessageId } = await aws.sqs.sendMessage({
    QueueUrl: url,
    MessageBody: 'hello',
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'greeting' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 3) },
    },
  });
  await aws.clock.settle();
  const [line = ''] = aws.messages();
  expect(JSON.parse(line.split('\tevent ')[1] ?? '')).toEqual({
    Records: [
      {
        messageId: MessageId,
        receiptHandle: expect.any(String),
        body: 'hello',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(Date.UTC(2035, 0, 1)),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: String(Date.UTC(2035, 0, 1)),
        },
        messageAttributes: {
          kind: {
            stringValue: 'greeting',
            stringListValues: [],
            binaryListValues: [],
            dataType: 'String',
          },
          bytes: {
            binaryValue: 'AQID',
            stringListValues: [],
            binaryListValues: [],
            dataType: 'Binary',
          },
        },
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:inbox',
        awsRegion: 'us-east-1',
      },
    ],
  });
});

test('leaves failed messages to their visibility timeout, and deletes the others', async () => {
  await setUp({}, { Attributes: { VisibilityTimeout: '30' } });
  await send('a', 'bad', 'c');
  await aws.clock.settle();
  expect(await counts()).toEqual([0, 1]);
  await aws.clock.advance(29 * second);
  expect(batches()).toHaveLength(1);
  await aws.clock.advance(second);
  expect(batches()[1]).toEqual([30, ['bad']]);
});

test('a function error fails the whole batch, and so does its answer without ReportBatchItemFailures succeed', async () => {
  await setUp({}, {}, 'exports.handler = async () => { throw new Error("no"); };');
  await send('a', 'b');
  await aws.clock.settle();
  expect(await counts()).toEqual([0, 2]);
  expect(aws.journal.hops({ kind: 'failed' })).toHaveLength(2);
});

test('ignores item failures where they were not asked for', async () => {
  await setUp({ FunctionResponseTypes: [] });
  await send('bad');
  await aws.clock.settle();
  expect(await counts()).toEqual([0, 0]);
});

test('collects a batch until it is full or its window closes', async () => {
  await setUp({ BatchSize: 20, MaximumBatchingWindowInSeconds: 10 });
  await send('a');
  await aws.clock.advance(4 * second);
  await send('b');
  await aws.clock.advance(10 * second);
  expect(batches()).toEqual([[10, ['a', 'b']]]);
  const bodies = Array.from({ length: 20 }, (_, i) => `m${i}`);
  await send(...bodies);
  await aws.clock.settle();
  expect(batches()[1]).toEqual([14, bodies]);
});

test('deletes what no filter accepts, without the function seeing it', async () => {
  await setUp({
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
  });
  await send('{"kind":"order"}', '{"kind":"refund"}', 'text');
  await aws.clock.settle();
  expect(batches()).toEqual([[0, ['{"kind":"order"}']]]);
  expect(await counts()).toEqual([0, 0]);
  expect(aws.journal.hops({ kind: 'filtered-out' })).toHaveLength(2);
});

test('runs no more batches at a time than MaximumConcurrency', async () => {
  await setUp(
    { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } },
    {},
    `exports.handler = async ({ Records }) => {
      console.log('batch ' + JSON.stringify(Records.map((record) => record.body)));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    };`,
  );
  await send('a', 'b', 'c', 'd', 'e');
  await aws.clock.advance(3 * second);
  expect(batches().map(([at]) => at)).toEqual([0, 0, 1, 1, 2]);
});

test('starts with five batches at a time and adds more while messages wait', async () => {
  await setUp(
    { BatchSize: 1 },
    {},
    `exports.handler = async ({ Records }) => {
      console.log('batch ' + JSON.stringify(Records.map((record) => record.body)));
      await new Promise((resolve) => setTimeout(resolve, 2500));
    };`,
  );
  await send(...Array.from({ length: 12 }, (_, i) => `m${i}`));
  await aws.clock.advance(3 * second);
  expect(batches().map(([at]) => at)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2]);
});

test('throttled batches return by their visibility timeout', async () => {
  await setUp({}, { Attributes: { VisibilityTimeout: '30' } });
  await aws.lambda.putFunctionConcurrency({
    FunctionName: 'consumer',
    ReservedConcurrentExecutions: 0,
  });
  await send('a');
  await aws.clock.settle();
  expect(await counts()).toEqual([0, 1]);
  expect(aws.journal.hops({ kind: 'throttled' })).toHaveLength(1);
  await aws.lambda.deleteFunctionConcurrency({ FunctionName: 'consumer' });
  await aws.clock.advance(30 * second);
  expect(batches()).toEqual([[30, ['a']]]);
});

test('keeps the order of a FIFO group through a failure', async () => {
  await setUp(
    { BatchSize: 1 },
    {
      QueueName: 'inbox.fifo',
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true', VisibilityTimeout: '30' },
    },
    `exports.handler = async ({ Records }) => {
      const [{ body, attributes }] = Records;
      if (body === 'b' && attributes.ApproximateReceiveCount === '1') throw new Error('not yet');
      console.log('batch ' + JSON.stringify([body]));
    };`,
  );
  for (const MessageBody of ['a', 'b', 'c'])
    await aws.sqs.sendMessage({ QueueUrl: url, MessageBody, MessageGroupId: 'g' });
  await aws.clock.advance(30 * second);
  expect(batches()).toEqual([
    [0, ['a']],
    [30, ['b']],
    [30, ['c']],
  ]);
});

test('retries a batch whose function was killed in the middle of it', async () => {
  await setUp(
    {},
    { Attributes: { VisibilityTimeout: '30' } },
    `exports.handler = async ({ Records }) => {
      console.log('batch ' + JSON.stringify(Records.map((record) => record.body)));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    };`,
  );
  await send('a');
  await aws.clock.advance(second);
  await aws.lambdaService.kill('arn:aws:lambda:us-east-1:000000000000:function:consumer');
  await aws.clock.advance(31 * second);
  expect(batches()).toEqual([
    [0, ['a']],
    [30, ['a']],
  ]);
  expect(await counts()).toEqual([0, 0]);
});

test('stops when it is disabled, goes on when it is enabled, and is gone when it is deleted', async () => {
  const UUID = await setUp();
  expect(await aws.lambda.getEventSourceMapping({ UUID })).toMatchObject({
    State: 'Enabled',
    BatchSize: 10,
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:consumer',
  });
  const disabling = await aws.lambda.updateEventSourceMapping({ UUID, Enabled: false });
  expect(disabling.State).toBe('Disabling');
  await send('a');
  await aws.clock.advance(60 * second);
  expect(await counts()).toEqual([1, 0]);
  await aws.lambda.updateEventSourceMapping({ UUID, Enabled: true, BatchSize: 5 });
  await aws.clock.settle();
  expect(batches()).toEqual([[60, ['a']]]);
  expect((await aws.lambda.deleteEventSourceMapping({ UUID })).State).toBe('Deleting');
  await expect(aws.lambda.getEventSourceMapping({ UUID })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await send('b');
  await aws.clock.advance(60 * second);
  expect(await counts()).toEqual([1, 0]);
});

test('keeps to MaximumConcurrency while batches of before an update run', async () => {
  const uuid = await setUp(
    { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } },
    {},
    "exports.handler = async () => { console.log('batch []'); await new Promise((resolve) => setTimeout(resolve, 2000)); };",
  );
  await send('a', 'b', 'c', 'd');
  await aws.clock.advance(second);
  await aws.lambda.updateEventSourceMapping({ UUID: uuid, MaximumBatchingWindowInSeconds: 0 });
  await aws.clock.advance(second / 2);
  expect(await counts()).toEqual([2, 2]);
  await aws.clock.advance(10 * second);
  expect(batches().map(([at]) => at)).toEqual([0, 0, 2, 2]);
  expect(await counts()).toEqual([0, 0]);
});

test('goes on with a queue that was deleted and made again', async () => {
  await setUp();
  await aws.sqs.deleteQueue({ QueueUrl: url });
  await aws.clock.advance(60 * second);
  await aws.sqs.createQueue({ QueueName: 'inbox' });
  await send('a');
  await aws.clock.settle();
  expect(batches()).toEqual([[60, ['a']]]);
  expect(await counts()).toEqual([0, 0]);
});

test('goes on with a function that was deleted and made again', async () => {
  await setUp();
  await aws.lambda.deleteFunction({ FunctionName: 'consumer' });
  await send('a');
  await aws.clock.settle();
  expect(await counts()).toEqual([1, 0]);
  await aws.createFunction('consumer', 'exports.handler = async () => null;');
  await aws.clock.settle();
  expect(await counts()).toEqual([0, 0]);
});

test('costs nothing while the queue is empty', async () => {
  await setUp();
  expect(aws.clock.pending()).toEqual([expect.stringContaining('poll of')]);
  await aws.clock.settle();
  expect(aws.clock.pending()).toEqual([]);
});

describe('fails to be created', () => {
  test.each<[string, object, RegExp]>([
    ['with a batch of 10001', { BatchSize: 10_001 }, /less than or equal to 10000/],
    ['with a batch of 0', { BatchSize: 0 }, /greater than or equal to 1/],
    [
      'with a window of 301 s',
      { MaximumBatchingWindowInSeconds: 301 },
      /less than or equal to 300/,
    ],
    [
      'with more than ten messages and no window',
      { BatchSize: 11 },
      /window in seconds must be greater than 0/,
    ],
    [
      'with a maximum concurrency of 1',
      { ScalingConfig: { MaximumConcurrency: 1 } },
      /greater than or equal to 2/,
    ],
    [
      'with a filter that is none',
      { FilterCriteria: { Filters: [{ Pattern: '{"body":5}' }] } },
      /Invalid filter pattern/,
    ],
    [
      'for a queue that is not there',
      { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:none' },
      /NonExistentQueue/,
    ],
    [
      'with a type of response that there is not',
      { FunctionResponseTypes: ['Nonsense'] },
      /'functionResponseTypes' failed to satisfy constraint/,
    ],
    [
      'for a queue in another region',
      { EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:inbox' },
      /in another region/,
    ],
    ['for a function that is not there', { FunctionName: 'none' }, /Function not found/],
    [
      'for a stream',
      { EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s' },
      /only SQS queues/,
    ],
    [
      'with provisioned pollers',
      { ProvisionedPollerConfig: { MinimumPollers: 2 } },
      /ProvisionedPollerConfig/,
    ],
  ])('%s', async (_, mapping, message) => {
    await expect(setUp(mapping)).rejects.toThrow(message);
  });

  test('where the visibility timeout is shorter than the function’s', async () => {
    await expect(setUp({}, { Attributes: { VisibilityTimeout: '2' } })).rejects.toThrow(
      'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    );
  });

  test('twice for the same queue and function', async () => {
    await setUp();
    await expect(
      aws.lambda.createEventSourceMapping({
        EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:inbox',
        FunctionName: 'consumer',
      }),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });
});
