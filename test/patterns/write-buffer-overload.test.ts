import { everyRunAlike } from './every-run-alike';
import { testOrders } from './shop';

everyRunAlike(
  '200 direct writers exhaust a database of 20 connections; a write buffer never does',
  { maxConnections: 20, connectionBudget: 8 },
  async (shop) => {
    const orders = testOrders(200);

    const direct = await Promise.allSettled(
      orders.map(async (order) => {
        const client = await shop.postgres.connect();
        try {
          // Long enough for the writers to meet, as they do on a busy day.
          await client.query('SELECT pg_sleep(0.2)');
          await client.query(
            'INSERT INTO orders (order_id, position, amount) VALUES ($1, $2, $3)',
            [`direct-${order.orderId}`, order.position, order.amount],
          );
        } finally {
          await client.end();
        }
      }),
    );
    const refused = direct.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(100);
    expect(refused.every(({ reason }) => reason.code === '53300')).toBe(true);

    await shop.sendOrders(orders);
    await shop.drain();
    const [buffered] = await shop.postgres.query<{ rows: string }>(
      "SELECT count(*) AS rows FROM orders WHERE order_id NOT LIKE 'direct-%'",
    );
    expect(buffered?.rows).toBe('200');
    // Not one batch met a full database: each message was received once.
    expect(shop.aws.journal.hops({ kind: 'received' })).toHaveLength(200);
    expect(shop.aws.journal.hops({ kind: 'failed' })).toEqual([]);
  },
);
