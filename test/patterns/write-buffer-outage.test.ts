import { Duration } from 'aws-cdk-lib';
import { everyRunAlike, onEveryStore } from './every-run-alike';
import { testOrders } from './shop';

describe('a write buffer whose database is down, or throttles', () => {
  onEveryStore(
    'keeps every order for six hours, and fills no dead-letter queue',
    {},
    async (shop) => {
      await shop.sendOrders(testOrders(50));
      await shop.drain();
      await shop.store.stop();
      await shop.sendOrders(testOrders(100).slice(50));
      await shop.aws.clock.advance(Duration.hours(6));
      expect(await shop.depth()).toBe(50);
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
      await shop.store.start();
      await shop.drain();
      expect(await shop.store.rowCount()).toBe(100);
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
    },
  );

  everyRunAlike(
    'loses nothing when the database is killed in the middle of four batches',
    { connectionBudget: 4 },
    async (shop) => {
      await shop.sendOrders(testOrders(200));
      const writers = await shop.store.blockWriters(4);
      const settled = shop.aws.clock.settle();
      await writers.waiting(settled);
      await shop.aws.faults.database().kill();
      await settled;
      expect(await shop.depth()).toBe(200);

      await shop.aws.clock.advance(Duration.minutes(10));
      await shop.aws.faults.database().start();
      await writers.release();
      await shop.drain();
      expect(await shop.store.rowCount()).toBe(200);
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
    },
  );

  onEveryStore(
    'writes the batch of a function that is killed in the middle of it, after the visibility timeout',
    {},
    async (shop) => {
      await shop.sendOrders(testOrders(10));
      const writers = await shop.store.blockWriters(1);
      const settled = shop.aws.clock.settle();
      await writers.waiting(settled);
      await shop.aws.faults.killFunction(await shop.functionArn());
      await settled;
      await writers.release();
      expect(await shop.depth()).toBe(10);

      // Six times the function's timeout of 30 seconds.
      await shop.aws.clock.advance(Duration.seconds(179));
      expect(shop.aws.journal.hops({ kind: 'received' })).toHaveLength(10);
      await shop.aws.clock.advance(Duration.seconds(1));
      expect(shop.aws.journal.hops({ kind: 'received' })).toHaveLength(20);
      expect(await shop.depth()).toBe(0);
      expect(await shop.store.rowCount()).toBe(10);
    },
  );
});
