import { ListQueuesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { onEveryStore } from './every-run-alike';
import { testOrders } from './shop';

describe('messages that can never be written', () => {
  onEveryStore(
    'go to the dead-letter queue at once, with the reason, and hold nobody up',
    {},
    async (shop) => {
      const { poison } = shop.store;
      const good = testOrders(20).map((order) => JSON.stringify(order));
      await shop.sendBodies([...good.slice(0, 7), ...poison, ...good.slice(7)]);
      await shop.aws.clock.settle();
      expect(await shop.depth()).toBe(0);
      expect(await shop.store.rowCount()).toBe(20);

      const letters = await shop.receiveAll(shop.deadLetterQueueUrl());
      expect(letters.map((letter) => letter.Body).sort()).toEqual([...poison].sort());
      for (const letter of letters) {
        expect(letter.MessageAttributes?.FailureReason?.StringValue).toMatch(/\S/);
      }
    },
  );

  onEveryStore(
    'are written when they are redriven after the table, or the sink, has been mended',
    {},
    async (shop) => {
      await shop.sendBodies([shop.store.repairable]);
      await shop.aws.clock.settle();
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(1);

      await shop.store.repair();
      const { QueueUrls = [] } = await shop.sqs.send(new ListQueuesCommand({}));
      expect(QueueUrls).toHaveLength(2);
      await shop.sqs.send(
        new StartMessageMoveTaskCommand({
          SourceArn: queueArn(shop.deadLetterQueueUrl()),
          DestinationArn: queueArn(shop.queueUrl()),
        }),
      );
      await shop.aws.clock.advance(60_000);
      expect(await shop.store.rowCount()).toBe(1);
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
      expect(await shop.depth()).toBe(0);
    },
  );
});

function queueArn(url: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${url.split('/').at(-1)}`;
}
