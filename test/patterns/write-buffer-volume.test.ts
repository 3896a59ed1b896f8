import { onEveryStore } from './every-run-alike';
import { testOrders } from './shop';

onEveryStore(
  'thousands of orders with duplicates and reordering are written once each',
  { emulator: { journalSize: 500_000 } },
  async (shop) => {
    shop.aws.faults.standardQueue({ queue: shop.queueUrl(), duplicate: 0.05, reorder: true });
    const count = shop.store.volume;
    await shop.sendOrders(testOrders(count));
    await shop.drain();
    const orders = await shop.store.orders();
    const cents = orders.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
    expect(orders).toHaveLength(count);
    expect(cents).toBe((count * (count + 1) * 100) / 2 + count * 25);
    expect(shop.aws.journal.hops({ kind: 'duplicated' }).length).toBeGreaterThan(count * 0.03);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
  },
);

onEveryStore(
  'two write buffers in one stack keep apart',
  { buffers: ['orders', 'returns'] },
  async (shop) => {
    await shop.sendOrders(testOrders(40), 'orders');
    await shop.sendOrders(testOrders(15), 'returns');
    await shop.drain(undefined, 'orders');
    await shop.drain(undefined, 'returns');
    expect(await shop.store.rowCount('orders')).toBe(40);
    expect(await shop.store.rowCount('returns')).toBe(15);
  },
);
