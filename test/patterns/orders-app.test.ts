import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { OrdersStack } from '../../bin/orders';
import { connect, createOrders, written } from './orders-table';

let aws: Emulator;
let deployment: Deployment;
beforeAll(async () => {
  aws = await Emulator.start({ clock: { rate: 60 } });
  deployment = await aws.deploy(new OrdersStack(new App(), 'Orders'));
});
afterAll(() => aws.stop());

/** Places an order at the front end, and again until that has taken it. */
async function place(url: string, number: number): Promise<void> {
  const order = {
    orderId: `order-${number}`,
    placedAt: '2026-11-27',
    customerId: '7',
    amount: '12.10',
  };
  for (;;) {
    const { status } = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
    if (status === 202) return;
    await aws.clock.sleep(5_000, 'place again');
  }
}

async function placeAll(url: string, first: number, count: number): Promise<void> {
  for (let number = first; number < first + count; number++) await place(url, number);
}

test('the front end takes orders through an outage of the database, and all are written', async () => {
  const { hostname, pathname } = new URL(deployment.output('Url'));
  const url = `${await aws.loadBalancing.url(hostname)}${pathname}`;
  const secret = deployment.output('DatabaseSecretArn');
  const migration = await connect(aws, secret);
  await createOrders(
    migration,
    'order_id text PRIMARY KEY, placed_at date, customer_id text, amount numeric NOT NULL, accepted_at timestamptz',
  );
  await placeAll(url, 0, 60);
  await written(migration, 60);
  await migration.end();

  const database = aws.faults.database();
  await database.kill();
  await placeAll(url, 60, 60);
  await aws.clock.sleep(Duration.minutes(7).toMilliseconds(), 'the outage');
  await database.start();

  const client = await connect(aws, secret);
  await placeAll(url, 120, 30);
  await written(client, 150);
  const { rows } = await client.query('SELECT count(*)::int, sum(amount) FROM orders');
  expect(rows).toEqual([{ count: 150, sum: '1815.00' }]);
  await client.end();
  const { Attributes } = await aws.client(SQS).getQueueAttributes({
    QueueUrl: deployment.output('DeadLetterQueueUrl'),
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
});
