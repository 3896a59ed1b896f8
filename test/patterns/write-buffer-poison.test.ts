import { ListQueuesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { everyRunAlike } from './every-run-alike';
import { testOrders } from './shop';

describe('messages that can never be written', () => {
  const poison = [
    'not JSON at all',
    JSON.stringify({ orderId: 'no-amount', position: 1 }),
    JSON.stringify({ orderId: 'negative', position: 2, amount: '-1' }),
    JSON.stringify({ orderId: 'no-number', position: 3, amount: 'a lot' }),
  ];

  everyRunAlike(
    'go to the dead-letter queue at once, with the reason, and hold nobody up',
    {},
    async (shop) => {
      const good = testOrders(20).map((order) => JSON.stringify(order));
      await shop.sendBodies([...good.slice(0, 7), ...poison, ...good.slice(7)]);
      await shop.aws.clock.settle();
      expect(await shop.depth()).toBe(0);
      expect(await shop.rowCount()).toBe(20);

      const letters = await shop.receiveAll(shop.deadLetterQueueUrl());
      expect(letters.map((letter) => letter.Body).sort()).toEqual([...poison].sort());
      for (const letter of letters) {
        expect(letter.MessageAttributes?.FailureReason?.StringValue).toMatch(/\S/);
      }
    },
  );

  everyRunAlike(
    'are written when they are redriven after the table has been mended',
    {},
    async (shop) => {
      await shop.sendBodies([JSON.stringify({ orderId: 'refund', position: 1, amount: '-1' })]);
      await shop.aws.clock.settle();
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(1);

      await shop.query('ALTER TABLE orders DROP CONSTRAINT orders_amount_check');
      const { QueueUrls = [] } = await shop.sqs.send(new ListQueuesCommand({}));
      expect(QueueUrls).toHaveLength(2);
      await shop.sqs.send(
        new StartMessageMoveTaskCommand({
          SourceArn: queueArn(shop.deadLetterQueueUrl()),
          DestinationArn: queueArn(shop.queueUrl()),
        }),
      );
      await shop.aws.clock.advance(60_000);
      expect(await shop.rowCount()).toBe(1);
      expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
      expect(await shop.depth()).toBe(0);
    },
  );
});

function queueArn(url: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${url.split('/').at(-1)}`;
}
