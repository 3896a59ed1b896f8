import fc from 'fast-check';
import type { Delivery } from '../../../src/services/sqs/delivery';
import { History, steps } from './queue-model';
import { redriveTo } from './support';

/** The same histories in every run; `FC_SEED` and `FC_RUNS` look further. */
const runs = {
  numRuns: Number(process.env.FC_RUNS ?? 150),
  seed: Number(process.env.FC_SEED ?? 20261120),
};

test('a standard queue loses nothing and delivers nothing that was deleted', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (history, reorder) => {
      const alive = new Set<string>();
      const deleted = new Set<string>();
      const latest = new Map<string, Delivery>();
      const run = new History({
        sent: (id) => alive.add(id),
        received: (delivery) => {
          expect(deleted.has(delivery.message.id)).toBe(false);
          latest.set(delivery.message.id, delivery);
        },
        deleted: (id, delivery) => {
          // By its latest receipt handle only: whoever has an older one has lost the message to another.
          expect(delivery).toBe(latest.get(id));
          alive.delete(id);
          deleted.add(id);
        },
      });
      const queue = await run.create('orders');
      run.faults.standardQueue({ reorder });
      await run.run(queue, history);
      expect(queue.visible + queue.inFlight + queue.delayed).toBe(alive.size);
      await run.drain(queue);
      expect([...alive]).toEqual([]);
    }),
    runs,
  );
});

test('a message is invisible for as long as its delay and its visibility timeout say', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      // What `hide` and `show` change is left out here.
      const plain = history.filter((step) => step.do !== 'hide' && step.do !== 'show');
      const hiddenUntil = new Map<string, number>();
      const run: History = new History({
        sent: (id, { delay }) => hiddenUntil.set(id, run.now + delay * 1000),
        received: ({ message }) => {
          expect(hiddenUntil.get(message.id) ?? 0).toBeLessThanOrEqual(run.now);
          hiddenUntil.set(message.id, message.schedule?.key ?? 0);
        },
      });
      await run.run(await run.create('orders'), plain);
    }),
    runs,
  );
});

test('with duplicates each message is delivered at least once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const missing = new Set<string>();
      const run = new History({
        sent: (id) => missing.add(id),
        received: ({ message }) => missing.delete(message.id),
      });
      const queue = await run.create('orders');
      run.faults.standardQueue({ duplicate: 0.3, reorder: true });
      await run.run(queue, history);
      await run.drain(queue);
      expect([...missing]).toEqual([]);
      expect(queue.visible + queue.inFlight).toBe(0);
    }),
    runs,
  );
});

test('a message is received no more often than the redrive policy allows, and is then in the dead-letter queue', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (history, fifo) => {
      const suffix = fifo ? '.fifo' : '';
      const type: Record<string, string> = fifo ? { FifoQueue: 'true' } : {};
      const alive = new Set<string>();
      const taken = new Set<string>();
      const run = new History({
        sent: (id) => {
          // An id that comes again is the answer to a duplicate: no message was taken in.
          if (!taken.has(id)) alive.add(id);
          taken.add(id);
        },
        received: ({ message, receiveCount }) => {
          if (message.details?.deadLetterSourceArn === undefined) {
            expect(receiveCount).toBeLessThanOrEqual(2);
          } else {
            expect(receiveCount).toBeGreaterThan(2);
          }
        },
        deleted: (id) => alive.delete(id),
      });
      const dlq = await run.create(`dlq${suffix}`, type);
      const queue = await run.create(`orders${suffix}`, {
        ...type,
        ...redriveTo(`dlq${suffix}`, 2),
      });
      await run.run(queue, history);
      await run.drain(queue);
      await run.drain(dlq);
      expect([...alive]).toEqual([]);
    }),
    runs,
  );
});

test('a FIFO queue loses nothing and delivers each group in order, nothing twice at a time and nothing after its deletion', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const groups = new Map<string, string[]>();
      const taken = new Set<string>();
      const groupOf = ({ message }: Delivery) => groups.get(message.details?.groupId ?? '') ?? [];
      const run: History = new History({
        sent: (id, { group }) => {
          if (taken.has(id)) return;
          taken.add(id);
          groups.set(group, [...(groups.get(group) ?? []), id]);
        },
        received: (delivery) => {
          // Everything before it in its group, and not deleted, is in flight: received with it.
          const ids = groupOf(delivery);
          const position = ids.indexOf(delivery.message.id);
          expect(position).toBeGreaterThanOrEqual(0);
          const inFlight = batch.filter((id) => ids.includes(id));
          expect(ids.slice(0, position)).toEqual(inFlight);
          batch.push(delivery.message.id);
        },
        deleted: (id) => {
          for (const [group, ids] of groups) {
            groups.set(
              group,
              ids.filter((item) => item !== id),
            );
          }
        },
      });
      let batch: string[] = [];
      const queue = await run.create('orders.fifo', { FifoQueue: 'true' });
      for (const step of history) {
        batch = [];
        await run.run(queue, [step]);
      }
      expect(queue.visible + queue.inFlight).toBe([...groups.values()].flat().length);
      batch = [];
      await run.drain(queue);
      expect([...groups.values()].flat()).toEqual([]);
    }),
    runs,
  );
});

test('within five minutes a FIFO queue takes one message of each deduplication id, or of each in a group', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (history, perGroup) => {
      const accepted = new Map<string, { id: string; at: number }>();
      const run: History = new History({
        sent: (id, { group, deduplicationId }) => {
          const key = perGroup ? `${group}/${deduplicationId}` : String(deduplicationId);
          const earlier = accepted.get(key);
          if (earlier && run.now < earlier.at + 300_000) {
            expect(id).toBe(earlier.id);
          } else {
            expect(id).not.toBe(earlier?.id);
            accepted.set(key, { id, at: run.now });
          }
        },
      });
      const queue = await run.create('orders.fifo', {
        FifoQueue: 'true',
        DeduplicationScope: perGroup ? 'messageGroup' : 'queue',
      });
      await run.run(queue, history);
    }),
    runs,
  );
});
