import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EndpointServer } from '../../emulator/test/services/sns/endpoint-server';
import { Announcements, announcementsStack, type Subscribe } from './announcements';
import { sameJournalEveryRun } from './every-run-alike';

const kind = (value: string) => ({ kind: { DataType: 'String', StringValue: value } });

const threeQueues: Subscribe = (orders) => ({
  All: orders.addQueue('All'),
  Goods: orders.addQueue('Goods', { filterPolicy: { kind: ['goods', { prefix: 'gift-' }] } }),
  Large: orders.addQueue('Large', {
    filterPolicyWithMessageBody: { order: { total: [{ numeric: ['>', 100] }] } },
  }),
});

sameJournalEveryRun(
  'one publish reaches every queue that wants it, once',
  () => Announcements.open(threeQueues),
  async (shop) => {
    const order = (id: number, total: number) => JSON.stringify({ order: { id, total } });
    await shop.publishAll([
      { Message: order(1, 50), MessageAttributes: kind('goods') },
      { Message: order(2, 500), MessageAttributes: kind('service') },
      { Message: order(3, 500), MessageAttributes: kind('gift-card') },
    ]);
    expect(await shop.bodies('All')).toEqual([order(1, 50), order(2, 500), order(3, 500)]);
    expect(await shop.bodies('Goods')).toEqual([order(1, 50), order(3, 500)]);
    expect(await shop.bodies('Large')).toEqual([order(2, 500), order(3, 500)]);
  },
);

test('a message is traced from its publication to its last receive', async () => {
  const shop = await Announcements.open(threeQueues);
  try {
    const id = await shop.publish({ Message: '{}', MessageAttributes: kind('goods') });
    await shop.aws.clock.settle();
    await shop.consume('All');
    const hops = shop.aws.journal.trace(id).map(({ kind }) => kind);
    expect(hops).toEqual(['published', 'delivered', 'delivered', 'filtered-out']);
    const [, delivered] = shop.aws.journal.trace(id);
    const copy = shop.aws.journal.trace(String(delivered?.detail?.as));
    expect(copy.map((hop) => hop.kind)).toEqual(['sent', 'received', 'deleted']);
  } finally {
    await shop.close();
  }
});

sameJournalEveryRun(
  'a queue whose policy is broken costs the others nothing: its 5,000 messages are in the dead-letter queue of its subscription',
  () => Announcements.open((orders) => ({ A: orders.addQueue('A'), B: orders.addQueue('B') })),
  async (shop) => {
    await shop.breakPolicy('A');
    const messages = Array.from({ length: 5_000 }, (_, index) => `order ${index}`);
    await shop.publishAll(messages.map((Message) => ({ Message })));
    expect(new Set(await shop.bodies('B'))).toEqual(new Set(messages));
    expect(new Set(await shop.bodies('UndeliveredA'))).toEqual(new Set(messages));
    expect(await shop.bodies('A')).toEqual([]);
    expect(await shop.bodies('UndeliveredB')).toEqual([]);
  },
);

test('a queue that is added later gets what is published from then on', async () => {
  const shop = await Announcements.open((orders) => ({ A: orders.addQueue('A') }));
  try {
    await shop.publish({ Message: 'before' });
    await shop.aws.clock.settle();
    const later = await shop.aws.deploy(
      announcementsStack((orders) => ({ A: orders.addQueue('A'), B: orders.addQueue('B') })),
    );
    await shop.publish({ Message: 'after' });
    await shop.aws.clock.settle();
    expect(await shop.bodies('A')).toEqual(['before', 'after']);
    expect((await shop.messagesAt(later.output('B'))).map(({ Body }) => Body)).toEqual(['after']);
  } finally {
    await shop.close();
  }
});

sameJournalEveryRun(
  'a FIFO fan-out keeps the order of each of 100 groups, and takes what is published twice once',
  () =>
    Announcements.open((orders) => ({ A: orders.addQueue('A'), B: orders.addQueue('B') }), {
      fifo: true,
    }),
  async (shop) => {
    const entries = Array.from({ length: 500 }, (_, index) => ({
      Message: String(Math.floor(index / 100)),
      MessageGroupId: `group-${index % 100}`,
      MessageDeduplicationId: `order-${index}`,
    }));
    await shop.publishAll(entries);
    // A publisher that did not get its answer publishes again.
    await shop.publishAll(entries.filter((_, index) => index % 7 === 0));
    await shop.aws.clock.settle();
    for (const queue of ['A', 'B']) {
      const byGroup = new Map<string, (string | undefined)[]>();
      for (const { Attributes, Body } of await shop.consume(queue)) {
        const group = Attributes?.MessageGroupId ?? '';
        byGroup.set(group, [...(byGroup.get(group) ?? []), Body]);
      }
      expect(byGroup.size).toBe(100);
      for (const bodies of byGroup.values()) expect(bodies).toEqual(['0', '1', '2', '3', '4']);
    }
  },
);

sameJournalEveryRun(
  'an object in a bucket reaches three queues',
  () =>
    Announcements.open((orders, stack) => {
      const bucket = new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
      orders.addBucketSource(bucket, { prefix: 'in/' });
      new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
      return { A: orders.addQueue('A'), B: orders.addQueue('B'), C: orders.addQueue('C') };
    }),
  async (shop) => {
    const Bucket = shop.deployment.output('BucketName');
    for (const Key of ['in/1.json', 'out/1.json']) {
      await shop.aws.client(S3Client).send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
    }
    for (const queue of ['A', 'B', 'C']) {
      const records = (await shop.bodies(queue)).map((body) => JSON.parse(body));
      const keys = records.flatMap(({ Records = [] }) =>
        Records.map(({ s3: { object } }: { s3: { object: { key: string } } }) => object.key),
      );
      expect(keys).toEqual(['in/1.json']);
    }
  },
);

// SNS gives up on an endpoint after an hour, whatever the policy says:
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
describe('an HTTP endpoint that is down for most of an hour', () => {
  const withEndpoint = async (
    numRetries: number,
    run: (shop: Announcements, server: EndpointServer) => Promise<void>,
  ): Promise<void> => {
    let now = () => 0;
    const server = await EndpointServer.start(() => now());
    const shop = await Announcements.open((orders) => {
      orders.addHttpEndpoint('Partner', server.url, {
        allowPlainHttp: true,
        deliveryPolicy: {
          healthyRetryPolicy: {
            numRetries,
            minDelayTarget: Duration.minutes(5),
            maxDelayTarget: Duration.minutes(5),
          },
        },
      });
      return {};
    });
    now = () => shop.aws.clock.now();
    try {
      await shop.aws.clock.settle();
      const [question] = server.documents('SubscriptionConfirmation');
      await fetch(question?.SubscribeURL ?? '');
      server.status = 503;
      await shop.publish({ Message: 'hello' });
      await shop.aws.clock.advance(Duration.minutes(58));
      server.status = 200;
      await shop.aws.clock.advance(Duration.hours(1));
      await run(shop, server);
    } finally {
      await shop.close();
      await server.stop();
    }
  };

  test('gets its message by the retries of its delivery policy', async () => {
    await withEndpoint(20, async (shop, server) => {
      expect(server.documents('Notification').length).toBeGreaterThan(12);
      expect(server.documents('Notification').at(-1)).toMatchObject({ Message: 'hello' });
      expect(await shop.bodies('UndeliveredPartner')).toEqual([]);
    });
  });

  test('leaves its message in the dead-letter queue when the retries are used up', async () => {
    await withEndpoint(3, async (shop, server) => {
      expect(server.documents('Notification')).toHaveLength(4);
      const [body = ''] = await shop.bodies('UndeliveredPartner');
      expect(body).toContain('hello');
    });
  });
});
