import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { Emulator } from 'cdk-decouple-emulator';
import { SaleDayStack } from '../../bin/sale-day';
import { type Arrival, arrivalTimes, poisonMessages } from '../shop/arrivals';
import { clockRate, type DemoInput, minute, saleLength, saleTimeLimit } from '../shop/demo';
import type { Span } from '../shop/line-chart';
import { type Order, orderMessage } from '../shop/order';
import type { Sample } from './chart';
import { takeDeadLetters } from './dead-letters';
import { FrontEnd } from './front-end';
import { duplicatesAbsorbed } from './function-metrics';
import type { SaleResult } from './report';
import { ShopDatabase } from './shop-database';

/** When the database stops, and comes back. */
export const outage: Span = { from: 6 * minute, to: 9 * minute };
/** Connections that the demonstration's database can spare. */
const smallDatabase = 2;
const sampleInterval = 10_000;

/** A sale that is over, with everything still running. */
export interface FinishedSale {
  readonly result: SaleResult;
  readonly samples: readonly Sample[];
  readonly aws: Emulator;
  readonly database: ShopDatabase;
}

/** Deploys the shop onto an emulator, runs the sale at 60 times real time, and counts what became of every order. */
export async function runSale(options: DemoInput): Promise<FinishedSale> {
  const { orders, seed, progress } = options;
  const aws = await Emulator.start({ clock: { rate: clockRate }, seed });
  progress('deploying the shop: a queue, a function and a database');
  const deployment = await aws.deploy(
    new SaleDayStack(new App(), 'SaleDay', { connectionBudget: smallDatabase }),
  );
  progress(`deployed ${deployment.summary()}`);
  const queueUrl = deployment.output('QueueUrl');
  const deadLetterQueueUrl = deployment.output('DeadLetterQueueUrl');
  const database = await ShopDatabase.open(aws, deployment.output('DatabaseSecretArn'));
  await database.migrate();
  aws.faults.standardQueue({ queue: queueUrl, duplicate: 0.05, reorder: true });

  const sqs = aws.client(SQSClient);
  const frontEnd = new FrontEnd(sqs, queueUrl);
  const arrivals = arrivalsOf(orders);
  progress(
    `the sale opens: ${orders.length} orders and ${poisonMessages.length} poison messages in ${saleLength / minute} minutes`,
  );
  const opening = aws.clock.now();
  const realOpening = performance.now();
  const watch = new Watch(aws, sqs, queueUrl, database, frontEnd, opening, progress);

  const [lastOrderAt] = await Promise.all([
    frontEnd.serve(arrivals, aws.clock, opening).then(() => aws.clock.now()),
    stopDatabaseFor(aws, opening, progress),
    watch.untilDrained(() => frontEnd.accepted.size === arrivals.length),
  ]);
  const drainedAt = aws.clock.now();
  const realTime = performance.now() - realOpening;

  const written = await database.written();
  const letters = await takeDeadLetters(sqs, deadLetterQueueUrl);
  const bodies = new Set(letters.map((letter) => letter.body));
  const deadLettered = new Map<string, number>();
  for (const { reason = 'received too often' } of letters) {
    deadLettered.set(reason, (deadLettered.get(reason) ?? 0) + 1);
  }
  return {
    aws,
    database,
    samples: watch.samples,
    result: {
      accepted: frontEnd.accepted.size,
      written: written.ids.size,
      acceptedPennies: orders.reduce((sum, order) => sum + order.pennies, 0n),
      writtenPennies: written.pennies,
      duplicatesAbsorbed: await duplicatesAbsorbed(aws),
      deadLettered,
      lost: arrivals
        .filter(
          ({ id, body }) => frontEnd.accepted.has(id) && !written.ids.has(id) && !bodies.has(body),
        )
        .map(({ id }) => id),
      deepestQueue: Math.max(...watch.samples.map((sample) => sample.depth)),
      drainedAfter: drainedAt - lastOrderAt,
      emulatedTime: drainedAt - opening,
      realTime,
    },
  };
}

/** Orders spread over the sale, with the poison messages in between. */
function arrivalsOf(orders: readonly Order[]): Arrival[] {
  const times = arrivalTimes(orders.length, saleLength);
  const arrivals: Arrival[] = orders.map((order, index) => ({
    at: times[index] ?? 0,
    body: orderMessage(order),
    id: order.orderId,
    poison: false,
  }));
  for (const [index, { id, body }] of poisonMessages.entries()) {
    const at = ((index + 1) / (poisonMessages.length + 1)) * saleLength;
    arrivals.push({ at, body, id, poison: true });
  }
  return arrivals.sort((a, b) => a.at - b.at);
}

async function stopDatabaseFor(
  aws: Emulator,
  opening: number,
  progress: (line: string) => void,
): Promise<void> {
  const database = aws.faults.database();
  await aws.clock.sleep(opening + outage.from - aws.clock.now(), 'outage begins');
  await database.stop();
  progress('the database has stopped');
  await aws.clock.sleep(opening + outage.to - aws.clock.now(), 'outage ends');
  await database.start();
  progress('the database is back');
}

/** Looks at the queue and the database every few emulated seconds. */
class Watch {
  readonly samples: Sample[] = [];

  constructor(
    private readonly aws: Emulator,
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly database: ShopDatabase,
    private readonly frontEnd: FrontEnd,
    private readonly opening: number,
    private readonly progress: (line: string) => void,
  ) {}

  /** Resolves when everything has been accepted and the queue is empty. */
  async untilDrained(allAccepted: () => boolean): Promise<void> {
    let nextLine = 0;
    for (;;) {
      const sample = await this.sample();
      this.samples.push(sample);
      if (sample.at >= nextLine) {
        this.progress(
          `minute ${Math.round(sample.at / minute)}: ${sample.accepted} accepted, ${sample.written} written, ${sample.depth} waiting`,
        );
        nextLine = sample.at + 2 * minute;
      }
      if (allAccepted() && sample.depth === 0) return;
      if (sample.at > saleTimeLimit) {
        throw new Error(
          `the queue still holds ${sample.depth} messages after ${saleTimeLimit / minute} emulated minutes`,
        );
      }
      await this.aws.clock.sleep(sampleInterval, 'sample');
    }
  }

  private async sample(): Promise<Sample> {
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      at: this.aws.clock.now() - this.opening,
      accepted: this.frontEnd.accepted.size,
      depth:
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      written: await this.database.count(),
    };
  }
}
