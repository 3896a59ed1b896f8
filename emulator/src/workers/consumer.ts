import { milliseconds, type TimeSpan } from '../clock/clock';
import { Thread } from './run';
import {
  type ReceiveOptions,
  type WorkerContext,
  type WorkerHost,
  workerContext,
} from './worker-context';
import type { WorkerMessage } from './worker-ports';

/** Does what a message asks for. What it throws leaves the message in the queue. */
export type MessageHandler = (message: WorkerMessage, context: WorkerContext) => Promise<unknown>;

/** How the instances of a group work off a queue. */
export interface ConsumeOptions {
  readonly queueUrl: string;
  /** How many messages an instance works on at a time. @default 1 */
  readonly concurrency?: number;
  /** @default - the queue's */
  readonly visibilityTimeout?: TimeSpan;
  /** Whether messages are hidden for another while as long as they are worked on. @default true */
  readonly heartbeat?: boolean;
  /**
   * Whether an instance is protected from scaling in while it works on a message, for which its role needs
   * `autoscaling:SetInstanceProtection`.
   *
   * @default false
   */
  readonly protect?: boolean;
}

/** What has been done so far. */
export interface Progress {
  processed: number;
  failed: number;
  /** What handlers have thrown, the first hundred. */
  readonly errors: unknown[];
}

/** How many errors are kept. */
export const errorsKept = 100;

/**
 * An idle consumer asks again once an hour, and not every 20 seconds: a message wakes it at once in any case, and a day
 * of empty receives would be thousands of events.
 */
const idlePoll = 3_600_000;

/** A program that receives messages, has each handled, and deletes those that were: until its instance is to leave. */
export class Consumer {
  private readonly inHand = new Map<WorkerMessage, WorkerContext>();
  private freed: (() => void) | undefined;
  private isProtected = false;
  /** Whether the program waits for messages. */
  private waits = false;

  constructor(
    private readonly host: WorkerHost,
    private readonly handler: MessageHandler,
    private readonly options: ConsumeOptions,
    private readonly progress: Progress,
  ) {}

  /** @param thread - that of the program, which only receives: each message has a thread of its own */
  async work(context: WorkerContext, thread: Thread): Promise<void> {
    const { concurrency = 1, queueUrl, visibilityTimeout } = this.options;
    while (!context.terminating.aborted) {
      const room = concurrency - this.inHand.size;
      if (room <= 0) {
        await this.nextFreed(thread);
        continue;
      }
      const options = { maxMessages: Math.min(10, room), visibilityTimeout };
      const messages = await this.next(context, queueUrl, options);
      if (messages.length === 0) continue;
      await this.setProtection(context, true);
      for (const message of messages) void this.handle(message).catch((error) => this.note(error));
    }
    while (this.inHand.size > 0) await this.nextFreed(thread);
  }

  /** Waits for messages, without protection if there is nothing in hand. */
  private async next(
    context: WorkerContext,
    queueUrl: string,
    options: ReceiveOptions,
  ): Promise<WorkerMessage[]> {
    if (this.isProtected && this.inHand.size === 0) {
      const messages = await context.receive(queueUrl, { ...options, wait: 0 });
      if (messages.length > 0) return messages;
      await this.setProtection(context, false);
    }
    this.waits = true;
    const messages = await context.receive(queueUrl, { ...options, wait: idlePoll });
    this.waits = false;
    return messages;
  }

  private async handle(message: WorkerMessage): Promise<void> {
    const thread = new Thread(this.host.run);
    const context = workerContext(this.host, thread);
    this.inHand.set(message, context);
    const endHeartbeat = this.beginHeartbeat(message, context);
    try {
      await this.handler(message, context);
      await context.delete(message);
      this.progress.processed += 1;
    } catch (error) {
      this.note(error);
    } finally {
      endHeartbeat?.();
      this.inHand.delete(message);
      if (this.waits && this.inHand.size === 0) await this.setProtection(context, false);
      this.freed?.();
      thread.end();
    }
  }

  private note(error: unknown): void {
    this.progress.failed += 1;
    if (this.progress.errors.length < errorsKept) this.progress.errors.push(error);
  }

  private nextFreed(thread: Thread): Promise<void> {
    return thread.wait((resume) => {
      this.freed = () => {
        this.freed = undefined;
        resume();
      };
    });
  }

  private async setProtection(context: WorkerContext, isProtected: boolean): Promise<void> {
    if (!this.options.protect || this.isProtected === isProtected) return;
    this.isProtected = isProtected;
    await (isProtected ? context.protect() : context.unprotect());
  }

  /** Half way to its end a message's visibility timeout begins again. Returns what ends that. */
  private beginHeartbeat(message: WorkerMessage, context: WorkerContext): (() => void) | undefined {
    const { heartbeat = true, visibilityTimeout } = this.options;
    const { queues, run } = this.host;
    const timeout =
      visibilityTimeout === undefined
        ? queues.visibilityTimeout(message)
        : milliseconds(visibilityTimeout);
    if (!heartbeat || timeout === undefined || timeout === 0) return undefined;
    const beat = () =>
      run.clock.after(timeout / 2, run.label, () =>
        run.goOn(() => {
          timer = beat();
          void context.extendVisibility(message, timeout).catch(() => undefined);
        }),
      );
    let timer = beat();
    return () => timer.cancel();
  }
}
