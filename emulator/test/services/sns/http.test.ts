import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import MessageValidator from 'sns-validator';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';
import type { Envelope } from '../test-queue';
import { EndpointServer } from './endpoint-server';
import { SnsBench } from './support';

let bench: SnsBench;
let topic: string;
let server: EndpointServer;

beforeEach(async () => {
  bench = await SnsBench.start();
  topic = await bench.topic('orders');
  server = await EndpointServer.start(() => bench.aws.clock.now());
});

afterEach(async () => {
  await server.stop();
  await bench.stop();
});

const seconds = 1_000;
const minutes = 60 * seconds;

/** Subscribes the server and confirms it. @returns the subscription's ARN */
async function subscribed(
  attributes: Record<string, string> = {},
  endpoint = server,
): Promise<string> {
  const protocol = endpoint.url.startsWith('https') ? 'https' : 'http';
  const arn = await bench.subscribe(topic, endpoint.url, attributes, protocol);
  await bench.aws.clock.settle();
  const [document] = endpoint.documents('SubscriptionConfirmation');
  await fetch(document?.SubscribeURL ?? '');
  endpoint.requests.length = 0;
  return arn;
}

/** Publishes and lets the clock go on until nothing is left to do. @returns seconds of each attempt */
async function attempts(): Promise<number[]> {
  const start = bench.aws.clock.now();
  await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
  await bench.aws.clock.advance(120 * minutes);
  return server.requests.map(({ time }) => (time - start) / seconds);
}

const retryPolicy = (policy: object) => JSON.stringify({ healthyRetryPolicy: policy });

test('an endpoint is asked first, and gets notifications once it has followed the link', async () => {
  const pending = await bench.sns.subscribe({
    TopicArn: topic,
    Protocol: 'http',
    Endpoint: server.url,
  });
  expect(pending.SubscriptionArn).toBe('pending confirmation');
  await bench.aws.clock.settle();
  const [asked] = server.requests;
  expect(asked?.headers).toMatchObject({
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-topic-arn': topic,
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
  });
  expect(asked?.headers).not.toHaveProperty('x-amz-sns-subscription-arn');
  const question: Envelope = JSON.parse(asked?.body ?? '');
  expect(question).toMatchObject({
    Type: 'SubscriptionConfirmation',
    MessageId: asked?.headers['x-amz-sns-message-id'],
    TopicArn: topic,
    Message: `You have chosen to subscribe to the topic ${topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  });
  await fetch(question.SubscribeURL ?? '');
  const { MessageId } = await bench.sns.publish({
    TopicArn: topic,
    Subject: 'S',
    Message: 'hello',
  });
  await bench.aws.clock.settle();
  const { Subscriptions } = await bench.sns.listSubscriptionsByTopic({ TopicArn: topic });
  expect(server.requests[1]?.headers).toMatchObject({
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-message-id': MessageId,
    'x-amz-sns-topic-arn': topic,
    'x-amz-sns-subscription-arn': Subscriptions?.[0]?.SubscriptionArn,
  });
  expect(server.documents('Notification')).toMatchObject([
    { Type: 'Notification', MessageId, Subject: 'S', Message: 'hello', SignatureVersion: '1' },
  ]);
});

test('raw delivery sends the message alone, and says so', async () => {
  const subscription = await subscribed({
    RawMessageDelivery: 'true',
    DeliveryPolicy: '{"requestPolicy":{"headerContentType":"application/json"}}',
  });
  await bench.sns.publish({
    TopicArn: topic,
    Message: '{"a":1}',
    MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
  });
  await bench.aws.clock.settle();
  expect(server.requests).toMatchObject([
    {
      body: '{"a":1}',
      headers: {
        'x-amz-sns-rawdelivery': 'true',
        'x-amz-sns-subscription-arn': subscription,
        'content-type': 'application/json',
      },
    },
  ]);
});

test('an endpoint with a certificate of the local authority is reached by HTTPS', async () => {
  const secure = await EndpointServer.start(() => bench.aws.clock.now(), true);
  await subscribed({}, secure);
  await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
  await bench.aws.clock.settle();
  expect(secure.documents('Notification')).toMatchObject([{ Message: 'hello' }]);
  await secure.stop();
});

test('whoever follows the link in a notification ends the subscription, and is told; and can come back', async () => {
  await subscribed();
  await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
  await bench.aws.clock.settle();
  await fetch(server.documents('Notification')[0]?.UnsubscribeURL ?? '');
  await bench.aws.clock.settle();
  const [told] = server.documents('UnsubscribeConfirmation');
  expect(told?.Message).toMatch(/^You have chosen to deactivate subscription arn:/);
  await bench.sns.publish({ TopicArn: topic, Message: 'nobody hears' });
  await fetch(told?.SubscribeURL ?? '');
  await bench.sns.publish({ TopicArn: topic, Message: 'back' });
  await bench.aws.clock.settle();
  expect(server.documents('Notification').map(({ Message }) => Message)).toEqual(['hello', 'back']);
});

test('a subscription may insist on signed requests to end it', async () => {
  await bench.subscribe(topic, server.url, {}, 'http');
  await bench.aws.clock.settle();
  const [document] = server.documents('SubscriptionConfirmation');
  const { SubscriptionArn } = await bench.sns.confirmSubscription({
    TopicArn: topic,
    Token: document?.Token,
    AuthenticateOnUnsubscribe: 'true',
  });
  const origin = await bench.aws.endpoint();
  const link = `${origin}/?Action=Unsubscribe&SubscriptionArn=${SubscriptionArn}&Version=2010-03-31`;
  expect((await fetch(link)).status).toBe(403);
  await bench.sns.unsubscribe({ SubscriptionArn });
  await bench.aws.clock.settle();
  expect(server.documents('UnsubscribeConfirmation')).toEqual([]);
});

describe('retries', () => {
  test('by default: three, twenty seconds apart', async () => {
    await subscribed();
    server.status = 500;
    expect(await attempts()).toEqual([0, 20, 40, 60]);
  });

  test('an endpoint that comes back gets its message', async () => {
    await subscribed();
    server.status = 503;
    await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
    await bench.aws.clock.advance(30 * seconds);
    server.status = 200;
    await bench.aws.clock.advance(30 * seconds);
    expect(server.requests).toHaveLength(3);
    expect(bench.aws.journal.hops({ kind: 'delivered' }).at(-1)?.detail).toMatchObject({
      as: '200',
    });
  });

  test('in four phases: at once, before the backoff, the backoff, behind it', async () => {
    await subscribed({
      DeliveryPolicy: retryPolicy({
        minDelayTarget: 1,
        maxDelayTarget: 60,
        numRetries: 12,
        numNoDelayRetries: 2,
        numMinDelayRetries: 2,
        numMaxDelayRetries: 3,
        backoffFunction: 'exponential',
      }),
    });
    server.status = 429;
    const times = await attempts();
    const delays = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    const rounded = delays.map((delay) => Math.round(delay * 10) / 10);
    expect(rounded).toEqual([0, 0, 1, 1, 1, 4.9, 12.8, 28.5, 60, 60, 60, 60]);
  });

  test.each([
    ['linear', [5, 33.3, 61.7, 90, 118.3, 146.7, 175, 203.3, 231.7, 260]],
    ['arithmetic', [5, 10.7, 22, 39, 61.7, 90, 124, 163.7, 209, 260]],
    ['geometric', [5, 7.8, 12, 18.7, 28.9, 44.9, 69.7, 108.1, 167.6, 260]],
    ['exponential', [5, 5.5, 6.5, 8.5, 12.5, 20.5, 36.4, 68.4, 132.2, 260]],
  ])(
    '%s backoff goes from the shortest delay to the longest',
    async (backoffFunction, expected) => {
      // The policy of AWS's graph: ten retries, from 5 seconds to 260.
      await subscribed({
        DeliveryPolicy: retryPolicy({
          minDelayTarget: 5,
          maxDelayTarget: 260,
          numRetries: 10,
          backoffFunction,
        }),
      });
      server.status = 500;
      const times = await attempts();
      const delays = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(delays).toHaveLength(10);
      expect(delays.map((delay) => Math.round(delay * 10) / 10)).toEqual(expected);
    },
  );

  test('stop after an hour, whatever the policy says', async () => {
    await subscribed({
      DeliveryPolicy: retryPolicy({ minDelayTarget: 600, maxDelayTarget: 600, numRetries: 100 }),
    });
    server.status = 500;
    expect(await attempts()).toEqual([0, 600, 1200, 1800, 2400, 3000, 3600]);
  });

  test('are not made for answers that will stay what they are', async () => {
    await subscribed();
    server.status = 404;
    expect(await attempts()).toEqual([0]);
    expect(bench.aws.journal.hops({ kind: 'failed' })).toMatchObject([
      { detail: { reason: 'HTTP status 404' } },
    ]);
  });

  test('down for longer than its policy: the message is in the dead-letter queue', async () => {
    const dead = await bench.queue('dead');
    await subscribed({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) });
    await server.stop();
    await attempts();
    expect(await dead.texts()).toEqual(['hello']);
    expect(bench.aws.journal.hops({ kind: 'failed' })).toHaveLength(4);
  });

  test('by the policy of the topic, which may overrule its subscriptions', async () => {
    await subscribed({ DeliveryPolicy: retryPolicy({ numRetries: 1 }) });
    const set = (http: object) =>
      bench.sns.setTopicAttributes({
        TopicArn: topic,
        AttributeName: 'DeliveryPolicy',
        AttributeValue: JSON.stringify({ http }),
      });
    server.status = 500;
    const defaultHealthyRetryPolicy = { numRetries: 2, minDelayTarget: 5, maxDelayTarget: 5 };
    await set({ defaultHealthyRetryPolicy });
    expect(await attempts()).toEqual([0, 20]);
    server.requests.length = 0;
    await set({ defaultHealthyRetryPolicy, disableSubscriptionOverrides: true });
    expect(await attempts()).toEqual([0, 5, 10]);
  });
});

test('a throttle lets so many messages a second through', async () => {
  await subscribed({ DeliveryPolicy: '{"throttlePolicy":{"maxReceivesPerSecond":2}}' });
  const start = bench.aws.clock.now();
  for (let n = 0; n < 5; n++) await bench.sns.publish({ TopicArn: topic, Message: String(n) });
  await bench.aws.clock.advance(10 * seconds);
  expect(server.requests.map(({ time }) => time - start)).toEqual([0, 500, 1000, 1500, 2000]);
  expect(server.documents('Notification').map(({ Message }) => Message)).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
  ]);
});

test('an endpoint on another machine is never called: what is for it is in the outbox', async () => {
  await bench.subscribe(topic, 'https://hooks.example.com/x', {}, 'https');
  await bench.aws.clock.settle();
  const [entry] = bench.aws.outbox.entries({ protocol: 'https' });
  expect(entry?.address).toBe('https://hooks.example.com/x');
  const { Token }: Envelope = JSON.parse(entry?.body ?? '');
  await bench.sns.confirmSubscription({ TopicArn: topic, Token });
  await bench.sns.publish({ TopicArn: topic, Message: 'hello' });
  await bench.aws.clock.settle();
  expect(JSON.parse(bench.aws.outbox.entries().at(-1)?.body ?? '')).toMatchObject({
    Message: 'hello',
  });
});

describe('the npm package sns-validator', () => {
  const validate = (document: Envelope | undefined) => {
    const validator = new MessageValidator(/^127\.0\.0\.1:\d+$/);
    return new Promise<unknown>((resolve, reject) => {
      validator.validate({ ...document }, (error, message) =>
        error ? reject(error) : resolve(message),
      );
    });
  };

  beforeAll(async () => {
    const file = await new CertificateAuthority().caFile();
    https.globalAgent.options.ca = [...rootCertificates, await readFile(file, 'utf8')];
  });

  afterAll(() => {
    https.globalAgent.options.ca = undefined;
  });

  test.each(['1', '2'])('accepts what is signed in version %s, over TLS', async (version) => {
    await bench.sns.setTopicAttributes({
      TopicArn: topic,
      AttributeName: 'SignatureVersion',
      AttributeValue: version,
    });
    await bench.subscribe(topic, server.url, {}, 'http');
    await bench.aws.clock.settle();
    const [question] = server.documents('SubscriptionConfirmation');
    expect(question?.SignatureVersion).toBe(version);
    await expect(validate(question)).resolves.toMatchObject({ Token: question?.Token });
    await fetch(question?.SubscribeURL ?? '');
    for (const Subject of [undefined, 'Größe']) {
      await bench.sns.publish({ TopicArn: topic, Subject, Message: 'line\nline ü 😀' });
      await bench.aws.clock.settle();
      const notification = server.documents('Notification').at(-1);
      await expect(validate(notification)).resolves.toMatchObject({ Message: 'line\nline ü 😀' });
      await expect(
        validate(notification && { ...notification, Message: 'forged' }),
      ).rejects.toThrow('The message signature is invalid.');
    }
  });
});
