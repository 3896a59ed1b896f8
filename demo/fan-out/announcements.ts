import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { OrderAnnouncementsStack } from '../../bin/order-announcements';
import { clockRate, type DemoInput, minute, saleLength } from '../shop/demo';
import { serveArrivals } from '../shop/serve-arrivals';
import { announcementsOf } from './announcement';
import { Announcer } from './announcer';
import { ArchiveEndpoint } from './archive-endpoint';
import type { Sample } from './chart';
import { archiveOutage, brokenPolicy, loyaltyPause, sendingOn } from './outages';
import { QueueConsumer } from './queue-consumer';
import { lockOutSns } from './queue-policy';
import type { ReceivedOrders } from './received-orders';
import type { AnnouncementsResult, SubscriberResult } from './report';
import { sendOn } from './send-on';
import { type SubscriberName, subscribers, wantedBy } from './subscribers';

const sampleInterval = 10_000;
/** What has not come so long after the last order never will: SNS tries an endpoint for an hour at most. */
const patience = 65 * minute;
/** Hops that the journal needs for an order on its way to every subscriber, duplicates and retries included. */
const hopsPerOrder = 60;

/** The announcements of a sale that is over, with everything still running. */
export interface FinishedAnnouncements {
  readonly result: AnnouncementsResult;
  readonly samples: readonly Sample[];
  readonly aws: Emulator;
  readonly archive: ArchiveEndpoint;
}

/** Deploys the topic and what is subscribed to it, announces every order at 60 times real time, and counts what became of it. */
export async function runAnnouncements(input: DemoInput): Promise<FinishedAnnouncements> {
  const { orders, progress, seed } = input;
  const aws = await Emulator.start({
    clock: { rate: clockRate },
    seed,
    journalSize: orders.length * hopsPerOrder,
  });
  const archive = await ArchiveEndpoint.start();
  progress('deploying a topic, three queues and the subscription of an archive');
  const deployment = await aws.deploy(
    new OrderAnnouncementsStack(new App(), 'OrderAnnouncements', { archiveUrl: archive.url }),
  );
  await archive.confirmed;
  progress(`deployed ${deployment.summary()}`);
  const sale = new AnnouncedSale(aws, deployment, archive, input);
  return { aws, archive, result: await sale.run(), samples: sale.samples };
}

/** One sale from its opening to the last delivery. */
class AnnouncedSale {
  readonly samples: Sample[] = [];
  private readonly sqs: SQSClient;
  private readonly announcer: Announcer;
  private readonly opening: number;
  private readonly consumers: Readonly<Record<Exclude<SubscriberName, 'archive'>, QueueConsumer>>;
  private sentAgain = 0;

  constructor(
    private readonly aws: Emulator,
    private readonly deployment: Deployment,
    private readonly archive: ArchiveEndpoint,
    private readonly input: DemoInput,
  ) {
    this.sqs = aws.client(SQSClient);
    this.announcer = new Announcer(aws.client(SNSClient), deployment.output('TopicArn'));
    this.opening = aws.clock.now();
    const consumer = (queue: string, pause?: typeof loyaltyPause): QueueConsumer => {
      const queueUrl = deployment.output(`${queue}QueueUrl`);
      aws.faults.standardQueue({ queue: queueUrl, duplicate: 0.05, reorder: true });
      const { opening, sqs } = this;
      return new QueueConsumer({ sqs, queueUrl, clock: aws.clock, opening, pause });
    };
    this.consumers = {
      invoices: consumer('Invoices'),
      parcels: consumer('Parcels'),
      loyalty: consumer('Loyalty', loyaltyPause),
    };
  }

  async run(): Promise<AnnouncementsResult> {
    const { clock } = this.aws;
    const { orders, progress, seed } = this.input;
    progress(`the sale opens: ${orders.length} orders in ${saleLength / minute} minutes`);
    const realOpening = performance.now();
    const consumers = Object.values(this.consumers);
    const announcements = announcementsOf(orders, seed);
    let lastOrderAt: number | undefined;
    await Promise.all([
      serveArrivals(announcements, clock, this.opening, (batch) =>
        this.announcer.publish(batch),
      ).then(() => {
        lastOrderAt = clock.now();
      }),
      this.stopArchive(),
      this.breakPolicy(),
      ...consumers.map((consumer) => consumer.run()),
      this.watch(() => lastOrderAt).then(() => {
        for (const consumer of consumers) consumer.end();
      }),
    ]);
    const { at: emulatedTime = 0 } = this.samples.at(-1) ?? {};
    return {
      published: this.announcer.published.size,
      subscribers: {
        invoices: this.resultOf('invoices'),
        parcels: this.resultOf('parcels'),
        loyalty: this.resultOf('loyalty'),
        archive: this.resultOf('archive'),
      },
      filteredOut: this.aws.journal.hops({ kind: 'filtered-out' }).length,
      deadLettered: this.aws.journal
        .hops({ kind: 'dead-lettered' })
        .filter(({ detail }) => detail?.subscription !== undefined).length,
      sentAgain: this.sentAgain,
      refusedByArchive: this.archive.refusedDeliveries,
      deliveredAfter: this.opening + emulatedTime - (lastOrderAt ?? this.opening),
      emulatedTime,
      realTime: performance.now() - realOpening,
    };
  }

  private async stopArchive(): Promise<void> {
    await this.at(archiveOutage.from);
    this.archive.down = true;
    this.input.progress('the archive has stopped');
    await this.at(archiveOutage.to);
    this.archive.down = false;
    this.input.progress('the archive is back');
  }

  private async breakPolicy(): Promise<void> {
    const to = this.deployment.output('InvoicesQueueUrl');
    await this.at(brokenPolicy.from);
    const restore = await lockOutSns(this.sqs, to);
    this.input.progress("the policy of the invoices' queue is broken");
    await this.at(brokenPolicy.to);
    await restore();
    this.input.progress("the policy of the invoices' queue is mended");
    await this.at(sendingOn);
    const from = this.deployment.output('InvoicesUndeliveredQueueUrl');
    this.sentAgain = await sendOn(this.sqs, { from, to });
    this.input.progress(`${this.sentAgain} messages were dead-lettered, and are sent on`);
  }

  /** Resolves when every subscriber has all that it wants and no copy of it waits any more, or nothing comes any more. */
  private async watch(lastOrderAt: () => number | undefined): Promise<void> {
    const { clock } = this.aws;
    let nextLine = 0;
    for (;;) {
      const sample = this.sample();
      this.samples.push(sample);
      const waiting = Object.values(sample.waiting).reduce((sum, orders) => sum + orders, 0);
      if (sample.at >= nextLine) {
        this.input.progress(
          `minute ${Math.round(sample.at / minute)}: ${sample.published} published, ${waiting} deliveries to come`,
        );
        nextLine = sample.at + 2 * minute;
      }
      const last = lastOrderAt();
      if (last !== undefined) {
        if (waiting === 0 && (await this.queued()) === 0) return;
        if (clock.now() - last > patience) return;
      }
      await clock.sleep(sampleInterval, 'sample');
    }
  }

  private sample(): Sample {
    const { published } = this.announcer;
    const kinds = [...published.values()];
    const delivered = (name: SubscriberName) => this.ordersOf(name).ids.size;
    const waiting = (name: SubscriberName) =>
      kinds.filter((kind) => subscribers[name](kind)).length - delivered(name);
    const ofEach = (value: (name: SubscriberName) => number) => ({
      invoices: value('invoices'),
      parcels: value('parcels'),
      loyalty: value('loyalty'),
      archive: value('archive'),
    });
    return {
      at: this.aws.clock.now() - this.opening,
      published: published.size,
      delivered: ofEach(delivered),
      waiting: ofEach(waiting),
    };
  }

  /** Messages in the three queues, in flight ones included. */
  private async queued(): Promise<number> {
    let sum = 0;
    for (const queue of ['Invoices', 'Parcels', 'Loyalty']) {
      const { Attributes = {} } = await this.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: this.deployment.output(`${queue}QueueUrl`),
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      sum +=
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    }
    return sum;
  }

  private ordersOf(name: SubscriberName): ReceivedOrders {
    return name === 'archive' ? this.archive.orders : this.consumers[name].orders;
  }

  private resultOf(name: SubscriberName): SubscriberResult {
    const { duplicatesAbsorbed, ids } = this.ordersOf(name);
    return {
      delivered: ids.size,
      duplicatesAbsorbed,
      lost: wantedBy(name, this.announcer.published).filter((id) => !ids.has(id)),
    };
  }

  private at(moment: number): Promise<void> {
    const { clock } = this.aws;
    return clock.sleep(Math.max(0, this.opening + moment - clock.now()), 'next outage');
  }
}
