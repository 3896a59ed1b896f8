import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Duration } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Sink } from 'cdk-decouple';
import { Shop, type ShopOptions, testOrders } from './shop';

let shop: Shop;
afterEach(() => shop.close());

const open = async (options: ShopOptions): Promise<void> => {
  shop = await Shop.open(options);
};

test.each(['instance', 'cluster', 'proxy'] as const)(
  'orders are written to a database: %s',
  async (database) => {
    await open({ database });
    // The first batch has each of its orders twice.
    await shop.sendOrders([...testOrders(5), ...testOrders(25)]);
    await shop.drain();

    expect(await shop.store.rowCount()).toBe(25);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
  },
);

test('orders wait while the secret is behind the password, and are written once it is rotated', async () => {
  await open({});
  await shop.sendOrders(testOrders(10));
  await shop.drain();
  const client = await shop.postgres.connect();
  const rows = async (): Promise<number> => {
    const { rows } = await client.query<{ rows: number }>(
      'SELECT count(*)::int AS rows FROM orders',
    );
    return rows[0]?.rows ?? 0;
  };
  try {
    expect(await rows()).toBe(10);
    await client.query(`ALTER USER CURRENT_USER PASSWORD 'rotated'`);
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = CURRENT_USER AND pid <> pg_backend_pid()',
    );
    await shop.sendOrders(testOrders(20).slice(10));
    await shop.aws.clock.settle();
    expect(await shop.depth()).toBe(10);

    const { password: _old, ...login } = shop.postgres.login;
    await shop.aws.client(SecretsManagerClient).send(
      new PutSecretValueCommand({
        SecretId: shop.postgres.secretArn,
        SecretString: JSON.stringify({ ...login, password: 'rotated' }),
      }),
    );
    await shop.drain();
    expect(await rows()).toBe(20);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
  } finally {
    await client.end();
  }
});

test('batches above 10 are collected for the window and written in few statements', async () => {
  await open({ buffer: { batchSize: 1_000, maxBatchingWindow: Duration.seconds(20) } });
  await shop.sendOrders(testOrders(300));
  await shop.sendBodies(['nope']);
  await shop.aws.clock.advance(Duration.seconds(19));
  expect(await shop.store.rowCount()).toBe(0);
  await shop.aws.clock.advance(Duration.seconds(2));

  expect(await shop.store.rowCount()).toBe(300);
  expect(await shop.depth()).toBe(0);
  expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(1);
  const [statements] = await shop.postgres.query<{ count: number }>(
    'SELECT count(DISTINCT xmin::text)::int AS count FROM orders',
  );
  expect(statements?.count).toBeLessThanOrEqual(5);
});

test('orders come from a queue that is imported', async () => {
  await open({
    buffer: (stack) => {
      const deadLetterQueue = new Queue(stack, 'TheirDeadLetters');
      const theirs = new Queue(stack, 'Theirs', {
        visibilityTimeout: Duration.minutes(3),
        deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 200 },
      });
      return {
        queue: Queue.fromQueueAttributes(stack, 'Imported', {
          queueArn: theirs.queueArn,
          fifo: false,
        }),
        deadLetterQueue,
      };
    },
  });
  await shop.sendOrders(testOrders(10));
  await shop.sendBodies(['nope']);
  await shop.drain();

  expect(await shop.store.rowCount()).toBe(10);
  expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(1);
});

/** Takes a message at its second delivery if it says so. */
const PICKY = `exports.handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(
    ({ body, attributes }) => body === 'later' && attributes.ApproximateReceiveCount === '1',
  ).map(({ messageId }) => ({ itemIdentifier: messageId })),
});`;

test('a function of one’s own gets back only what it has not taken', async () => {
  await open({
    sink: (stack) =>
      Sink.function(
        new LambdaFunction(stack, 'Picky', {
          runtime: Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: Code.fromInline(PICKY),
          timeout: Duration.seconds(5),
        }),
      ),
  });
  await shop.sendBodies(['now', 'later', 'now', 'now', 'later']);
  await shop.aws.clock.settle();
  expect(await shop.depth()).toBe(2);
  // Six times the timeout.
  await shop.aws.clock.advance(Duration.seconds(29));
  expect(await shop.depth()).toBe(2);
  await shop.aws.clock.advance(Duration.seconds(1));
  expect(await shop.depth()).toBe(0);
  expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
});
