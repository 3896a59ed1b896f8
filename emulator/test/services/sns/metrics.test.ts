import { SNS } from '@aws-sdk/client-sns';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';
import { ServiceError } from '../../../src/protocol/errors';
import { createSns } from '../../../src/services/sns';
import { account, clientOf, environment, region } from '../../support/service-harness';

const minute = 60_000;
const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

/** SNS with queues of which those called `broken…` take nothing, and functions that are throttled at first. */
function start() {
  const { env, clock, metrics } = environment();
  let invocations = 0;
  const service = createSns(env, {
    queues: {
      send: (arn) => {
        if (arn.includes('broken')) throw new ServiceError('AccessDenied', 'not for you');
        return 'id';
      },
    },
    functions: {
      invoke: () => {
        invocations += 1;
        if (invocations < 3) throw new ServiceError('TooManyRequestsException', 'busy');
        return 'id';
      },
    },
    deliveryStreams: { put: () => 'id' },
    keys: { usableKeyArn: (keyId) => keyId },
    signingCertificate: () => new CertificateAuthority().signing('sns.amazonaws.com'),
    serveCertificate: async () => '',
    certificateAuthority: async () => '',
  });
  /** What a topic has published since a time, by metric. */
  const published = (TopicName: string, from: number) =>
    Object.fromEntries(
      metrics.list({ account, region }).flatMap((metric) => {
        const { dimensions, name, namespace } = metric.identity;
        expect([namespace, dimensions]).toEqual(['AWS/SNS', { TopicName }]);
        const statistic = metric.periods(from, clock.now(), minute).get(0);
        return statistic ? [[name, statistic]] : [];
      }),
    );
  return { published, clock, sns: new SNS(clientOf(env, [service])) };
}

async function sums({
  published,
  clock,
}: ReturnType<typeof start>): Promise<Record<string, number>> {
  const from = clock.now();
  await clock.advance(minute);
  const statistics = Object.entries(published('orders', from));
  return Object.fromEntries(statistics.map(([name, { sum }]) => [name, sum]));
}

test('a topic counts what it publishes, delivers, fails to deliver and moves', async () => {
  const bench = start();
  const { sns, published } = bench;
  const from = bench.clock.now();
  const { TopicArn = '' } = await sns.createTopic({ Name: 'orders' });
  const subscribe = (name: string, dead?: string) =>
    sns.subscribe({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queueArn(name),
      Attributes: {
        ...(dead && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(dead) }) }),
      },
    });
  await subscribe('work');
  await subscribe('broken');
  await subscribe('broken-with-dead', 'dead');
  await subscribe('broken-with-broken', 'broken-dead');
  await sns.subscribe({
    TopicArn,
    Protocol: 'lambda',
    Endpoint: `arn:aws:lambda:${region}:${account}:function:f`,
  });
  await sns.publish({ TopicArn, Message: 'abc' });
  await sns.publish({ TopicArn, Message: 'abcdef' });
  expect(await sums(bench)).toEqual({
    NumberOfMessagesPublished: 2,
    PublishSize: 9,
    NumberOfNotificationsDelivered: 4,
    // Queues and functions count when SNS gives up, not for each attempt.
    NumberOfNotificationsFailed: 6,
    NumberOfNotificationsRedrivenToDlq: 2,
    NumberOfNotificationsFailedToRedriveToDlq: 2,
  });
  expect(published('orders', from).PublishSize).toMatchObject({
    minimum: 3,
    maximum: 6,
    sampleCount: 2,
  });
});

test('what filter policies keep out is counted, by reason', async () => {
  const bench = start();
  const { sns } = bench;
  const { TopicArn = '' } = await sns.createTopic({ Name: 'orders' });
  const subscribe = (name: string, Attributes: Record<string, string> = {}) =>
    sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(name), Attributes });
  await subscribe('all');
  await subscribe('attributes', { FilterPolicy: '{"kind":["b"]}' });
  await subscribe('body', { FilterPolicy: '{"kind":["b"]}', FilterPolicyScope: 'MessageBody' });
  const publish = (Message: string, DataType?: string, StringValue?: string) =>
    sns.publish({
      TopicArn,
      Message,
      MessageAttributes: DataType === undefined ? {} : { kind: { DataType, StringValue } },
    });
  await publish('no attributes, no document');
  await publish('{"kind":"a"}', 'String', 'a');
  await publish('{"kind":"b"}', 'String.Array', 'not a list');
  await publish('{"kind":"b"}', 'String', 'b');
  expect(await sums(bench)).toMatchObject({
    NumberOfMessagesPublished: 4,
    NumberOfNotificationsDelivered: 7,
    NumberOfNotificationsFilteredOut: 5,
    'NumberOfNotificationsFilteredOut-NoMessageAttributes': 1,
    'NumberOfNotificationsFilteredOut-MessageAttributes': 1,
    'NumberOfNotificationsFilteredOut-InvalidAttributes': 1,
    'NumberOfNotificationsFilteredOut-InvalidMessageBody': 1,
    'NumberOfNotificationsFilteredOut-MessageBody': 1,
  });
});

test('a minute in which nothing was done has no datapoints', async () => {
  const { published, clock, sns } = start();
  const { TopicArn = '' } = await sns.createTopic({ Name: 'orders' });
  const from = clock.now();
  await sns.publish({ TopicArn, Message: 'a' });
  await clock.advance(3 * minute);
  expect(published('orders', from + minute)).toEqual({});
  expect(Object.keys(published('orders', from))).toHaveLength(2);
});
