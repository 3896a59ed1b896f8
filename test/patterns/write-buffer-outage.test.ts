import { Duration } from 'aws-cdk-lib';
import { Shop, testOrders } from './shop';

describe('a write buffer whose database is down', () => {
  test('keeps every order for six hours, and fills no dead-letter queue', async () => {
    const shop = await Shop.open();
    await shop.sendOrders(testOrders(50));
    await shop.drain();
    await shop.aws.faults.database().stop();
    await shop.sendOrders(testOrders(100).slice(50));
    await shop.aws.clock.advance(Duration.hours(6));
    expect(await shop.depth()).toBe(50);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
    await shop.aws.faults.database().start();
    await shop.drain();
    expect(await shop.rowCount()).toBe(100);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
    await shop.close();
  }, 60_000);

  test('loses nothing when the database is killed in the middle of it', async () => {
    const shop = await Shop.open();
    await shop.sendOrders(testOrders(200));
    await shop.aws.clock.settle();
    await shop.aws.faults.database().kill();
    await shop.aws.clock.advance(Duration.minutes(10));
    await shop.aws.faults.database().start();
    await shop.drain();
    expect(await shop.rowCount()).toBe(200);
    expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(0);
    await shop.close();
  }, 60_000);
});
