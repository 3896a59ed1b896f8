import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type SQSClient,
  type Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import type { BusyProtection } from './busy-protection';
import { FifoOrder } from './fifo-order';
import type { BatchHandler, Message, MessageHandler, Work } from './messages';
import type { WorkerLogger, WorkerSettings } from './options';
import { Poller, type PollerOptions } from './poller';

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
    private readonly work: Work,
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
          handlers: this.handlers(),
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

  private handlers(): PollerOptions['handlers'] {
    const { work } = this;
    return 'each' in work
      ? { handleMessage: (message) => this.handle(message, work.each) }
      : { handleMessageBatch: (messages) => this.handleBatch(messages, work.batch) };
  }

  /** Answers the message if it is to be deleted. */
  private async handle(raw: SqsMessage, handler: MessageHandler): Promise<SqsMessage | undefined> {
    const message = messageOf(raw);
    return this.holding([message], async () =>
      (await this.tryOne(message, handler)) ? raw : undefined,
    );
  }

  /** Answers the messages that are to be deleted. */
  private async handleBatch(raw: SqsMessage[], handler: BatchHandler): Promise<SqsMessage[]> {
    const messages = raw.map(messageOf);
    const done = await this.holding(messages, async () => {
      const failed = await this.tryBatch(messages, handler);
      return raw.filter(({ MessageId = '' }) => !failed.has(MessageId));
    });
    return done ?? [];
  }

  /** Runs `work`, unless the worker is leaving: what came in with the last request somebody else can have at once. */
  private async holding<T>(
    messages: readonly Message[],
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    if (this.leaving.signal.aborted) {
      await this.handBack(messages, 0);
      return undefined;
    }
    this.inHand += messages.length;
    this.dependencies.protection?.set(true);
    try {
      return await work();
    } finally {
      this.inHand -= messages.length;
    }
  }

  private async tryOne(message: Message, handler: MessageHandler): Promise<boolean> {
    const work = () => handler(message, { leaving: this.leaving.signal });
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
    await this.delayRetry([message]);
    return false;
  }

  private async tryBatch(
    messages: readonly Message[],
    handler: BatchHandler,
  ): Promise<ReadonlySet<string>> {
    let failed: ReadonlySet<string> = new Set(messages.map(({ MessageId }) => MessageId));
    try {
      failed = await handler(messages);
    } catch (error) {
      this.dependencies.logger.error('Messages failed; they will be delivered again', {
        messageIds: [...failed],
        error,
      });
    }
    await this.delayRetry(messages.filter(({ MessageId }) => failed.has(MessageId)));
    return failed;
  }

  private async delayRetry(messages: readonly Message[]): Promise<void> {
    const { retryAfter } = this.settings;
    if (retryAfter !== undefined) {
      await this.handBack(messages, retryAfter);
    }
  }

  private async handBack(messages: readonly Message[], seconds: number): Promise<void> {
    const { logger, sqs } = this.dependencies;
    await Promise.all(
      messages.map(async ({ MessageId, ReceiptHandle }) => {
        try {
          await sqs.send(
            new ChangeMessageVisibilityCommand({
              QueueUrl: this.settings.queueUrl,
              ReceiptHandle,
              VisibilityTimeout: seconds,
            }),
          );
        } catch (error) {
          logger.warn(
            'A message could not be handed back; it is hidden for its visibility timeout',
            {
              messageId: MessageId,
              error,
            },
          );
        }
      }),
    );
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
