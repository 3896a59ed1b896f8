import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Clock } from 'cdk-decouple-emulator';
import type { Span } from '../shop/line-chart';
import { ReceivedOrders } from './received-orders';

/** What a consumer works with. */
export interface QueueConsumerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly clock: Clock;
  /** Emulated time at which the sale opened. */
  readonly opening: number;
  /** When it does nothing. @default - it always works */
  readonly pause?: Span | undefined;
}

/** A consumer of one queue: it takes ten messages at a time, and deletes them once it has them. */
export class QueueConsumer {
  readonly orders = new ReceivedOrders();
  private ended = false;

  constructor(private readonly options: QueueConsumerOptions) {}

  /** Lets it come to its end after what it is doing. */
  end(): void {
    this.ended = true;
  }

  async run(): Promise<void> {
    const { clock, opening, pause } = this.options;
    while (!this.ended) {
      const elapsed = clock.now() - opening;
      if (pause && elapsed >= pause.from && elapsed < pause.to) {
        await clock.sleep(pause.to - elapsed, 'consumer stopped');
      }
      await this.takeBatch();
    }
  }

  private async takeBatch(): Promise<void> {
    const { queueUrl: QueueUrl, sqs } = this.options;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
    );
    if (Messages.length === 0) return;
    for (const { Body = '' } of Messages) this.orders.take(Body);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }
}
