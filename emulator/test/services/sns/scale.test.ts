import { SNS } from '@aws-sdk/client-sns';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';
import { createSns } from '../../../src/services/sns';
import { account, clientOf, environment, region } from '../../support/service-harness';

const count = 100_000;

/** SNS with queues that only count. */
function start() {
  const { env, clock } = environment();
  let delivered = 0;
  const service = createSns(env, {
    queues: {
      send: () => {
        delivered += 1;
        return 'id';
      },
    },
    functions: { invoke: () => '' },
    deliveryStreams: { put: () => 'record' },
    keys: { usableKeyArn: (keyId) => keyId },
    signingCertificate: () => new CertificateAuthority().signing('sns.amazonaws.com'),
    serveCertificate: async () => '',
    certificateAuthority: async () => '',
  });
  return {
    service,
    clock,
    sns: new SNS(clientOf(env, [service])),
    delivered: () => delivered,
  };
}

/** CPU milliseconds of each half of some work. */
async function halves(run: (index: number) => unknown): Promise<[number, number]> {
  const times: number[] = [];
  for (const [from, to] of [
    [0, count / 2],
    [count / 2, count],
  ] as const) {
    const before = process.cpuUsage();
    for (let index = from; index < to; index++) await run(index);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  const [first = 0, second = 0] = times;
  return [first, second];
}

test('100,000 topics: the second half costs what the first does, and all are listed', async () => {
  const { service, sns } = start();
  const { CreateTopic } = service.handlers;
  const context = callContext();
  const [first, second] = await halves((index) => CreateTopic?.({ Name: `t${index}` }, context));
  expect(second).toBeLessThan(3 * first + 200);
  const { NextToken, Topics } = await sns.listTopics({});
  expect(Topics).toHaveLength(100);
  expect(NextToken).toBeDefined();
  expect(service.topic(`arn:aws:sns:${region}:${account}:t${count - 1}`)).toBeDefined();
}, 60_000);

test('a topic of 100,000 subscriptions: made at a steady cost, listed, and published to', async () => {
  const { service, sns, clock, delivered } = start();
  const { TopicArn = '' } = await sns.createTopic({ Name: 'large' });
  const { Subscribe } = service.handlers;
  const context = callContext();
  const [first, second] = await halves((index) =>
    Subscribe?.(
      { TopicArn, Protocol: 'sqs', Endpoint: `arn:aws:sqs:${region}:${account}:q${index}` },
      context,
    ),
  );
  expect(second).toBeLessThan(3 * first + 200);
  let listed = 0;
  let NextToken: string | undefined;
  do {
    const page = await sns.listSubscriptionsByTopic({ TopicArn, NextToken });
    listed += page.Subscriptions?.length ?? 0;
    NextToken = page.NextToken;
  } while (NextToken);
  expect(listed).toBe(count);
  await sns.publish({ TopicArn, Message: 'to all' });
  await clock.settle();
  expect(delivered()).toBe(count);
}, 120_000);

test('1,000 subscriptions with filter policies are cheap: they are compiled once', async () => {
  const { sns, clock, delivered } = start();
  const { TopicArn = '' } = await sns.createTopic({ Name: 'filtered' });
  for (let index = 0; index < 1_000; index++)
    await sns.subscribe({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:${region}:${account}:q${index}`,
      Attributes: {
        FilterPolicy: JSON.stringify({
          shop: [`shop-${index}`, { prefix: `vip-${index}-` }],
          amount: [{ numeric: ['>', index, '<=', index + 500] }],
          kind: [{ 'anything-but': ['test'] }],
        }),
      },
    });
  const before = process.cpuUsage();
  const messages = 100;
  for (let index = 0; index < messages; index++) {
    await sns.publish({
      TopicArn,
      Message: 'x',
      MessageAttributes: {
        shop: { DataType: 'String', StringValue: `shop-${index}` },
        amount: { DataType: 'Number', StringValue: String(index + 10) },
        kind: { DataType: 'String', StringValue: 'order' },
      },
    });
    await clock.settle();
  }
  const { user, system } = process.cpuUsage(before);
  expect(delivered()).toBe(messages);
  // A few milliseconds for a publish with a thousand policies, on whatever machine; tens of them would be compiling.
  expect((user + system) / 1000 / messages).toBeLessThan(20);
}, 60_000);

/** A call as the gateway makes it, without the gateway. */
function callContext() {
  const never = new AbortController().signal;
  return {
    requestId: 'request',
    caller: { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` } as const,
    signed: true,
    secureTransport: true,
    account,
    region,
    service: 'sns',
    operation: 'Subscribe',
    origin: 'http://127.0.0.1',
    userAgent: undefined,
    signal: never,
    authorize: () => undefined,
    park: <T>(): Promise<T> => Promise.reject(new Error('nothing waits here')),
  };
}
