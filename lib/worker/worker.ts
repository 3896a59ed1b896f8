import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type SQSClient,
  type Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import type { BusyProtection } from './busy-protection';
import { FifoOrder } from './fifo-order';
import type { Message, MessageHandler } from './messages';
import type { WorkerLogger, WorkerSettings } from './options';
import { Poller } from './poller';

/** What a worker works with. */
export interface WorkerDependencies {
  readonly sqs: SQSClient;
  readonly logger: WorkerLogger;
  /** Undefined outside of an Auto Scaling group. */
  readonly protection: Pick<BusyProtection, 'set'> | undefined;
}

/** Works off a queue, from its start until it is stopped. */
export class Worker {
  private readonly leaving = new AbortController();
  private readonly order = new FifoOrder();
  private readonly isFifo: boolean;
  private pollers: readonly Poller[] = [];
  private inHand = 0;

  constructor(
    private readonly handler: MessageHandler,
    private readonly settings: WorkerSettings,
    private readonly dependencies: WorkerDependencies,
  ) {
    this.isFifo = settings.queueUrl.endsWith('.fifo');
  }

  /** Begins to receive. Throws if the queue cannot be asked for its visibility timeout, where none is given. */
  public async start(): Promise<void> {
    const { queueUrl, waitTime } = this.settings;
    const { logger, sqs } = this.dependencies;
    const visibilityTimeout = this.settings.visibilityTimeout ?? (await this.visibilityOfQueue());
    this.pollers = shares(this.settings).map(
      (batchSize) =>
        new Poller({
          sqs,
          queueUrl,
          batchSize,
          visibilityTimeout,
          waitTime,
          logger,
          handlers: { handleMessage: (message) => this.handle(message) },
          onEmpty: () => this.onEmpty(),
        }),
    );
    for (const poller of this.pollers) {
      poller.start();
    }
    logger.info('Working', { queueUrl, concurrency: this.settings.concurrency, visibilityTimeout });
  }

  /** Receives nothing more; resolves when what is in hand is done. */
  public async stop(): Promise<void> {
    this.leaving.abort();
    await Promise.all(this.pollers.map((poller) => poller.stop()));
  }

  /** Answers the message if it is to be deleted. */
  private async handle(raw: SqsMessage): Promise<SqsMessage | undefined> {
    const message = messageOf(raw);
    if (this.leaving.signal.aborted) {
      // It came in with the last request: somebody else can have it at once.
      await this.handBack(message, 0);
      return undefined;
    }
    this.inHand++;
    this.dependencies.protection?.set(true);
    try {
      return (await this.work(message)) ? raw : undefined;
    } finally {
      this.inHand--;
    }
  }

  private async work(message: Message): Promise<boolean> {
    const work = () => this.handler(message, { leaving: this.leaving.signal });
    const { retryAfter } = this.settings;
    try {
      if (!this.isFifo) {
        await work();
        return true;
      }
      if (await this.order.inTurn(message, work)) {
        return true;
      }
    } catch (error) {
      this.dependencies.logger.error('A message failed; it will be delivered again', {
        messageId: message.MessageId,
        receives: message.Attributes.ApproximateReceiveCount,
        error,
      });
    }
    if (retryAfter !== undefined) {
      await this.handBack(message, retryAfter);
    }
    return false;
  }

  private async handBack(message: Message, seconds: number): Promise<void> {
    try {
      await this.dependencies.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: this.settings.queueUrl,
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    } catch (error) {
      this.dependencies.logger.warn(
        'A message could not be handed back; it is hidden for its visibility timeout',
        { messageId: message.MessageId, error },
      );
    }
  }

  private onEmpty(): void {
    if (this.inHand === 0) {
      this.dependencies.protection?.set(false);
    }
  }

  private async visibilityOfQueue(): Promise<number> {
    const { Attributes } = await this.dependencies.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.settings.queueUrl,
        AttributeNames: ['VisibilityTimeout'],
      }),
    );
    const seconds = Number(Attributes?.VisibilityTimeout);
    if (!(seconds >= 3)) {
      throw new Error(
        `the visibility timeout of the queue is ${Attributes?.VisibilityTimeout} seconds, too short to keep a message hidden: make it longer, or give visibilityTimeout`,
      );
    }
    return seconds;
  }
}

/** How many messages each of the loops receives at a time, so that all of them together are as many as may be worked on. */
function shares({ batchSize, concurrency }: WorkerSettings): number[] {
  const loops = Math.ceil(concurrency / batchSize);
  return Array.from({ length: loops }, (_, index) => {
    const smallest = Math.floor(concurrency / loops);
    return index < concurrency % loops ? smallest + 1 : smallest;
  });
}

function messageOf({
  Attributes,
  Body,
  MessageAttributes = {},
  MessageId,
  ReceiptHandle,
}: SqsMessage): Message {
  return {
    MessageId: MessageId ?? '',
    ReceiptHandle: ReceiptHandle ?? '',
    Body: Body ?? '',
    Attributes: { ...Attributes },
    MessageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { BinaryValue, DataType, StringValue }]) => [
        name,
        { DataType: DataType ?? '', StringValue, BinaryValue },
      ]),
    ),
  };
}
