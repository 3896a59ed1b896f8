import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { App, Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { OrderAnnouncementsStack } from '../../bin/order-announcements';
import { announcementsOf } from '../../demo/fan-out/announcement';
import { Announcer } from '../../demo/fan-out/announcer';
import { ArchiveEndpoint } from '../../demo/fan-out/archive-endpoint';
import { QueueConsumer } from '../../demo/fan-out/queue-consumer';
import { lockOutSns } from '../../demo/fan-out/queue-policy';
import { announcementsTable, lostIn } from '../../demo/fan-out/report';
import { sendOn } from '../../demo/fan-out/send-on';
import { type SubscriberName, wantedBy } from '../../demo/fan-out/subscribers';
import { generateOrders } from '../../demo/shop/arrivals';

const seed = 1;
const announcements = announcementsOf(generateOrders(20, seed), seed);

describe('the announcements on the emulator', () => {
  let aws: Emulator<ManualClock>;
  let archive: ArchiveEndpoint;
  let deployment: Deployment;
  let sqs: SQSClient;
  let announcer: Announcer;

  beforeAll(async () => {
    aws = await Emulator.start({ clock: 'manual' });
    archive = await ArchiveEndpoint.start();
    deployment = await aws.deploy(
      new OrderAnnouncementsStack(new App(), 'Announcements', { archiveUrl: archive.url }),
    );
    await aws.clock.settle();
    await archive.confirmed;
    sqs = aws.client(SQSClient);
    announcer = new Announcer(aws.client(SNSClient), deployment.output('TopicArn'));
  });
  afterAll(async () => {
    await archive.stop();
    await aws.stop();
  });

  const urlOf = (queue: string) => deployment.output(`${queue}QueueUrl`);

  /** Ids of the orders that a queue holds. */
  async function idsIn(queue: string): Promise<string[]> {
    const consumer = new QueueConsumer({
      sqs,
      queueUrl: urlOf(queue),
      clock: aws.clock,
      opening: aws.clock.now(),
    });
    const running = consumer.run();
    await aws.clock.advance(Duration.minutes(1));
    consumer.end();
    await aws.clock.advance(Duration.minutes(1));
    await running;
    return [...consumer.orders.ids].sort();
  }
  const wanted = (name: SubscriberName) => wantedBy(name, announcer.published).sort();

  test('what a queue misses while its policy is broken is sent on, and the others miss nothing', async () => {
    const restore = await lockOutSns(sqs, urlOf('Invoices'));
    archive.down = true;
    await announcer.publish(announcements.slice(0, 10));
    await aws.clock.advance(Duration.minutes(1));
    await restore();
    archive.down = false;
    await announcer.publish(announcements.slice(10));
    await aws.clock.advance(Duration.minutes(5));
    expect(announcer.published.size).toBe(20);

    const route = { from: urlOf('InvoicesUndelivered'), to: urlOf('Invoices') };
    expect(await sendOn(sqs, route)).toBe(10);
    expect(await sendOn(sqs, route)).toBe(0);
    expect(await idsIn('Invoices')).toEqual(wanted('invoices'));
    expect(await idsIn('Parcels')).toEqual(wanted('parcels'));
    expect(await idsIn('Loyalty')).toEqual(wanted('loyalty'));
    expect(wanted('parcels').length).toBeLessThan(wanted('loyalty').length);
    expect(archive.refusedDeliveries).toBeGreaterThanOrEqual(10);
    expect([...archive.orders.ids].sort()).toEqual(wanted('archive'));
  });
});

test('the table and the list of what was lost name the subscriber', () => {
  const whole = { delivered: 2, duplicatesAbsorbed: 1, lost: [] };
  const result = {
    published: 2,
    subscribers: {
      invoices: whole,
      parcels: { ...whole, delivered: 1, lost: ['S-000002'] },
      loyalty: whole,
      archive: whole,
    },
    filteredOut: 3,
    deadLettered: 5,
    sentAgain: 4,
    refusedByArchive: 6,
    deliveredAfter: 1_000,
    emulatedTime: 60_000,
    realTime: 1_000,
  };
  expect(lostIn(result)).toEqual(['parcels/S-000002']);
  const table = announcementsTable(result);
  expect(table).toMatch(/^ {2}duplicates absorbed +4$/m);
  expect(table).toMatch(/^ {2}dead-lettered +5 \(sent again: 4\)$/m);
  expect(table).toMatch(/^ {2}lost +1$/m);
});
