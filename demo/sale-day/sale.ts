import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { Emulator } from 'cdk-decouple-emulator';
import { SaleDayStack } from '../../bin/sale-day';
import { type Arrival, arrivalTimes, poisonMessages } from '../shop/arrivals';
import { clockRate, type DemoInput, minute, saleLength, saleTimeLimit } from '../shop/demo';
import type { Span } from '../shop/line-chart';
import { type Order, orderMessage } from '../shop/order';
import { SaleClock } from '../shop/sale-clock';
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
  const time = new SaleClock(aws.clock);
  const [lastOrderAt, samples] = await Promise.all([
    frontEnd.serve(arrivals, aws.clock, time.opening).then(() => time.elapsed),
    time.watch({
      every: sampleInterval,
      sample: () => look(sqs, queueUrl, database, frontEnd, time),
      line: ({ accepted, depth, written }) =>
        `${accepted} accepted, ${written} written, ${depth} waiting`,
      progress,
      isOver: (sample) => isDrained(sample, arrivals.length),
    }),
    stopDatabaseFor(aws, time, progress),
  ]);
  const emulatedTime = time.elapsed;
  const { realTime } = time;

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
    samples,
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
      deepestQueue: Math.max(...samples.map((sample) => sample.depth)),
      drainedAfter: emulatedTime - lastOrderAt,
      emulatedTime,
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
  time: SaleClock,
  progress: (line: string) => void,
): Promise<void> {
  const database = aws.faults.database();
  await time.at(outage.from);
  await database.stop();
  progress('the database has stopped');
  await time.at(outage.to);
  await database.start();
  progress('the database is back');
}

/** What is in the queue and in the database now. */
async function look(
  sqs: SQSClient,
  queueUrl: string,
  database: ShopDatabase,
  frontEnd: FrontEnd,
  time: SaleClock,
): Promise<Sample> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    at: time.elapsed,
    accepted: frontEnd.accepted.size,
    depth:
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    written: await database.count(),
  };
}

/**
 * Whether everything has been accepted and the queue is empty.
 *
 * @throws Error if it never will be.
 */
function isDrained({ accepted, at, depth }: Sample, arrivals: number): boolean {
  if (accepted === arrivals && depth === 0) return true;
  if (at > saleTimeLimit) {
    throw new Error(
      `the queue still holds ${depth} messages after ${saleTimeLimit / minute} emulated minutes`,
    );
  }
  return false;
}
