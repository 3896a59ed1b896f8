import { Duration } from 'aws-cdk-lib';
import { onEveryStore } from './every-run-alike';
import type { Shop, TestOrder } from './shop';

const groups = ['a', 'b', 'c'];

/** Positions of the orders of a group, in the order in which the store returns them. */
async function positionsOf(shop: Shop, group: string): Promise<number[]> {
  return (await shop.store.orders())
    .filter(({ orderId }) => orderId.startsWith(`${group}-`))
    .map(({ position }) => position);
}

onEveryStore(
  'a FIFO write buffer keeps the order of each group through failures',
  { fifo: true, connectionBudget: 5 },
  async (shop) => {
    const orders: TestOrder[] = Array.from({ length: 60 }, (_, index) => ({
      orderId: `${groups[index % 3]}-${Math.floor(index / 3)}`,
      position: Math.floor(index / 3),
      amount: '1.00',
      group: groups[index % 3],
    }));
    // Slow enough for a look at half a batch.
    shop.aws.faults.tableLatency({ operations: ['PutItem'], milliseconds: 700 });
    await shop.store.stop();
    await shop.sendOrders(orders);
    await shop.aws.clock.advance(Duration.minutes(20));
    await shop.store.start();
    // At no time is an order there whose predecessor is not.
    const expectNoGap = async (): Promise<void> => {
      for (const group of groups) {
        const positions = (await positionsOf(shop, group)).sort((x, y) => x - y);
        expect(positions).toEqual(positions.map((_, index) => index));
      }
    };
    await shop.drain(Duration.hours(6), 'orders', Duration.seconds(1), expectNoGap);
    expect(await shop.store.rowCount()).toBe(60);
    for (const group of shop.store.knowsOrder ? groups : []) {
      expect(await positionsOf(shop, group)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
  },
);
