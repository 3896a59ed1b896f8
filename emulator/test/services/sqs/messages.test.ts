import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { clientOf } from '../../support/service-harness';
import { handleOf, startSqs } from './support';

async function withQueue(attributes: Record<string, string> = {}) {
  const started = startSqs();
  const url = await started.create('orders', attributes);
  const sendBatch = (entries: SendMessageBatchRequestEntry[]) =>
    started.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
  return { ...started, url, sendBatch };
}

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

test('a message has the digest of its body and of its attributes', async () => {
  const { url, send } = await withQueue();
  const sent = await send(url, 'msg', { MessageAttributes: { Foo: text('Bar') } });
  expect(sent).toMatchObject({
    MD5OfMessageBody: createHash('md5').update('msg').digest('hex'),
    MD5OfMessageAttributes: 'ae7155c6026991b6d54b11589678bf9c',
  });
  expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
});

test('attributes of all types arrive, with their digest', async () => {
  const { url, send, receive } = await withQueue();
  const MessageAttributes: Record<string, MessageAttributeValue> = {
    text: text('ä'),
    number: { DataType: 'Number.int', StringValue: '42' },
    binary: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(1, 2, 3) },
  };
  const sent = await send(url, 'msg', { MessageAttributes });
  const [message] = await receive(url, { MessageAttributeNames: ['All'] });
  expect(message?.MessageAttributes).toEqual(MessageAttributes);
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
});

test.each([
  [undefined, []],
  [['All'], ['General', 'Hello', 'Help.Me']],
  [['.*'], ['General', 'Hello', 'Help.Me']],
  [['Hel.*'], ['Hello', 'Help.Me']],
  [['Hello', 'nothing'], ['Hello']],
  [['nothing'], []],
])('a receive with the attribute names %s returns %s', async (names, expected) => {
  const { url, send, receive } = await withQueue();
  const MessageAttributes = {
    Hello: text('There'),
    General: text('Kenobi'),
    'Help.Me': text('Me'),
  };
  await send(url, 'msg', { MessageAttributes });
  const [message] = await receive(url, { MessageAttributeNames: names });
  expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(expected);
  expect(message?.MD5OfMessageAttributes !== undefined).toBe(expected.length > 0);
});

test('the digest is of the attributes that are returned', async () => {
  const { url, send, receive } = await withQueue();
  const MessageAttributes = {
    Hello: text('There'),
    General: text('Kenobi'),
    'Help.Me': text('Me'),
  };
  const sent = await send(url, 'msg', { MessageAttributes });
  const [message] = await receive(url, { MessageAttributeNames: ['Hello', 'General'] });
  // Both digests are what AWS returned for these attributes.
  expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
  expect(message?.MD5OfMessageAttributes).toBe('fca026605781cb4126a1e9044df24232');
});

test.each([
  [
    'empty value',
    { a: text('') },
    "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
  ],
  ['unknown type', { a: { DataType: 'Text', StringValue: 'x' } }, 'supported type prefixes'],
  ['number that is none', { a: { DataType: 'Number', StringValue: 'x' } }, "Can't cast the value"],
  [
    'value in the field of another type',
    { a: { DataType: 'String', StringValue: 'x', BinaryValue: Buffer.from('x') } },
    "The message (user) attribute 'a' with type 'String' must use field 'String'.",
  ],
  ['control character', { a: text('x\u0001') }, 'invalid characters. Valid unicode characters are'],
  ['reserved name', { 'AWS.a': text('x') }, 'attribute name'],
  ['name that ends with a period', { 'a.': text('x') }, 'attribute name'],
  [
    'eleventh attribute',
    Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text('x')])),
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
])('fails when a message has an attribute with %s', async (_what, MessageAttributes, reason) => {
  const { url, send } = await withQueue();
  await expect(send(url, 'msg', { MessageAttributes })).rejects.toThrow(reason);
});

test('the trace header arrives as a system attribute and has a digest of its own', async () => {
  const { url, send, receive } = await withQueue();
  const header = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const sent = await send(url, 'msg', {
    MessageSystemAttributes: { AWSTraceHeader: text(header) },
  });
  expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
  const [message] = await receive(url, { MessageSystemAttributeNames: ['AWSTraceHeader'] });
  expect(message?.Attributes).toEqual({ AWSTraceHeader: header });
});

test('system attributes are returned by either parameter', async () => {
  const { url, send, receive, clock } = await withQueue({ VisibilityTimeout: '1' });
  await send(url, 'msg');
  const sent = clock.now();
  await clock.advance(5_000);
  const [first] = await receive(url, { AttributeNames: ['All'] });
  expect(first?.Attributes).toEqual({
    SenderId: '111122223333',
    SentTimestamp: String(sent),
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: String(sent + 5_000),
  });
  await clock.advance(1_000);
  const [second] = await receive(url, {
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'ApproximateFirstReceiveTimestamp'],
  });
  expect(second?.Attributes).toEqual({
    ApproximateReceiveCount: '2',
    ApproximateFirstReceiveTimestamp: String(sent + 5_000),
  });
});

test('a message that a role sent has the id of the role and the name of its session', async () => {
  const { env, service, url, receive } = await withQueue();
  const { accessKeyId, secretAccessKey } = env.identities.openSession(
    'arn:aws:iam::111122223333:role/front-end',
    'web-1',
  );
  const credentials = { accessKeyId, secretAccessKey };
  const sqs = new SQSClient({ ...clientOf(env, [service]), credentials });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'a' }));
  const [message] = await receive(url, { MessageSystemAttributeNames: ['SenderId'] });
  expect(message?.Attributes?.SenderId).toMatch(/^AROA[0-9A-F]{17}:web-1$/);
});

test('a group id on a standard queue is returned and does not order', async () => {
  const { url, send, receive } = await withQueue();
  await send(url, 'a', { MessageGroupId: 'tenant-1' });
  await send(url, 'b', { MessageGroupId: 'tenant-1' });
  const [first] = await receive(url, { MaxNumberOfMessages: 1, AttributeNames: ['All'] });
  expect(first?.Attributes).toMatchObject({ MessageGroupId: 'tenant-1' });
  expect(await receive(url)).toHaveLength(1);
});

test('fails when a message to a standard queue has a deduplication id', async () => {
  const { url, send } = await withQueue();
  await expect(send(url, 'a', { MessageDeduplicationId: 'x' })).rejects.toThrow(
    'The request include parameter that is not valid for this queue type.',
  );
});

test.each([-1, 901])('fails when the delay of a message is %d seconds', async (DelaySeconds) => {
  const { url, send } = await withQueue();
  await expect(send(url, 'a', { DelaySeconds })).rejects.toThrow(
    `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
  );
});

test('fails when a message has no body', async () => {
  const { url, send } = await withQueue();
  await expect(send(url, '')).rejects.toMatchObject({
    name: 'MissingParameter',
    message: 'The request must contain the parameter MessageBody.',
  });
});

test.each(['\u0000', '\u000b', '\ufffe', 'a\u001fb'])(
  'fails when a message contains %j',
  async (body) => {
    const { url, send } = await withQueue();
    await expect(send(url, body)).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  },
);

test('tabs, line ends and emoji are fine', async () => {
  const { url, send, bodies } = await withQueue();
  await send(url, '\t\r\n😀');
  expect(await bodies(url)).toEqual(['\t\r\n😀']);
});

test('a message is at most 1 MiB, its attributes included', async () => {
  const { url, send } = await withQueue();
  await send(url, 'x'.repeat(1_048_576));
  const tooLong =
    'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.';
  await expect(send(url, 'x'.repeat(1_048_577))).rejects.toThrow(tooLong);
  await expect(
    send(url, 'x'.repeat(1_048_576), { MessageAttributes: { a: text('b') } }),
  ).rejects.toThrow(tooLong);
});

test('a queue can be set to smaller messages', async () => {
  const { url, send } = await withQueue({ MaximumMessageSize: '1024' });
  await send(url, 'x'.repeat(1_024));
  await expect(send(url, 'ä'.repeat(513))).rejects.toThrow('shorter than 1024 bytes');
});

test('a batch sends what can be sent and names what cannot', async () => {
  const { url, sendBatch, bodies } = await withQueue();
  const { Successful, Failed } = await sendBatch([
    { Id: 'one', MessageBody: 'a' },
    { Id: 'two', MessageBody: 'b', DelaySeconds: 901 },
    { Id: 'three', MessageBody: 'c', MessageAttributes: { Foo: text('Bar') } },
  ]);
  expect(Successful?.map(({ Id }) => Id)).toEqual(['one', 'three']);
  expect(Failed).toEqual([
    {
      Id: 'two',
      Code: 'InvalidParameterValue',
      SenderFault: true,
      Message:
        'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    },
  ]);
  expect(await bodies(url)).toEqual(['a', 'c']);
});

const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });

test.each([
  [
    'EmptyBatchRequest',
    [],
    'There should be at least one SendMessageBatchRequestEntry in the request.',
  ],
  [
    'TooManyEntriesInBatchRequest',
    Array.from({ length: 11 }, (_, i) => entry(`id-${i}`)),
    'Maximum number of entries per request are 10. You have sent 11.',
  ],
  ['BatchEntryIdsNotDistinct', [entry('a'), entry('a')], 'Id a repeated.'],
  ['InvalidBatchEntryId', [entry('a:b')], 'A batch entry id can only contain'],
  ['InvalidBatchEntryId', [entry('')], 'A batch entry id can only contain'],
  ['InvalidBatchEntryId', [entry('a'.repeat(81))], 'A batch entry id can only contain'],
  [
    'BatchRequestTooLong',
    [entry('a', 'x'.repeat(524_288)), entry('b', 'x'.repeat(524_289))],
    'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
  ],
])('a batch fails as a whole with %s', async (name, entries, message) => {
  const { sendBatch } = await withQueue();
  await expect(sendBatch(entries)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
  });
});

test('a batch of 1 MiB is sent', async () => {
  const { sendBatch } = await withQueue();
  const { Successful } = await sendBatch([
    entry('a', 'x'.repeat(524_288)),
    entry('b', 'x'.repeat(524_288)),
  ]);
  expect(Successful).toHaveLength(2);
});

test('a batch that is sent wakes a long poll with all of it', async () => {
  const { url, sendBatch, bodies, clock } = await withQueue();
  const poll = bodies(url, { WaitTimeSeconds: 20 });
  await clock.settle();
  await sendBatch([entry('1', 'a'), entry('2', 'b'), entry('3', 'c')]);
  expect(await poll).toEqual(['a', 'b', 'c']);
});

test('messages are deleted and changed in batches', async () => {
  const { url, sqs, send, receive, counts } = await withQueue();
  for (const body of ['a', 'b', 'c']) await send(url, body);
  const [a, b] = await receive(url);
  const removed = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: '1', ReceiptHandle: handleOf(a) },
        { Id: '2', ReceiptHandle: 'nonsense' },
      ],
    }),
  );
  expect(removed.Successful).toEqual([{ Id: '1' }]);
  expect(removed.Failed).toEqual([
    {
      Id: '2',
      Code: 'ReceiptHandleIsInvalid',
      SenderFault: true,
      Message: 'The input receipt handle "nonsense" is not a valid receipt handle.',
    },
  ]);
  const shown = await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: '1', ReceiptHandle: handleOf(b), VisibilityTimeout: 0 },
        { Id: '2', ReceiptHandle: handleOf(b), VisibilityTimeout: 43_201 },
      ],
    }),
  );
  expect(shown.Successful).toEqual([{ Id: '1' }]);
  expect(shown.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameterValue' }]);
  expect(await counts(url)).toEqual([1, 1, 0]);
});
