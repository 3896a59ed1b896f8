import { Duration } from 'aws-cdk-lib';
import { everyRunAlike } from './every-run-alike';
import type { TestOrder } from './shop';

everyRunAlike(
  'a FIFO write buffer keeps the order of each group through failures',
  { fifo: true, connectionBudget: 5 },
  async (shop) => {
    const groups = ['a', 'b', 'c'];
    const orders: TestOrder[] = Array.from({ length: 60 }, (_, index) => ({
      orderId: `${groups[index % 3]}-${Math.floor(index / 3)}`,
      position: Math.floor(index / 3),
      amount: '1.00',
      group: groups[index % 3],
    }));
    await shop.aws.faults.database().stop();
    await shop.sendOrders(orders);
    await shop.aws.clock.advance(Duration.minutes(20));
    await shop.aws.faults.database().start();
    await shop.drain(Duration.hours(6));

    const rows = await shop.query<{ order_id: string; position: number }>(
      'SELECT order_id, position FROM orders ORDER BY written',
    );
    expect(rows).toHaveLength(60);
    for (const group of groups) {
      const positions = rows
        .filter((row) => row.order_id.startsWith(`${group}-`))
        .map((row) => row.position);
      expect(positions).toEqual(Array.from({ length: 20 }, (_, index) => index));
    }
  },
);
