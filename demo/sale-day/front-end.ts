import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from 'cdk-decouple-emulator';
import type { Arrival } from '../shop/arrivals';
import { serveArrivals } from '../shop/serve-arrivals';

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
  serve(arrivals: readonly Arrival[], clock: Clock, opening: number): Promise<void> {
    return serveArrivals(arrivals, clock, opening, (batch) => this.enqueue(batch));
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
