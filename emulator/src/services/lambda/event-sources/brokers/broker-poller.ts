import type { Timer } from '../../../../clock/clock';
import type { Journal } from '../../../../journal/journal';
import type { RandomStream } from '../../../../random/random';
import { BatchingWindow } from '../batching-window';
import type { FilterCriteria } from '../filter-criteria';
import type { MappedFunction } from '../sqs-poller';
import { BrokerConnection, type ConnectionOptions } from './broker-connection';
import { type EventFrame, eventOf, fitsAlone, fitting } from './broker-event';
import { type BrokerSettings, virtualHostOf } from './broker-settings';
import type { BrokerConsumer, BrokerMessage } from './consumer';

/**
 * How many batches of a mapping run at a time.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 */
const concurrency = { ACTIVEMQ: 5, RABBITMQ: 1 } as const;

/** The least that a consumer holds: the prefetch of clients of JMS. */
const leastPrefetch = 1000;
/** RabbitMQ counts to here. */
const mostPrefetch = 65_535;

/** Milliseconds before a batch is tried again: JMS's delay of redeliveries. */
const retryDelay = 1000;

/** Milliseconds before a function that was throttled is tried again; doubled each time in a row. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/** What a mapping of a broker is set to. */
export interface BrokerPollerSettings extends BrokerSettings {
  readonly id: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchingWindow: number;
  readonly filter: FilterCriteria;
}

/** What a poller of a broker works with. */
export interface BrokerSurroundings
  extends Pick<ConnectionOptions, 'brokers' | 'certificateAuthority' | 'clock' | 'secrets'> {
  readonly journal: Journal;
  readonly requestIds: RandomStream;
  /** Undefined while the function does not exist. */
  target(): MappedFunction | undefined;
  /** Told of each batch: `OK`, or what was wrong. */
  onResult(result: string): void;
  /** Told that it has given up for good, by Lambda's code. */
  onStopped(code: string): void;
}

/** A batch, and the consumer that got it. */
interface Batch {
  readonly consumer: BrokerConsumer;
  readonly messages: readonly BrokerMessage[];
}

/**
 * Takes messages of a broker to a function, in batches: a client of the broker that follows it from one member to the next.
 *
 * A batch is acknowledged when the function has succeeded, and tried again otherwise.
 */
export class BrokerPoller {
  private readonly connection: BrokerConnection;
  private readonly frame: EventFrame;
  private readonly window: BatchingWindow;
  private waiting: BrokerMessage[] = [];
  /** Batches that are being processed or will be tried again. */
  private running = 0;
  /** Those that the function has now. */
  private invoked = 0;
  private stopped = false;
  private wakeTimer: Timer | undefined;
  private throttleTimer: Timer | undefined;
  private backoff = firstBackoff;

  constructor(
    private readonly settings: BrokerPollerSettings,
    private readonly surroundings: BrokerSurroundings,
  ) {
    const { batchSize, queues, sourceArn } = settings;
    const engine = surroundings.brokers.describe(sourceArn)?.engine ?? 'ACTIVEMQ';
    this.frame = {
      engine,
      sourceArn,
      queue: queues[0] ?? '',
      virtualHost: virtualHostOf(settings),
    };
    const { brokers, certificateAuthority, clock, secrets } = surroundings;
    this.window = new BatchingWindow(clock, () => this.wake());
    this.connection = new BrokerConnection({
      ...settings,
      brokers,
      certificateAuthority,
      clock,
      secrets,
      prefetch: Math.min(
        mostPrefetch,
        Math.max(leastPrefetch, batchSize * (concurrency[engine] + 1)),
      ),
      caller: () => surroundings.target()?.caller,
      onMessage: (message) => this.receive(message),
      onConnected: () => this.wake(),
      onLost: () => {
        this.waiting = [];
        this.window.close();
      },
      onProblem: (message, code) => {
        surroundings.onResult(`PROBLEM: ${message}`);
        if (code !== undefined) surroundings.onStopped(code);
      },
    });
  }

  /** Takes nothing more; what runs goes on. What then has not been acknowledged the broker delivers again. */
  stop(): void {
    this.stopped = true;
    this.connection.end();
    this.waiting = [];
    this.window.close();
    this.wakeTimer?.cancel();
    this.throttleTimer?.cancel();
    if (this.invoked === 0) this.connection.close();
  }

  /** Looks at what waits later in this instant, so that messages that arrive together are taken together. */
  wake(): void {
    if (this.stopped) return;
    this.connection.connect();
    if (this.wakeTimer || this.throttleTimer) return;
    const { clock } = this.surroundings;
    this.wakeTimer = clock.at(clock.now(), `poll of ${this.settings.sourceArn}`, () => {
      this.wakeTimer = undefined;
      this.poll();
    });
  }

  /** Messages that match no filter, and those that no event has room for, are acknowledged, unseen. */
  private receive(message: BrokerMessage): void {
    const { journal } = this.surroundings;
    const resource = this.settings.sourceArn;
    const wanted = this.settings.filter.accepts(Buffer.from(message.data).toString('utf8'));
    if (wanted && fitsAlone(this.frame, message)) {
      this.waiting.push(message);
      this.wake();
      return;
    }
    if (wanted) journal.record('deleted', message.id, resource, { reason: 'larger than 6 MB' });
    else journal.record('filtered-out', message.id, resource);
    this.connection.consumer?.accept([message]);
  }

  private poll(): void {
    const { consumer } = this.connection;
    if (!this.surroundings.target()) return;
    while (consumer && this.running < concurrency[this.frame.engine] && !this.throttleTimer) {
      const messages = this.collect();
      if (!messages) return;
      this.running++;
      this.dispatch({ consumer, messages });
    }
  }

  /** Undefined as long as there is nothing, or more may come in the batching window. */
  private collect(): BrokerMessage[] | undefined {
    const { batchSize, batchingWindow, id } = this.settings;
    if (this.waiting.length === 0) return undefined;
    const fits = fitting(this.frame, this.waiting, batchSize);
    const full = fits === batchSize || fits < this.waiting.length;
    if (!full && batchingWindow > 0 && !this.window.over) {
      this.window.open(batchingWindow, id);
      return undefined;
    }
    this.window.close();
    return this.waiting.splice(0, fits);
  }

  /** Hands a batch to the function; it counts as running until it is done with. */
  private dispatch(batch: Batch): void {
    const { journal, onResult, requestIds } = this.surroundings;
    const target = this.surroundings.target();
    if (this.stopped || !target || this.connection.consumer !== batch.consumer) {
      // Of a function that is being made again; what a lost consumer had, the broker delivers again.
      if (!target) this.waiting.unshift(...batch.messages);
      this.ended();
      return;
    }
    const requestId = requestIds.uuid();
    const event = eventOf(
      this.frame,
      batch.messages.map((message) => message.text()),
    );
    const outcome = target.invoke(requestId, event);
    for (const { id } of batch.messages)
      journal.record(outcome ? 'invoked' : 'throttled', id, target.arn, { requestId });
    if (!outcome) {
      onResult('PROBLEM: Function call failed: Rate Exceeded');
      this.pause(batch);
      return;
    }
    this.backoff = firstBackoff;
    this.invoked++;
    void outcome.then(({ failed }) => {
      this.invoked--;
      for (const { id } of batch.messages)
        journal.record(failed ? 'failed' : 'succeeded', id, target.arn, { requestId });
      onResult(failed ? 'PROBLEM: Function call failed' : 'OK');
      if (failed && !this.stopped) {
        this.retry(batch);
        return;
      }
      if (!failed) batch.consumer.accept(batch.messages);
      if (this.stopped && this.invoked === 0) this.connection.close();
      this.ended();
    });
  }

  /** A batch that failed is tried again as a whole, and so keeps its place among those that run. */
  private retry({ consumer, messages }: Batch): void {
    const { clock, journal } = this.surroundings;
    clock.after(retryDelay, `redelivery of ${this.settings.id}`, () => {
      const kept = consumer.fail(messages);
      if (this.frame.engine === 'ACTIVEMQ' && this.connection.consumer === consumer)
        for (const message of messages.filter((one) => !kept.includes(one)))
          journal.record('dead-lettered', message.id, this.settings.sourceArn);
      if (kept.length > 0) this.dispatch({ consumer, messages: kept });
      else
        void clock.work(`redelivery of ${this.settings.id}`, async () => {
          await consumer.look();
          this.ended();
        });
    });
  }

  private pause(batch: Batch): void {
    const { backoff } = this;
    this.backoff = Math.min(longestBackoff, backoff * 2);
    this.throttleTimer = this.surroundings.clock.after(
      backoff,
      `back-off of ${this.settings.id}`,
      () => {
        this.throttleTimer = undefined;
        this.dispatch(batch);
        this.wake();
      },
    );
  }

  private ended(): void {
    this.running--;
    this.wake();
  }
}
