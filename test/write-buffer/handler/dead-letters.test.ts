import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { DeadLetters } from '../../../lib/write-buffer/handler/dead-letters';
import type { Item } from '../../../lib/write-buffer/handler/item';
import { record } from './fixtures';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-dlq';
const MEBIBYTE = 1_048_576;
const sqs = mockClient(SQSClient);

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

function rejected(record: SQSRecord, message = 'why'): Item {
  const rejection = { reason: 'InvalidValue' as const, message };
  return { record, group: undefined, values: undefined, rejection, outcome: 'rejected' };
}

async function send(...items: Item[]) {
  await new DeadLetters(new SQSClient({}), QUEUE_URL).send(items, () => true);
  return sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries ?? []);
}

const text = (value: string) => ({ DataType: 'String', StringValue: value });

function stringAttributes(count: number): SQSMessageAttributes {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `a${index}`,
      { dataType: 'String' as const, stringValue: 'x' },
    ]),
  );
}

test('a message keeps its body and attributes, and gets the reason', async () => {
  const messageAttributes: SQSMessageAttributes = {
    tenant: { dataType: 'String', stringValue: 't1' },
    picture: { dataType: 'Binary', binaryValue: Buffer.from('abc').toString('base64') },
  };
  const [[entry] = []] = await send(rejected(record({ id: 1 }, { messageAttributes })));

  expect(entry).toMatchObject({
    MessageBody: '{"id":1}',
    MessageAttributes: {
      tenant: text('t1'),
      picture: { DataType: 'Binary', BinaryValue: Buffer.from('abc') },
      FailureReason: text('InvalidValue'),
      ErrorMessage: text('why'),
    },
  });
});

test('a message that fails again gets the new reason', async () => {
  const messageAttributes: SQSMessageAttributes = {
    FailureReason: { dataType: 'String', stringValue: 'InvalidJson' },
    ErrorMessage: { dataType: 'String', stringValue: 'old' },
  };
  const [[entry] = []] = await send(rejected(record({}, { messageAttributes })));

  expect(entry?.MessageAttributes).toEqual({
    FailureReason: text('InvalidValue'),
    ErrorMessage: text('why'),
  });
});

test('a FIFO message keeps its group; its deduplication id is that of the delivery', async () => {
  const message = record({}, { group: 'g', messageId: 'm1' });
  const redriven = record({}, { group: 'g', messageId: 'm2' });
  const [[first, second] = []] = await send(rejected(message), rejected(redriven));

  expect(first).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'm1-2051222400123' });
  // The producer's id, which both have, would make SQS drop the second one.
  expect(second?.MessageDeduplicationId).not.toBe(first?.MessageDeduplicationId);
});

test('a standard message has no deduplication id', async () => {
  const [[entry] = []] = await send(rejected(record({})));

  expect(entry).not.toHaveProperty('MessageDeduplicationId');
});

test('the trace goes on', async () => {
  const message = record({});
  const attributes = { ...message.attributes, AWSTraceHeader: 'Root=1-5e1b4151' };
  const [[entry] = []] = await send(rejected({ ...message, attributes }));

  expect(entry?.MessageSystemAttributes).toEqual({ AWSTraceHeader: text('Root=1-5e1b4151') });
});

test.each([
  [8, ['FailureReason', 'ErrorMessage']],
  [9, ['FailureReason']],
  [10, []],
])('with %i attributes of its own there is room for %j', async (own, added) => {
  const message = record({}, { messageAttributes: stringAttributes(own) });
  const [[entry] = []] = await send(rejected(message));

  const names = Object.keys(entry?.MessageAttributes ?? {});
  expect(names.filter((name) => !/^a\d$/.test(name))).toEqual(added);
  expect(names).toHaveLength(own + added.length);
});

test('a message of 1 MiB goes as it is', async () => {
  const [[entry] = []] = await send(rejected(record('x'.repeat(MEBIBYTE))));

  expect(entry?.MessageBody).toHaveLength(MEBIBYTE);
  expect(entry?.MessageAttributes).toEqual({});
});

test('a request has at most 10 messages and 1 MiB', async () => {
  const small = Array.from({ length: 21 }, () => rejected(record({})));
  const large = Array.from({ length: 3 }, () => rejected(record('x'.repeat(500_000))));

  const requests = await send(...small, ...large);

  expect(requests.map((entries) => entries.length)).toEqual([10, 10, 3, 1]);
});

test('no request is begun when time runs out: the rest comes back', async () => {
  const items = Array.from({ length: 25 }, () => rejected(record({})));
  let asked = 0;
  const letters = new DeadLetters(new SQSClient({}), QUEUE_URL);

  const failure = await letters.send(items, () => ++asked <= 2);

  expect(failure).toEqual(new Error('no time left'));
  expect(sqs.commandCalls(SendMessageBatchCommand)).toHaveLength(2);
  expect(items.map(({ outcome }) => outcome)).toEqual([
    ...Array(20).fill('deadLettered'),
    ...Array(5).fill('retry'),
  ]);
});

test('what SQS does not take in a string is replaced, and long messages are cut', async () => {
  const [[entry] = []] = await send(rejected(record({}), `a\u0000b\ud800c${'x'.repeat(1_000)}`));

  expect(entry?.MessageAttributes?.ErrorMessage?.StringValue).toMatch(
    /^a\ufffdb\ufffdcx{494,495}$/,
  );
});
