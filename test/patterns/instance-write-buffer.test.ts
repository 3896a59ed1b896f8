import { Duration, type Stack } from 'aws-cdk-lib';
import { InstanceWriteBuffer, Sink } from 'cdk-decouple';
import { databaseIn } from '../constructs/fixtures';
import { InstanceFleet } from './instance-fleet';
import { connect, createOrders, written } from './orders-table';

function shop(stack: Stack) {
  const database = databaseIn(stack);
  const buffer = new InstanceWriteBuffer(stack, 'Orders', {
    vpc: database.vpc,
    sink: Sink.postgres({
      ...database,
      table: 'orders',
      columns: { order_id: '$.orderId', amount: '$.amount' },
      conflictKey: 'order_id',
      connectionBudget: 2,
      // A quarter of a real second for a connection.
      timeout: Duration.minutes(1),
    }),
    minCapacity: 2,
    maxCapacity: 2,
  });
  return { cluster: database.cluster, buffer };
}

let fleet: InstanceFleet;
let app: ReturnType<typeof shop>;
beforeAll(async () => {
  [fleet, app] = await InstanceFleet.deploy(shop);
});
afterAll(() => fleet.aws.stop());

function secretArn(): string {
  const { secret } = app.cluster;
  if (secret === undefined) throw new Error('the cluster has no secret');
  return fleet.physicalId(secret);
}

const orders = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ orderId: `order-${first + index}`, amount: '12.10' }),
  );

test('orders that are sent before, during and after an outage of the database are all written', async () => {
  const migration = await connect(fleet.aws, secretArn());
  await createOrders(migration, 'order_id text PRIMARY KEY, amount numeric NOT NULL');
  await fleet.send(app.buffer.queue, orders(0, 100));
  await written(migration, 100);
  await migration.end();

  const database = fleet.aws.faults.database();
  await database.kill();
  await fleet.send(app.buffer.queue, orders(100, 100));
  // Each message is tried once in six minutes: at least one that fails.
  await fleet.aws.clock.sleep(Duration.minutes(7).toMilliseconds(), 'the outage');
  expect(await fleet.depth(app.buffer.queue)).toBe(100);
  await database.start();

  const client = await connect(fleet.aws, secretArn());
  await fleet.send(app.buffer.queue, [...orders(200, 50), '{"orderId": "no amount"}']);
  await written(client, 250);
  const [letter] = await fleet.take(app.buffer.deadLetterQueue, (taken) => taken.length === 1);
  expect(letter).toEqual({ orderId: 'no amount' });
  const { rows } = await client.query('SELECT count(*)::int, sum(amount) FROM orders');
  expect(rows).toEqual([{ count: 250, sum: '3025.00' }]);
  await client.end();
});
