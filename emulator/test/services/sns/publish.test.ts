import { createHash } from 'node:crypto';
import { account, region, SnsBench } from './support';

let bench: SnsBench;

beforeEach(async () => {
  bench = await SnsBench.start();
});

afterEach(() => bench.stop());

test('a message that is published arrives in a queue, in the document that AWS sends', async () => {
  const topic = await bench.topic('orders');
  const queue = await bench.queue('work');
  const subscription = await bench.subscribe(topic, queue.arn);
  const { MessageId } = await bench.sns.publish({
    TopicArn: topic,
    Subject: 'New order',
    Message: 'Größe "5"\n',
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'order' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
    },
  });
  const [message] = await queue.take();
  const body = message?.Body ?? '';
  const document = JSON.parse(body);
  const origin = await bench.aws.endpoint();
  expect(document).toEqual({
    Type: 'Notification',
    MessageId,
    TopicArn: `arn:aws:sns:${region}:${account}:orders`,
    Subject: 'New order',
    Message: 'Größe "5"\n',
    Timestamp: '2035-01-01T00:00:00.000Z',
    SignatureVersion: '1',
    Signature: expect.stringMatching(/^[A-Za-z0-9+/]{342}==$/),
    SigningCertURL: expect.stringMatching(
      /^https:\/\/127\.0\.0\.1:\d+\/_emulator\/SimpleNotificationService-[0-9a-f]{32}\.pem$/,
    ),
    UnsubscribeURL: `${origin}/?Action=Unsubscribe&SubscriptionArn=${subscription}&Version=2010-03-31`,
    MessageAttributes: {
      kind: { Type: 'String', Value: 'order' },
      bytes: { Type: 'Binary', Value: 'AQL/' },
    },
  });
  expect(body.split('\n').slice(0, 3)).toEqual([
    '{',
    '  "Type" : "Notification",',
    `  "MessageId" : "${MessageId}",`,
  ]);
  expect(message?.MD5OfBody).toBe(createHash('md5').update(body).digest('hex'));
  expect(message?.MessageAttributes).toBeUndefined();
});

test('with raw delivery, a queue gets the message as it is, attributes included', async () => {
  const topic = await bench.topic('orders');
  const queue = await bench.queue('work');
  await bench.subscribe(topic, queue.arn, { RawMessageDelivery: 'true' });
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'order' },
    tags: { DataType: 'String.Array', StringValue: '["a","b"]' },
    weight: { DataType: 'Number', StringValue: '1.50' },
    bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
  };
  await bench.sns.publish({ TopicArn: topic, Subject: 'lost', Message: 'text', MessageAttributes });
  // The SDK checks both digests of what it receives.
  const [message] = await queue.take();
  expect(message).toMatchObject({ Body: 'text', MessageAttributes });
  expect(message?.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
});

test('raw delivery takes ten attributes; with more a message fails, and others get it', async () => {
  const topic = await bench.topic('orders');
  const [raw, whole, dead] = [
    await bench.queue('raw'),
    await bench.queue('whole'),
    await bench.queue('dead'),
  ];
  await bench.subscribe(topic, raw.arn, {
    RawMessageDelivery: 'true',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
  });
  await bench.subscribe(topic, whole.arn);
  const attributes = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`a${n}`, { DataType: 'String', StringValue: 'x' }]),
    );
  for (const count of [10, 11])
    await bench.sns.publish({
      TopicArn: topic,
      Message: String(count),
      MessageAttributes: attributes(count),
    });
  expect(await raw.bodies()).toEqual(['10']);
  expect(await whole.texts()).toEqual(['10', '11']);
  expect(bench.aws.journal.hops({ kind: 'failed' })).toMatchObject([
    {
      resource: raw.arn,
      detail: { reason: expect.stringContaining('Number of message attributes') },
    },
    { resource: raw.arn, detail: { deadLetterQueue: dead.arn } },
  ]);
});

test('each protocol gets its text of a structured message, the others the default', async () => {
  const topic = await bench.topic('orders');
  const queue = await bench.queue('work');
  await bench.subscribe(topic, queue.arn);
  await bench.subscribe(topic, '+15550100', {}, 'sms');
  await bench.sns.publish({
    TopicArn: topic,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: 'for all', sqs: 'for queues', http: 5, pigeon: 'x' }),
  });
  expect(await queue.texts()).toEqual(['for queues']);
  expect(bench.aws.outbox.entries()).toMatchObject([{ protocol: 'sms', body: 'for all' }]);
});

test('a batch publishes what is right in it, and says what is not', async () => {
  const topic = await bench.topic('orders');
  const queue = await bench.queue('work');
  await bench.subscribe(topic, queue.arn);
  const { Successful, Failed } = await bench.sns.publishBatch({
    TopicArn: topic,
    PublishBatchRequestEntries: [
      { Id: 'a', Message: 'first' },
      { Id: 'b', Message: '' },
      { Id: 'c', Message: 'x', Subject: 'two\nlines' },
      { Id: 'd', Message: '{}', MessageStructure: 'json' },
      { Id: 'e', Message: 'x', MessageDeduplicationId: 'd' },
      { Id: 'f', Message: 'last' },
    ],
  });
  expect(Successful).toEqual([
    { Id: 'a', MessageId: expect.any(String) },
    { Id: 'f', MessageId: expect.any(String) },
  ]);
  expect(
    Failed?.map(({ Id, Code, SenderFault, Message }) => [Id, Code, SenderFault, Message]),
  ).toEqual([
    ['b', 'InvalidParameter', true, 'Invalid parameter: Empty message'],
    ['c', 'InvalidParameter', true, 'Invalid parameter: Subject'],
    [
      'd',
      'InvalidParameter',
      true,
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    ['e', 'InvalidParameter', true, expect.stringContaining('MessageDeduplicationId Reason')],
  ]);
  expect(await queue.texts()).toEqual(['first', 'last']);
});

describe('a batch fails as a whole', () => {
  const entry = (Id: string, Message = 'x', more: object = {}) => ({ Id, Message, ...more });
  test.each<[what: string, entries: ReturnType<typeof entry>[], name: string]>([
    ['without entries', [], 'EmptyBatchRequestException'],
    [
      'with eleven',
      Array.from({ length: 11 }, (_, n) => entry(String(n))),
      'TooManyEntriesInBatchRequestException',
    ],
    ['with an id twice', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinctException'],
    ['with a blank in an id', [entry('a b')], 'InvalidBatchEntryIdException'],
    ['with a long id', [entry('a'.repeat(81))], 'InvalidBatchEntryIdException'],
    [
      'that is too long',
      [entry('a', 'x'.repeat(200_000)), entry('b', 'x'.repeat(100_000))],
      'BatchRequestTooLongException',
    ],
    [
      'with an attribute without a value',
      [entry('a'), entry('b', 'x', { MessageAttributes: { n: { DataType: 'String' } } })],
      'InvalidParameterValueException',
    ],
  ])('%s', async (_what, PublishBatchRequestEntries, name) => {
    const TopicArn = await bench.topic('orders');
    const queue = await bench.queue('work');
    await bench.subscribe(TopicArn, queue.arn);
    await expect(
      bench.sns.publishBatch({ TopicArn, PublishBatchRequestEntries }),
    ).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(await queue.bodies()).toEqual([]);
  });
});

describe('sizes', () => {
  test('a message has 256 KiB, attributes included', async () => {
    const TopicArn = await bench.topic('orders');
    const Message = 'ö'.repeat(131_072);
    await bench.sns.publish({ TopicArn, Message });
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(bench.sns.publish({ TopicArn, Message, MessageAttributes })).rejects.toThrow(
      'Invalid parameter: Message too long',
    );
  });

  test('or as much as its topic says, up to 1 MiB', async () => {
    const TopicArn = await bench.topic('large', { MaximumMessageSize: '1048576' });
    const queue = await bench.queue('work');
    await bench.subscribe(TopicArn, queue.arn, { RawMessageDelivery: 'true' });
    const Message = 'x'.repeat(1_048_576);
    await bench.sns.publish({ TopicArn, Message });
    expect((await queue.bodies()).map((body) => body.length)).toEqual([1_048_576]);
    await expect(bench.sns.publish({ TopicArn, Message: `${Message}x` })).rejects.toThrow(
      'Message too long',
    );
  });
});

describe('fails with the error of AWS', () => {
  test.each<[what: string, input: object, name: string, message: string]>([
    [
      'no message',
      { Message: '' },
      'InvalidParameterException',
      'Invalid parameter: Empty message',
    ],
    [
      'a subject of 101 characters',
      { Subject: 's'.repeat(101) },
      'InvalidParameterException',
      'Invalid parameter: Subject',
    ],
    [
      'an empty subject',
      { Subject: '' },
      'InvalidParameterException',
      'Invalid parameter: Subject',
    ],
    [
      'a structure that is no JSON',
      { MessageStructure: 'json', Message: 'x' },
      'InvalidParameterException',
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    ],
    [
      'a structure without default',
      { MessageStructure: 'json', Message: '{"default":5}' },
      'InvalidParameterException',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    [
      'another structure',
      { MessageStructure: 'xml' },
      'InvalidParameterException',
      'Invalid parameter: MessageStructure',
    ],
    [
      'a deduplication id',
      { MessageDeduplicationId: 'd' },
      'InvalidParameterException',
      'Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    ],
    [
      'two targets',
      { PhoneNumber: '+15550100' },
      'InvalidParameterException',
      'Invalid parameter: TopicArn Reason: Only one of TopicArn, TargetArn and PhoneNumber can be given',
    ],
    [
      'an attribute of no type that there is',
      { MessageAttributes: { a: { DataType: 'Date', StringValue: 'x' } } },
      'InvalidParameterValueException',
      "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      'an empty attribute',
      { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      'InvalidParameterValueException',
      "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      'a binary attribute with text',
      { MessageAttributes: { a: { DataType: 'Binary', StringValue: 'x' } } },
      'InvalidParameterValueException',
      "The message attribute 'a' with type 'Binary' must use field 'Binary'.",
    ],
    [
      'a number that is none',
      { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      'InvalidParameterValueException',
      "Could not cast message attribute 'a' value to number.",
    ],
    [
      'a dot at the end of a name',
      { MessageAttributes: { 'a.': { DataType: 'String', StringValue: 'x' } } },
      'InvalidParameterValueException',
      "Invalid message attribute name ending with character '.' was found.",
    ],
    [
      'a slash in a name',
      { MessageAttributes: { 'a/b': { DataType: 'String', StringValue: 'x' } } },
      'InvalidParameterValueException',
      "Invalid non-alphanumeric character '#x2F' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
    ],
  ])('on %s', async (_what, input, name, message) => {
    const TopicArn = await bench.topic('orders');
    await expect(bench.sns.publish({ TopicArn, Message: 'x', ...input })).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each<[input: object, message: string]>([
    [{}, 'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter'],
    [
      { TargetArn: 'x' },
      'Invalid parameter: TargetArn Reason: An ARN must have at least 6 elements, not 1',
    ],
    [{ TopicArn: `arn:aws:sns:eu-west-1:${account}:t` }, 'Invalid parameter: TopicArn'],
    [{ TopicArn: `arn:aws:sns:${region}:${account}:t` }, 'Topic does not exist'],
    [{ PhoneNumber: 'x' }, 'Invalid parameter: PhoneNumber Reason: x is not valid to publish to'],
    [
      { TargetArn: `arn:aws:sns:${region}:${account}:endpoint/GCM/app/id` },
      'Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified',
    ],
  ])('on the target %j', async (input, message) => {
    await expect(bench.sns.publish({ Message: 'x', ...input })).rejects.toThrow(message);
  });
});

test('a topic is published to by TargetArn as well, and a phone by its number', async () => {
  const TargetArn = await bench.topic('orders');
  const queue = await bench.queue('work');
  await bench.subscribe(TargetArn, queue.arn);
  await bench.sns.publish({ TargetArn, Message: 'by target' });
  expect(await queue.texts()).toEqual(['by target']);
  const { MessageId } = await bench.sns.publish({ PhoneNumber: '+1 555 0100', Message: 'call me' });
  expect(bench.aws.outbox.entries({ protocol: 'sms' })).toEqual([
    {
      protocol: 'sms',
      address: '+1 555 0100',
      subject: undefined,
      body: 'call me',
      time: bench.aws.clock.now(),
      messageId: MessageId,
      topicArn: undefined,
    },
  ]);
});

test('a queue that is subscribed later gets what is published from then on', async () => {
  const topic = await bench.topic('orders');
  const [early, late] = [await bench.queue('early'), await bench.queue('late')];
  await bench.subscribe(topic, early.arn);
  await bench.sns.publish({ TopicArn: topic, Message: 'one' });
  await bench.subscribe(topic, late.arn);
  await bench.sns.publish({ TopicArn: topic, Message: 'two' });
  expect(await early.texts()).toEqual(['one', 'two']);
  expect(await late.texts()).toEqual(['two']);
});
