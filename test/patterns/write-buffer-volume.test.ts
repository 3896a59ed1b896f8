import { everyRunAlike } from './every-run-alike';
import { testOrders } from './shop';

everyRunAlike(
  'ten thousand orders with duplicates and reordering become ten thousand rows',
  { emulator: { journalSize: 500_000 } },
  async (shop) => {
    shop.aws.faults.standardQueue({ queue: shop.queueUrl(), duplicate: 0.05, reorder: true });
    await shop.sendOrders(testOrders(10_000));
    await shop.drain();
    const [row] = await shop.query<{ rows: string; total: string }>(
      'SELECT count(*) AS rows, sum(amount) AS total FROM orders',
    );
    expect(row).toEqual({ rows: '10000', total: '50007500.00' });
    expect(shop.aws.journal.hops({ kind: 'duplicated' }).length).toBeGreaterThan(300);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
  },
);

everyRunAlike(
  'two write buffers in one stack keep apart',
  { buffers: ['orders', 'returns'] },
  async (shop) => {
    await shop.sendOrders(testOrders(40), 'orders');
    await shop.sendOrders(testOrders(15), 'returns');
    await shop.drain(undefined, 'orders');
    await shop.drain(undefined, 'returns');
    expect(await shop.rowCount('orders')).toBe(40);
    expect(await shop.rowCount('returns')).toBe(15);
  },
);
