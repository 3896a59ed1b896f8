import { ReceiveMessageCommand, SQSClient, type Message as SqsMessage } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import {
  type Message,
  type MessageContext,
  type MessageHandler,
  runWorker,
  type WorkerOptions,
} from 'cdk-decouple/worker';

export const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs';

/** What was logged, as the level and the text of each line. */
export class Log {
  readonly lines: string[] = [];
  readonly details: unknown[] = [];
  readonly info = (text: string, details?: unknown) => this.add('info', text, details);
  readonly warn = (text: string, details?: unknown) => this.add('warn', text, details);
  readonly error = (text: string, details?: unknown) => this.add('error', text, details);

  private add(level: string, text: string, details: unknown): void {
    this.lines.push(`${level}: ${text}`);
    this.details.push(details);
  }
}

export function message(id: string, group?: string): SqsMessage {
  return {
    MessageId: id,
    ReceiptHandle: `handle-of-${id}`,
    Body: `body of ${id}`,
    Attributes: { ApproximateReceiveCount: '1', ...(group && { MessageGroupId: group }) },
  };
}

/** SQS that delivers these batches, one for each request, and then nothing. */
export function sqsWith(...batches: SqsMessage[][]) {
  const sqs = mockClient(SQSClient);
  sqs.onAnyCommand().resolves({});
  sqs.on(ReceiveMessageCommand).callsFake(async () => {
    const Messages = batches.shift();
    // A request that waits in vain takes a while, and gives others their turn.
    if (Messages === undefined) await new Promise((resolve) => setImmediate(resolve));
    return { Messages };
  });
  return sqs;
}

/** Runs a worker until it is told to stop, or until as many messages have been handled. */
export function run(
  handler: MessageHandler,
  { handled = Number.POSITIVE_INFINITY, ...options }: WorkerOptions & { handled?: number } = {},
): { done: Promise<void>; stop: () => void; log: Log } {
  const log = new Log();
  const own = new AbortController();
  const stop = () => own.abort();
  let count = 0;
  const counting: MessageHandler = async (received: Message, context) => {
    try {
      await handler(received, context);
    } finally {
      count += 1;
      if (count === handled) stop();
    }
  };
  const done = runWorker(counting, {
    queueUrl,
    visibilityTimeout: 30,
    signal: own.signal,
    logger: log,
    ...options,
  });
  return { done, stop, log };
}

/** A handler whose one message takes until it is told to finish. */
export class Job {
  readonly begun: Promise<MessageContext>;
  finish: () => void = () => {};
  private begin: (context: MessageContext) => void = () => {};

  constructor() {
    this.begun = new Promise((resolve) => {
      this.begin = resolve;
    });
  }

  readonly handler: MessageHandler = (_message, context) =>
    new Promise((resolve) => {
      this.finish = resolve;
      this.begin(context);
    });
}
