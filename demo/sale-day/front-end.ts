import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from 'cdk-decouple-emulator';
import type { Arrival } from './arrivals';

const largestBatch = 10;
/** How often the front end passes on what has arrived, in emulated milliseconds. */
const interval = 1_500;

/** The enqueuing tier: it writes each order to the queue and never to the database. */
export class FrontEnd {
  private readonly acceptedIds = new Set<string>();

  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Ids of everything that the queue has taken in. */
  get accepted(): ReadonlySet<string> {
    return this.acceptedIds;
  }

  /** Enqueues each arrival when its time has come, counted from `opening`. */
  async serve(arrivals: readonly Arrival[], clock: Clock, opening: number): Promise<void> {
    let next = 0;
    while (next < arrivals.length) {
      const elapsed = clock.now() - opening;
      const due: Arrival[] = [];
      for (
        let arrival = arrivals[next];
        arrival && arrival.at <= elapsed;
        arrival = arrivals[next]
      ) {
        due.push(arrival);
        next += 1;
      }
      for (let i = 0; i < due.length; i += largestBatch)
        await this.enqueue(due.slice(i, i + largestBatch));
      const waiting = arrivals[next];
      if (waiting) {
        await clock.sleep(Math.max(interval, waiting.at - (clock.now() - opening)), 'next orders');
      }
    }
  }

  private async enqueue(batch: readonly Arrival[]): Promise<void> {
    const { Failed = [] } = await this.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: batch.map((arrival, index) => ({ Id: String(index), MessageBody: arrival.body })),
      }),
    );
    const refused = new Set(Failed.map((entry) => entry.Id));
    for (const [index, arrival] of batch.entries()) {
      if (!refused.has(String(index))) this.acceptedIds.add(arrival.id);
    }
  }
}
