import {
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { arnOf, redriveTo, startSqs } from './support';

test('a queue has its URL under the origin of the caller and AWS’s default attributes', async () => {
  const { create, attributes } = startSqs();
  const url = await create('orders');
  expect(url).toBe('http://127.0.0.1/111122223333/orders');
  expect(await attributes(url)).toEqual({
    QueueArn: arnOf('orders'),
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    CreatedTimestamp: '2051222400',
    LastModifiedTimestamp: '2051222400',
    DelaySeconds: '0',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    ReceiveMessageWaitTimeSeconds: '0',
    VisibilityTimeout: '30',
    SqsManagedSseEnabled: 'true',
  });
});

test('a FIFO queue says so and has its own attributes', async () => {
  const { create, attributes } = startSqs();
  const url = await create('orders.fifo', { FifoQueue: 'true' });
  expect(await attributes(url)).toMatchObject({
    FifoQueue: 'true',
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoThroughputLimit: 'perQueue',
  });
});

test('a queue URL is understood whatever scheme, host and port it has', async () => {
  const { create, send, counts } = startSqs();
  const url = await create('orders');
  await send('https://sqs.eu-west-1.amazonaws.com/111122223333/orders', 'one');
  await send('http://localhost:9999/111122223333/orders', 'two');
  expect(await counts(url)).toEqual([2, 0, 0]);
});

test('an address without account and name is refused', async () => {
  const { send } = startSqs();
  await expect(send('http://localhost/orders', 'x')).rejects.toThrow(/InvalidAddress|not valid/);
});

test.each([
  ['empty', ''],
  ['81 characters', 'a'.repeat(81)],
  ['a blank', 'my queue'],
  ['the suffix of FIFO queues', 'orders.fifo'],
])('fails when a standard queue’s name has %s', async (_what, name) => {
  const { create } = startSqs();
  await expect(create(name)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test.each([
  ['orders', {}],
  [`${'a'.repeat(76)}.fifo`, {}],
])('fails when a FIFO queue is named %s', async (name) => {
  const { create } = startSqs();
  await expect(create(name, { FifoQueue: 'true' })).rejects.toThrow('must end with .fifo suffix');
});

test.each([
  ['DelaySeconds', 0, 900],
  ['MaximumMessageSize', 1_024, 1_048_576],
  ['MessageRetentionPeriod', 60, 1_209_600],
  ['ReceiveMessageWaitTimeSeconds', 0, 20],
  ['VisibilityTimeout', 0, 43_200],
])('%s is from %d to %d', async (name, minimum, maximum) => {
  const { create, attributes } = startSqs();
  const low = await create('low', { [name]: String(minimum) });
  const high = await create('high', { [name]: String(maximum) });
  expect(await attributes(low)).toMatchObject({ [name]: String(minimum) });
  expect(await attributes(high)).toMatchObject({ [name]: String(maximum) });
  for (const wrong of [minimum - 1, maximum + 1, '1.5', 'x', '']) {
    await expect(create('wrong', { [name]: String(wrong) })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.`,
    });
  }
});

test.each(['Colour', 'QueueArn', 'FifoQueue', 'ContentBasedDeduplication'])(
  'fails when a standard queue is given the attribute %s',
  async (name) => {
    const { create } = startSqs();
    await expect(create('orders', { [name]: 'false' })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: `Unknown Attribute ${name}.`,
    });
  },
);

test('creating a queue again finds it, unless an attribute differs', async () => {
  const { create } = startSqs();
  const url = await create('orders', { DelaySeconds: '5' });
  expect(await create('orders', { DelaySeconds: '5' })).toBe(url);
  expect(await create('orders')).toBe(url);
  await expect(create('orders', { DelaySeconds: '6' })).rejects.toMatchObject({
    name: 'QueueNameExists',
    message:
      'A queue already exists with the same name and a different value for attribute DelaySeconds',
  });
});

test('fails when a FIFO queue is created again without saying that it is one', async () => {
  const { create } = startSqs();
  await create('orders.fifo', { FifoQueue: 'true' });
  await expect(create('orders.fifo')).rejects.toThrow(
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
});

test('a maximum receive count that is given as text is returned as a number', async () => {
  const { create, attributes } = startSqs();
  await create('dlq');
  const policy = (maxReceiveCount: number | string) => ({
    RedrivePolicy: JSON.stringify({ maxReceiveCount, deadLetterTargetArn: arnOf('dlq') }),
  });
  const url = await create('orders', policy('5'));
  const { RedrivePolicy = '' } = await attributes(url, 'RedrivePolicy');
  expect(JSON.parse(RedrivePolicy)).toEqual({
    deadLetterTargetArn: arnOf('dlq'),
    maxReceiveCount: 5,
  });
  expect(await create('orders', policy(5))).toBe(url);
});

test('the name of a deleted queue is free after 60 seconds', async () => {
  const { create, sqs, clock, send } = startSqs();
  const url = await create('orders');
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await expect(send(url, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await clock.advance(59_999);
  await expect(create('orders')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
  await clock.advance(1);
  expect(await create('orders')).toBe(url);
});

test('purging empties the queue, once a minute', async () => {
  const { create, sqs, clock, send, receive, counts } = startSqs();
  const url = await create('orders');
  await send(url, 'visible');
  await send(url, 'delayed', { DelaySeconds: 10 });
  await receive(url, { MaxNumberOfMessages: 1 });
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  expect(await counts(url)).toEqual([0, 0, 0]);
  await expect(sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
    message: 'Only one PurgeQueue operation on orders is allowed every 60 seconds.',
  });
  await clock.advance(60_000);
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
});

test('queues are listed by prefix, in pages', async () => {
  const { create, sqs } = startSqs();
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
  for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await create(name);
  const first = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'b', MaxResults: 2 }));
  expect(first.QueueUrls?.map((url) => url.split('/').pop())).toEqual(['b-1', 'b-2']);
  const second = await sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: 'b', MaxResults: 2, NextToken: first.NextToken }),
  );
  expect(second.QueueUrls?.map((url) => url.split('/').pop())).toEqual(['b-3']);
  expect(second.NextToken).toBeUndefined();
  await expect(sqs.send(new ListQueuesCommand({ MaxResults: 1001 }))).rejects.toThrow('MaxResults');
});

test('a queue is found by its name', async () => {
  const { create, sqs } = startSqs();
  const url = await create('orders');
  const found = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
  expect(found.QueueUrl).toBe(url);
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'nothing' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
  });
});

test('tags are added, overwritten, listed and removed', async () => {
  const { create, sqs } = startSqs();
  const QueueUrl = await create('orders');
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a', cost: '1' } }));
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'b' } }));
  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['cost'] }));
  const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  expect(Tags).toEqual({ team: 'b' });
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key-${i}`, 'x']));
  await expect(sqs.send(new TagQueueCommand({ QueueUrl, Tags: many }))).rejects.toThrow(
    'Too many tags added for queue orders.',
  );
  await expect(sqs.send(new TagQueueCommand({ QueueUrl, Tags: {} }))).rejects.toThrow(
    'The request must contain the parameter Tags.',
  );
  await expect(sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: [] }))).rejects.toThrow(
    'The request must contain the parameter TagKeys.',
  );
});

test('a key replaces SSE-SQS, and both at once are refused', async () => {
  const { create, sqs, attributes } = startSqs();
  const QueueUrl = await create('orders', { KmsMasterKeyId: 'alias/orders' });
  expect(await attributes(QueueUrl)).toMatchObject({
    KmsMasterKeyId: 'alias/orders',
    KmsDataKeyReusePeriodSeconds: '300',
    SqsManagedSseEnabled: 'false',
  });
  await expect(
    sqs.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'true' } }),
    ),
  ).rejects.toThrow('You can use one type of server-side encryption (SSE) at one time.');
});

test('attributes are changed all or not at all', async () => {
  const { create, sqs, attributes, clock } = startSqs();
  const QueueUrl = await create('orders');
  await clock.advance(5_000);
  const set = (Attributes: Record<string, string>) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  await expect(set({ DelaySeconds: '7', VisibilityTimeout: '-1' })).rejects.toThrow();
  expect(await attributes(QueueUrl, 'DelaySeconds')).toEqual({ DelaySeconds: '0' });
  await set({ DelaySeconds: '7' });
  expect(await attributes(QueueUrl, 'DelaySeconds', 'LastModifiedTimestamp')).toEqual({
    DelaySeconds: '7',
    LastModifiedTimestamp: '2051222405',
  });
});

test('perMessageGroupId needs deduplication by message group', async () => {
  const { create } = startSqs();
  const wanted = { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' };
  await expect(create('a.fifo', wanted)).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  await create('a.fifo', { ...wanted, DeduplicationScope: 'messageGroup' });
});

test('the type of a queue stays', async () => {
  const { create, sqs } = startSqs();
  const QueueUrl = await create('orders.fifo', { FifoQueue: 'true' });
  await expect(
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoQueue: 'false' } })),
  ).rejects.toThrow(
    'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  );
});

test('a dead-letter queue lists its sources', async () => {
  const { create, sqs } = startSqs();
  const dlq = await create('dlq');
  const source = await create('orders', redriveTo('dlq', 3));
  const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dlq }));
  expect(queueUrls).toEqual([source]);
});

test.each([
  ['{"maxReceiveCount":3}', 'deadLetterTargetArn'],
  ['{"deadLetterTargetArn":"dummy","maxReceiveCount":3}', 'Invalid value for deadLetterTargetArn.'],
  [redriveTo('nothing', 3).RedrivePolicy, 'Dead letter target does not exist.'],
  [redriveTo('dlq.fifo', 3).RedrivePolicy, 'same type of queue'],
  [redriveTo('closed', 3).RedrivePolicy, 'does not have permission'],
  [redriveTo('dlq', 0).RedrivePolicy, 'valid values are from 1 to 1000 both inclusive.'],
  [redriveTo('dlq', 1001).RedrivePolicy, 'valid values are from 1 to 1000 both inclusive.'],
])('fails when the redrive policy is %s', async (RedrivePolicy, message) => {
  const { create } = startSqs();
  await create('dlq');
  await create('dlq.fifo', { FifoQueue: 'true' });
  await create('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  await expect(create('orders', { RedrivePolicy })).rejects.toThrow(message);
});

test('a dead-letter queue can be open to named sources only', async () => {
  const { create } = startSqs();
  await create('dlq', {
    RedriveAllowPolicy: JSON.stringify({
      redrivePermission: 'byQueue',
      sourceQueueArns: [arnOf('orders')],
    }),
  });
  await create('orders', redriveTo('dlq', 3));
  await expect(create('others', redriveTo('dlq', 3))).rejects.toThrow('permission');
});

test.each([
  '{"redrivePermission":"some"}',
  '{"redrivePermission":"byQueue"}',
  '{"redrivePermission":"denyAll","sourceQueueArns":["arn:aws:sqs:eu-west-1:111122223333:a"]}',
  JSON.stringify({
    redrivePermission: 'byQueue',
    sourceQueueArns: Array.from({ length: 11 }, (_, i) => arnOf(`q-${i}`)),
  }),
])('fails when the redrive allow policy is %s', async (RedriveAllowPolicy) => {
  const { create } = startSqs();
  await expect(create('dlq', { RedriveAllowPolicy })).rejects.toMatchObject({
    name: 'InvalidAttributeValue',
  });
});

test('every operation asks for its permission on its queue', async () => {
  const { create, send, receive, asked } = startSqs();
  const url = await create('orders');
  await send(url, 'x');
  await receive(url);
  expect(asked.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    `sqs:CreateQueue ${arnOf('orders')}`,
    `sqs:SendMessage ${arnOf('orders')}`,
    `sqs:ReceiveMessage ${arnOf('orders')}`,
  ]);
});

test('accounts and regions have queues of their own', async () => {
  const { create, service, send } = startSqs();
  await create('orders');
  await expect(send('http://127.0.0.1/999988887777/orders', 'x')).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
  expect(service.leaks()).toEqual([`SQS queue ${arnOf('orders')}`]);
});
