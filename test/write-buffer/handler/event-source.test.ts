import { DeleteMessageBatchCommand, type Message } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { runHandler } from '../../../lib/write-buffer/handler/event-source';
import { message, sqsWith } from '../../worker/fixtures';

const variables = {
  AWS_REGION: 'eu-west-1',
  FUNCTION_TIMEOUT_SECONDS: '30',
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
  POWERTOOLS_SERVICE_NAME: 'orders',
};
let log: jest.SpyInstance;
beforeEach(() => {
  Object.assign(process.env, variables);
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  log.mockRestore();
  for (const name of Object.keys(variables)) delete process.env[name];
});

/** Runs a handler for one batch, and then tells the process to leave. */
async function runOnce(
  batch: Message[],
  answer: (event: SQSEvent) => string[],
): Promise<{ deleted: (string | undefined)[]; event: SQSEvent | undefined; remaining: number }> {
  const sqs = sqsWith(batch);
  sqs.onAnyCommand().resolves({ Attributes: { VisibilityTimeout: '180' } });
  let event: SQSEvent | undefined;
  let remaining = 0;
  await runHandler(async (received, context) => {
    event = received;
    remaining = context.getRemainingTimeInMillis();
    process.emit('SIGTERM');
    return { batchItemFailures: answer(received).map((itemIdentifier) => ({ itemIdentifier })) };
  });
  const deleted = sqs
    .commandCalls(DeleteMessageBatchCommand)
    .flatMap(({ args }) => args[0].input.Entries?.map(({ Id }) => Id) ?? []);
  return { deleted, event, remaining };
}

test('a handler gets what Lambda would give it, and what it does not name is deleted', async () => {
  const { deleted, event, remaining } = await runOnce(
    [
      {
        ...message('one', 'a'),
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'order' },
          seal: { DataType: 'Binary', BinaryValue: Buffer.from('wax') },
        },
      },
      message('two'),
    ],
    () => ['two'],
  );
  expect(deleted).toEqual(['one']);
  expect(event?.Records[0]).toMatchObject({
    messageId: 'one',
    receiptHandle: 'handle-of-one',
    body: 'body of one',
    attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'a' },
    messageAttributes: {
      kind: { dataType: 'String', stringValue: 'order' },
      seal: { dataType: 'Binary', binaryValue: Buffer.from('wax').toString('base64') },
    },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders',
    awsRegion: 'eu-west-1',
  });
  expect(remaining).toBeGreaterThan(0);
  expect(remaining).toBeLessThanOrEqual(30_000);
});

test('nothing is deleted if the handler throws', async () => {
  const { deleted } = await runOnce([message('one')], () => {
    throw new Error('no');
  });
  expect(deleted).toEqual([]);
  expect(log.mock.calls.join()).toContain('Messages failed; they will be delivered again');
});
