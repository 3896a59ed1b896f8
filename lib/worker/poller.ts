import type { SQSClient, Message as SqsMessage } from '@aws-sdk/client-sqs';
import { Consumer, type ConsumerOptions } from 'sqs-consumer';
import type { WorkerLogger } from './options';

const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/** What a poller works with. */
export interface PollerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly batchSize: number;
  readonly visibilityTimeout: number;
  readonly waitTime: number;
  readonly logger: Pick<WorkerLogger, 'warn' | 'error'>;
  /** Message by message, or all that were received at a time; what it answers is deleted. */
  readonly handlers:
    | Pick<ConsumerOptions, 'handleMessage'>
    | Pick<ConsumerOptions, 'handleMessageBatch'>;
  /** Told when a request has waited for messages in vain. */
  readonly onEmpty: () => void;
}

/**
 * One of the loops that receive messages, hand them over and delete what was done.
 *
 * Around sqs-consumer, which has the loop, the heartbeat and the deletion. This adds a pause that grows while SQS cannot be reached, and
 * a way to stop that interrupts a request that waits for messages, but none that deletes them.
 */
export class Poller {
  private readonly consumer: Consumer;
  private isReceiving = false;
  private isStopped = false;
  private pause = 0;
  private endPause: () => void = () => {};
  private onRest: () => void = () => {};

  constructor(private readonly options: PollerOptions) {
    const { batchSize, handlers, onEmpty, queueUrl, sqs, visibilityTimeout, waitTime } = options;
    this.consumer = Consumer.create({
      ...handlers,
      queueUrl,
      sqs,
      batchSize,
      visibilityTimeout,
      heartbeatInterval: Math.floor(visibilityTimeout / 3),
      waitTimeSeconds: waitTime,
      messageAttributeNames: ['All'],
      messageSystemAttributeNames: ['All'],
      preReceiveMessageCallback: () => this.beforeReceive(),
      postReceiveMessageCallback: async () => {
        this.isReceiving = false;
        this.pause = 0;
      },
      // Order within a group is kept by who handles the messages.
      suppressFifoWarning: true,
    });
    this.consumer.on('empty', onEmpty);
    this.consumer.on('error', (error, message) => this.onError(error, message));
    for (const event of ['empty', 'error', 'response_processed'] as const) {
      // The consumer is at rest once its listeners have been called.
      this.consumer.on(event, () => setImmediate(() => this.onRest()));
    }
  }

  public start(): void {
    this.consumer.start();
  }

  /** Begins nothing new; resolves when what was begun is done. */
  public async stop(): Promise<void> {
    this.isStopped = true;
    this.endPause();
    const rest = new Promise<void>((resolve) => {
      this.onRest = () => {
        if (!this.consumer.status.isPolling) {
          resolve();
        }
      };
    });
    // Aborting ends every request, but one that receives is the only one then: the loop either receives or works.
    this.consumer.stop({ abort: this.isReceiving });
    this.onRest();
    await rest;
  }

  private async beforeReceive(): Promise<void> {
    if (this.pause > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.pause);
        this.endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.isStopped) {
      throw new Error('stopped');
    }
    this.isReceiving = true;
  }

  private onError(error: Error, message: SqsMessage | SqsMessage[] | undefined): void {
    if (message !== undefined) {
      const messageIds = [message].flat().map(({ MessageId }) => MessageId);
      this.options.logger.error(
        'A message could not be deleted or kept hidden; it may be delivered again',
        { messageIds, error },
      );
      return;
    }
    this.isReceiving = false;
    if (this.isStopped) {
      return;
    }
    this.pause = Math.min(
      LONGEST_PAUSE_MILLISECONDS,
      Math.max(FIRST_PAUSE_MILLISECONDS, this.pause * 2),
    );
    this.options.logger.warn('No messages could be received', {
      error,
      retryInMilliseconds: this.pause,
    });
  }
}
