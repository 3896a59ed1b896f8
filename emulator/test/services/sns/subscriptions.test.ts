import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { account, region, SnsBench } from './support';

let bench: SnsBench;
let topic: string;

beforeEach(async () => {
  bench = await SnsBench.start();
  topic = await bench.topic('orders');
});

afterEach(() => bench.stop());

const queueArn = `arn:aws:sqs:${region}:${account}:work`;
const days = 24 * 60 * 60_000;

test('a subscription of a queue is there at once, with its attributes', async () => {
  const SubscriptionArn = await bench.subscribe(topic, queueArn, {
    RawMessageDelivery: 'TRUE',
    FilterPolicy: '{"kind":["a"]}',
    RedrivePolicy: `{"deadLetterTargetArn":"${queueArn}-dead"}`,
  });
  expect(SubscriptionArn).toMatch(new RegExp(`^${topic}:[0-9a-f-]{36}$`));
  const { Attributes } = await bench.sns.getSubscriptionAttributes({ SubscriptionArn });
  expect(Attributes).toEqual({
    SubscriptionArn,
    TopicArn: topic,
    Protocol: 'sqs',
    Endpoint: queueArn,
    Owner: account,
    SubscriptionPrincipal: `arn:aws:iam::${account}:root`,
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'true',
    RawMessageDelivery: 'true',
    FilterPolicy: '{"kind":["a"]}',
    FilterPolicyScope: 'MessageAttributes',
    RedrivePolicy: `{"deadLetterTargetArn":"${queueArn}-dead"}`,
  });
});

test('an endpoint has one subscription, with the attributes that it was made with', async () => {
  const first = await bench.subscribe(topic, queueArn, { RawMessageDelivery: 'true' });
  expect(await bench.subscribe(topic, queueArn)).toBe(first);
  expect(await bench.subscribe(topic, queueArn, { RawMessageDelivery: 'true' })).toBe(first);
  await expect(bench.subscribe(topic, queueArn, { RawMessageDelivery: 'false' })).rejects.toThrow(
    'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
  );
});

test('attributes are changed and taken back', async () => {
  const SubscriptionArn = await bench.subscribe(topic, queueArn);
  const set = (AttributeName: string, AttributeValue: string) =>
    bench.sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue });
  const get = async () =>
    (await bench.sns.getSubscriptionAttributes({ SubscriptionArn })).Attributes ?? {};
  await set('FilterPolicyScope', 'MessageBody');
  expect(await get()).not.toHaveProperty('FilterPolicyScope');
  await set('FilterPolicy', '{"a":{"b":[1]}}');
  expect(await get()).toMatchObject({
    FilterPolicy: '{"a":{"b":[1]}}',
    FilterPolicyScope: 'MessageBody',
  });
  await expect(set('FilterPolicyScope', 'MessageAttributes')).rejects.toThrow(
    'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
  );
  await set('FilterPolicy', '{}');
  expect(await get()).not.toHaveProperty('FilterPolicy');
  await set('RawMessageDelivery', 'true');
  expect(await get()).toMatchObject({ RawMessageDelivery: 'true' });
});

test('subscriptions are listed by owner and by topic, a hundred at a time', async () => {
  const other = await bench.topic('other');
  for (let index = 0; index < 120; index++) await bench.subscribe(topic, `${queueArn}${index}`);
  await bench.subscribe(other, queueArn);
  const first = await bench.sns.listSubscriptionsByTopic({ TopicArn: topic });
  const { NextToken } = first;
  const second = await bench.sns.listSubscriptionsByTopic({ TopicArn: topic, NextToken });
  expect(first.Subscriptions).toHaveLength(100);
  expect(second.Subscriptions).toHaveLength(20);
  expect(second.NextToken).toBeUndefined();
  expect(second.Subscriptions?.at(-1)).toEqual({
    SubscriptionArn: expect.stringContaining(topic),
    Owner: account,
    Protocol: 'sqs',
    Endpoint: `${queueArn}119`,
    TopicArn: topic,
  });
  const all = await bench.sns.listSubscriptions({
    NextToken: (await bench.sns.listSubscriptions({})).NextToken,
  });
  expect(all.Subscriptions).toHaveLength(21);
});

test('a subscription is ended, and again', async () => {
  const SubscriptionArn = await bench.subscribe(topic, queueArn);
  await bench.sns.unsubscribe({ SubscriptionArn });
  await bench.sns.unsubscribe({ SubscriptionArn });
  await expect(bench.sns.getSubscriptionAttributes({ SubscriptionArn })).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Subscription does not exist',
  });
  const { Attributes } = await bench.sns.getTopicAttributes({ TopicArn: topic });
  expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' });
});

test('a mail address is asked first, and confirms by the token in its mail', async () => {
  const { SubscriptionArn } = await bench.sns.subscribe({
    TopicArn: topic,
    Protocol: 'email',
    Endpoint: 'ada@example.com',
  });
  expect(SubscriptionArn).toBe('pending confirmation');
  const list = async () =>
    (await bench.sns.listSubscriptionsByTopic({ TopicArn: topic })).Subscriptions?.[0];
  expect((await list())?.SubscriptionArn).toBe('PendingConfirmation');
  await bench.aws.clock.settle();
  const [mail] = bench.aws.outbox.entries({ address: 'ada@example.com' });
  expect(mail?.subject).toBe('AWS Notification - Subscription Confirmation');
  const Token = /Token=([0-9a-f]+)/.exec(mail?.body ?? '')?.[1];
  const confirmed = await bench.sns.confirmSubscription({ TopicArn: topic, Token });
  expect((await list())?.SubscriptionArn).toBe(confirmed.SubscriptionArn);
  await bench.sns.publish({ TopicArn: topic, Subject: 'News', Message: 'hello' });
  await bench.aws.clock.settle();
  expect(bench.aws.outbox.entries().at(-1)).toEqual({
    protocol: 'email',
    address: 'ada@example.com',
    subject: 'News',
    body: 'hello',
    time: Date.UTC(2035, 0, 1),
    messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    topicArn: topic,
  });
});

test('what nobody confirms gets nothing, and is gone after two days', async () => {
  await bench.subscribe(topic, 'ada@example.com', {}, 'email');
  await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
  await bench.aws.clock.advance(2 * days - 1);
  const count = async () =>
    (await bench.sns.listSubscriptionsByTopic({ TopicArn: topic })).Subscriptions?.length;
  expect(await count()).toBe(1);
  const mails = bench.aws.outbox.entries();
  expect(mails).toHaveLength(1);
  await bench.aws.clock.advance(1);
  expect(await count()).toBe(0);
  const Token = /Token=([0-9a-f]+)/.exec(mails[0]?.body ?? '')?.[1];
  await expect(bench.sns.confirmSubscription({ TopicArn: topic, Token })).rejects.toThrow(
    'Invalid parameter: Token',
  );
});

describe('across accounts', () => {
  const partner = '111122223333';

  test('whoever owns the queue subscribes it at once, if the topic lets the account', async () => {
    const client = bench.aws.client(SNS, { account: partner });
    const queue = await bench.queue('inbox', {}, bench.aws.client(SQS, { account: partner }));
    const request = { TopicArn: topic, Protocol: 'sqs', Endpoint: queue.arn };
    await expect(client.subscribe(request)).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
    });
    await bench.sns.addPermission({
      TopicArn: topic,
      Label: 'partner',
      AWSAccountId: [partner],
      ActionName: ['Subscribe'],
    });
    const { SubscriptionArn } = await client.subscribe(request);
    expect(SubscriptionArn).toMatch(topic);
    await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
    expect(await queue.texts()).toEqual(['hello']);
    expect((await client.listSubscriptions({})).Subscriptions).toHaveLength(1);
    expect((await bench.sns.listSubscriptions({})).Subscriptions).toEqual([]);
  });

  test("somebody else's queue is asked by a message in it", async () => {
    const queue = await bench.queue('inbox', {}, bench.aws.client(SQS, { account: partner }));
    const { SubscriptionArn } = await bench.sns.subscribe({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: queue.arn,
    });
    expect(SubscriptionArn).toBe('pending confirmation');
    const [document] = await queue.documents();
    expect(document).toMatchObject({
      Type: 'SubscriptionConfirmation',
      TopicArn: topic,
      Token: expect.stringMatching(/^[0-9a-f]{288}$/),
    });
    expect(document?.SubscribeURL).toContain(`Token=${document?.Token}`);
    const answer = await fetch(document?.SubscribeURL ?? '');
    expect(await answer.text()).toContain('<ConfirmSubscriptionResult><SubscriptionArn>');
    await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
    expect(await queue.texts()).toEqual(['hello']);
  });

  test('a subscription is for its owner and the owner of its topic', async () => {
    const SubscriptionArn = await bench.subscribe(topic, queueArn);
    const stranger = bench.aws.client(SNS, { account: partner });
    for (const attempt of [
      stranger.getSubscriptionAttributes({ SubscriptionArn }),
      stranger.unsubscribe({ SubscriptionArn }),
    ])
      await expect(attempt).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
  });
});

describe('fails with the error of AWS', () => {
  test.each<[Protocol: string, Endpoint: string, message: string]>([
    ['pigeon', 'x', 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon'],
    ['http', 'https://localhost/', 'Invalid parameter: Endpoint must match the specified protocol'],
    ['email', 'nobody', 'Invalid parameter: Email address'],
    ['sms', 'call me', 'Invalid parameter: Invalid SMS endpoint: call me'],
    ['sqs', 'https://queue.example/', 'Invalid parameter: SQS endpoint ARN'],
    ['sqs', 'arn:aws:sns:us-east-1:000000000000:x', 'Invalid parameter: SQS endpoint ARN'],
    ['lambda', 'my-function', 'Invalid parameter: Lambda endpoint ARN'],
    ['application', 'x', 'Invalid parameter: ApplicationEndpoint ARN'],
    ['application', `arn:aws:sns:${region}:${account}:endpoint/GCM/a/b`, 'Endpoint does not exist'],
    [
      'sqs',
      `${queueArn}.fifo`,
      'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    ],
    ['sqs', '', 'Invalid parameter: Endpoint'],
  ])('on the endpoint %s %s', async (Protocol, Endpoint, message) => {
    await expect(bench.sns.subscribe({ TopicArn: topic, Protocol, Endpoint })).rejects.toThrow(
      new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
    );
  });

  test.each<[Attributes: Record<string, string>, what: string]>([
    [{ Colour: 'red' }, 'AttributeName'],
    [
      { RawMessageDelivery: 'maybe' },
      'RawMessageDelivery: Invalid value [maybe]. Must be true or false.',
    ],
    [{ FilterPolicy: '{' }, 'FilterPolicy: failed to parse JSON.'],
    [
      { FilterPolicy: '{"key":[["value"]]}' },
      'FilterPolicy: Match value must be String, number, true, false, or null\n at [Source: (String)"{"key":[["value"]]}"; line: 1, column: 10]',
    ],
    [
      { FilterPolicy: '{"a":{"b":[1]}}' },
      'Filter policy scope MessageAttributes does not support nested filter policy',
    ],
    [
      { FilterPolicy: '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}' },
      'FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    [
      { FilterPolicy: JSON.stringify({ a: Array.from({ length: 151 }, (_, n) => n) }) },
      'FilterPolicy: Filter policy is too complex',
    ],
    [
      { FilterPolicyScope: 'Subject' },
      'FilterPolicyScope: Invalid value [Subject]. Please use either MessageBody or MessageAttributes',
    ],
    [{ RedrivePolicy: '{' }, 'RedrivePolicy: failed to parse JSON.'],
    [{ RedrivePolicy: '{}' }, 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
    [{ DeliveryPolicy: '{}' }, 'Delivery protocol [sqs] does not support delivery policies.'],
  ])('on the attributes %j', async (Attributes, what) => {
    await expect(bench.subscribe(topic, queueArn, Attributes)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `Invalid parameter: Attributes Reason: ${what}`,
    });
    const SubscriptionArn = await bench.subscribe(topic, queueArn);
    const [[AttributeName, AttributeValue] = ['', '']] = Object.entries(Attributes);
    await expect(
      bench.sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue }),
    ).rejects.toMatchObject({ message: `Invalid parameter: ${what}` });
  });

  test('on raw delivery to a mailbox, and a FIFO topic for anything but queues', async () => {
    await expect(
      bench.subscribe(topic, 'a@example.com', { RawMessageDelivery: 'true' }, 'email'),
    ).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Delivery protocol [email] does not support raw message delivery.',
    );
    const fifo = await bench.topic('orders.fifo');
    await expect(bench.subscribe(fifo, '+15550100', {}, 'sms')).rejects.toThrow(
      /^Invalid parameter: Invalid parameter: Protocol Reason: /,
    );
  });

  test('on a delivery stream without a role, replay and subscriptions that are none', async () => {
    await expect(
      bench.subscribe(
        topic,
        'arn:aws:firehose:us-east-1:000000000000:deliverystream/x',
        {},
        'firehose',
      ),
    ).rejects.toThrow(/SubscriptionRoleArn is required/);
    await expect(bench.subscribe(topic, queueArn, { ReplayPolicy: '{}' })).rejects.toThrow(
      /ReplayPolicy/,
    );
    await expect(bench.sns.unsubscribe({ SubscriptionArn: 'x' })).rejects.toThrow(
      'Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1',
    );
    await expect(bench.sns.unsubscribe({ SubscriptionArn: topic })).rejects.toThrow(
      'Invalid parameter: SubscriptionId',
    );
    await expect(bench.sns.confirmSubscription({ TopicArn: topic, Token: 'abc' })).rejects.toThrow(
      'Invalid parameter: Token',
    );
  });
});

test('a topic for large messages takes queues and functions only, and a hundred of them', async () => {
  const large = await bench.topic('large', { MaximumMessageSize: '1048576' });
  await expect(bench.subscribe(large, 'a@example.com', {}, 'email')).rejects.toThrow(/Protocol/);
  for (let index = 0; index < 100; index++) await bench.subscribe(large, `${queueArn}${index}`);
  await expect(bench.subscribe(large, queueArn)).rejects.toThrow(/more than 100 subscriptions/);
  await bench.subscribe(topic, 'a@example.com', {}, 'email');
  await expect(
    bench.sns.setTopicAttributes({
      TopicArn: topic,
      AttributeName: 'MaximumMessageSize',
      AttributeValue: '262145',
    }),
  ).rejects.toThrow(/can not have subscriptions of protocol email/);
});
