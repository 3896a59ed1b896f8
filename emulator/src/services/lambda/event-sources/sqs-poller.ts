import type { Clock, Timer } from '../../../clock/clock';
import type { Caller } from '../../../iam/caller';
import type { Journal } from '../../../journal/journal';
import { ServiceError } from '../../../protocol/errors';
import type { RandomStream } from '../../../random/random';
import type { QueueSource, SourceMessage } from '../queue-source';
import { failedItems } from './batch-response';
import { BatchingWindow } from './batching-window';
import type { FilterCriteria } from './filter-criteria';
import { MessageBatch } from './message-batch';
import { PollerCapacity, type RunningBatches } from './poller-capacity';

/** The most that a queue gives out at a time. */
const receiveLimit = 10;
/** Milliseconds that a poller waits after a throttle; doubled each time in a row. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/** The function at the other end of a mapping. */
export interface MappedFunction {
  readonly arn: string;
  /** Who receives and deletes: a session of its role. */
  readonly caller: Caller;
  readonly roleArn: string;
  /**
   * Runs the function; resolves with its answer and whether that is an error.
   *
   * @param iteratorAge - of a batch of a stream: milliseconds since the stream took its last record
   * @returns undefined if it is throttled
   */
  invoke(
    requestId: string,
    payload: string,
    iteratorAge?: number,
  ): Promise<{ payload: string; failed: boolean }> | undefined;
}

/** What a mapping is set to. */
export interface PollerSettings {
  readonly id: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchingWindow: number;
  readonly filter: FilterCriteria;
  readonly reportsItemFailures: boolean;
  readonly maximumConcurrency: number | undefined;
}

/** What a poller works with. */
export interface PollerSurroundings {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly queues: QueueSource;
  readonly requestIds: RandomStream;
  readonly running: RunningBatches;
  /** Undefined while the function does not exist. */
  target(): MappedFunction | undefined;
  /** Told of each batch: `OK`, or what was wrong. */
  onResult(result: string): void;
}

/**
 * Takes messages from a queue to a function, in batches.
 *
 * It is woken by an arrival, a free place or a timer, never by an empty poll: on the manual clock
 * those would keep a day from ever passing.
 */
export class SqsPoller {
  private readonly capacity: PollerCapacity;
  private batch: MessageBatch;
  private wakeTimer: Timer | undefined;
  private readonly window: BatchingWindow;
  private backoffTimer: Timer | undefined;
  private backoff = firstBackoff;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly settings: PollerSettings,
    private readonly surroundings: PollerSurroundings,
  ) {
    this.batch = new MessageBatch(settings.queueArn);
    this.window = new BatchingWindow(surroundings.clock, () => {
      const target = surroundings.target();
      if (target && this.batch.size > 0) this.dispatch(target);
    });
    this.capacity = new PollerCapacity(
      surroundings.clock,
      settings.id,
      settings.maximumConcurrency,
      () => this.wake(),
    );
  }

  private get running(): RunningBatches {
    return this.surroundings.running;
  }

  start(): void {
    if (this.stopListening) return;
    const { queueArn } = this.settings;
    this.stopListening = this.surroundings.queues.onReceivable(queueArn, () => this.wake());
    this.running.onEnd = () => this.wake();
    this.wake();
  }

  /** Receives nothing more; what runs goes on, what was collected returns by its visibility timeout. */
  stop(): void {
    this.stopListening?.();
    this.stopListening = undefined;
    for (const timer of [this.wakeTimer, this.backoffTimer]) timer?.cancel();
    this.wakeTimer = undefined;
    this.window.close();
    this.backoffTimer = undefined;
    this.capacity.stop();
    this.batch = new MessageBatch(this.settings.queueArn);
  }

  /** Looks for messages later in this instant, so that those that arrive together are taken together. */
  wake(): void {
    if (!this.stopListening || this.wakeTimer || this.backoffTimer) return;
    const { clock } = this.surroundings;
    this.wakeTimer = clock.at(clock.now(), `poll of ${this.settings.queueArn}`, () => {
      this.wakeTimer = undefined;
      this.poll();
    });
  }

  private poll(): void {
    const target = this.surroundings.target();
    if (!target) return;
    while (this.running.count < this.capacity.limit && !this.backoffTimer) {
      const received = this.receive(target);
      if (received === 0) {
        this.drained(target);
        return;
      }
    }
    if (this.running.count >= this.capacity.limit) this.capacity.noteSaturated();
  }

  /** Takes what fits into the batch, and sends it off when it is full. */
  private receive(target: MappedFunction): number {
    const { queues } = this.surroundings;
    const { queueArn, batchSize } = this.settings;
    const room = Math.min(receiveLimit, batchSize - this.batch.size);
    const messages = this.attempt(() => queues.receive(queueArn, room, target.caller)) ?? [];
    for (const message of this.accepted(messages, target)) {
      if (!this.batch.add(message)) {
        this.dispatch(target);
        this.batch.add(message);
      }
    }
    if (this.batch.size >= batchSize) this.dispatch(target);
    return messages.length;
  }

  /** A queue that is gone or that the role may not use stops nothing: Lambda shows it and tries again. */
  private attempt<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.surroundings.onResult(`PROBLEM: ${error.message}`);
      return undefined;
    }
  }

  /** Messages that match no filter are deleted, unseen. */
  private accepted(messages: SourceMessage[], target: MappedFunction): SourceMessage[] {
    const { filter, queueArn } = this.settings;
    const dropped = messages.filter((message) => !filter.accepts(message.body));
    if (dropped.length === 0) return messages;
    for (const { messageId } of dropped)
      this.surroundings.journal.record('filtered-out', messageId, target.arn);
    const handles = dropped.map((message) => message.receiptHandle);
    this.attempt(() => this.surroundings.queues.delete(queueArn, handles, target.caller));
    return messages.filter((message) => !dropped.includes(message));
  }

  /** Nothing more is there: what has been collected goes off, now or when its window closes. */
  private drained(target: MappedFunction): void {
    if (this.running.count === 0 && this.batch.size === 0) this.capacity.noteDrained();
    if (this.batch.size === 0) return;
    const { batchingWindow, id } = this.settings;
    if (batchingWindow === 0) this.dispatch(target);
    else this.window.open(batchingWindow, id);
  }

  private dispatch(target: MappedFunction): void {
    const { batch } = this;
    this.batch = new MessageBatch(this.settings.queueArn);
    this.window.close();
    const { journal, requestIds } = this.surroundings;
    const requestId = requestIds.uuid();
    const outcome = target.invoke(requestId, batch.toJson());
    if (!outcome) {
      for (const { messageId } of batch.messages)
        journal.record('throttled', messageId, target.arn);
      this.pause();
      return;
    }
    this.backoff = firstBackoff;
    for (const { messageId } of batch.messages)
      journal.record('invoked', messageId, target.arn, { requestId });
    this.running.count += 1;
    void outcome.then((result) => this.finish(batch, target, requestId, result));
  }

  /** A throttled batch returns by its visibility timeout; meanwhile the poller holds back. */
  private pause(): void {
    const { backoff } = this;
    this.backoff = Math.min(longestBackoff, backoff * 2);
    this.surroundings.onResult('PROBLEM: Function call failed: Rate Exceeded');
    this.backoffTimer = this.surroundings.clock.after(
      backoff,
      `back-off of ${this.settings.id}`,
      () => {
        this.backoffTimer = undefined;
        this.wake();
      },
    );
  }

  private finish(
    batch: MessageBatch,
    target: MappedFunction,
    requestId: string,
    result: { payload: string; failed: boolean },
  ): void {
    const { journal, queues, onResult } = this.surroundings;
    const failed = this.failuresOf(batch, result);
    const isFailed = (message: SourceMessage): boolean =>
      failed === 'all' || failed.has(message.messageId);
    for (const message of batch.messages)
      journal.record(isFailed(message) ? 'failed' : 'succeeded', message.messageId, target.arn, {
        requestId,
      });
    const handles = batch.messages
      .filter((message) => !isFailed(message))
      .map((message) => message.receiptHandle);
    if (handles.length > 0)
      this.attempt(() => queues.delete(this.settings.queueArn, handles, target.caller));
    onResult(failed === 'all' ? 'PROBLEM: Function call failed' : 'OK');
    this.running.count -= 1;
    this.running.onEnd();
  }

  private failuresOf(
    batch: MessageBatch,
    result: { payload: string; failed: boolean },
  ): ReadonlySet<string> | 'all' {
    if (result.failed) return 'all';
    if (!this.settings.reportsItemFailures) return new Set();
    return failedItems(
      result.payload,
      batch.messages.map((message) => message.messageId),
    );
  }
}
