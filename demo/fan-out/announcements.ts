import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { OrderAnnouncementsStack } from '../../bin/order-announcements';
import { clockRate, type DemoInput, minute, saleLength } from '../shop/demo';
import { SaleClock } from '../shop/sale-clock';
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
  return { aws, archive, ...(await sale.run()) };
}

/** One sale from its opening to the last delivery. */
class AnnouncedSale {
  private readonly sqs: SQSClient;
  private readonly announcer: Announcer;
  private readonly time: SaleClock;
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
    this.time = new SaleClock(aws.clock);
    const consumer = (queue: string, pause?: typeof loyaltyPause): QueueConsumer => {
      const queueUrl = deployment.output(`${queue}QueueUrl`);
      aws.faults.standardQueue({ queue: queueUrl, duplicate: 0.05, reorder: true });
      const {
        sqs,
        time: { opening },
      } = this;
      return new QueueConsumer({ sqs, queueUrl, clock: aws.clock, opening, pause });
    };
    this.consumers = {
      invoices: consumer('Invoices'),
      parcels: consumer('Parcels'),
      loyalty: consumer('Loyalty', loyaltyPause),
    };
  }

  async run(): Promise<Pick<FinishedAnnouncements, 'result' | 'samples'>> {
    const { clock, opening } = this.time;
    const { orders, progress, seed } = this.input;
    progress(`the sale opens: ${orders.length} orders in ${saleLength / minute} minutes`);
    const consumers = Object.values(this.consumers);
    const announcements = announcementsOf(orders, seed);
    let lastOrderAt: number | undefined;
    const [samples] = await Promise.all([
      this.watch(() => lastOrderAt).finally(() => {
        for (const consumer of consumers) consumer.end();
      }),
      serveArrivals(announcements, clock, opening, (batch) => this.announcer.publish(batch)).then(
        () => {
          lastOrderAt = clock.now();
        },
      ),
      this.stopArchive(),
      this.breakPolicy(),
      ...consumers.map((consumer) => consumer.run()),
    ]);
    const { at: emulatedTime = 0 } = samples.at(-1) ?? {};
    const result = {
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
      deliveredAfter: opening + emulatedTime - (lastOrderAt ?? opening),
      emulatedTime,
      realTime: this.time.realTime,
    };
    return { result, samples };
  }

  private async stopArchive(): Promise<void> {
    await this.time.at(archiveOutage.from);
    this.archive.down = true;
    this.input.progress('the archive has stopped');
    await this.time.at(archiveOutage.to);
    this.archive.down = false;
    this.input.progress('the archive is back');
  }

  private async breakPolicy(): Promise<void> {
    const to = this.deployment.output('InvoicesQueueUrl');
    await this.time.at(brokenPolicy.from);
    const restore = await lockOutSns(this.sqs, to);
    this.input.progress("the policy of the invoices' queue is broken");
    await this.time.at(brokenPolicy.to);
    await restore();
    this.input.progress("the policy of the invoices' queue is mended");
    await this.time.at(sendingOn);
    const from = this.deployment.output('InvoicesUndeliveredQueueUrl');
    this.sentAgain = await sendOn(this.sqs, { from, to });
    this.input.progress(`${this.sentAgain} messages were dead-lettered, and are sent on`);
  }

  /** Resolves when every subscriber has all that it wants and no copy of it waits any more, or nothing comes any more. */
  private watch(lastOrderAt: () => number | undefined): Promise<Sample[]> {
    const waitingIn = ({ waiting }: Sample) =>
      Object.values(waiting).reduce((sum, orders) => sum + orders, 0);
    return this.time.watch({
      every: sampleInterval,
      sample: () => this.sample(),
      line: (sample) => `${sample.published} published, ${waitingIn(sample)} deliveries to come`,
      progress: this.input.progress,
      isOver: async (sample) => {
        const last = lastOrderAt();
        if (last === undefined) return false;
        if (waitingIn(sample) === 0 && (await this.queued()) === 0) return true;
        return this.time.clock.now() - last > patience;
      },
    });
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
      at: this.time.elapsed,
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
}
