import type { Timer } from '../../../clock/clock';
import { ServiceError } from '../../../protocol/errors';
import { failedItems } from './batch-response';
import { BatchingWindow } from './batching-window';
import {
  type Discard,
  type DiscardReason,
  discardKey,
  discardMessage,
  discardObject,
} from './discarded-batch';
import type { MappedFunction } from './sqs-poller';
import { type BatchedRecord, fitting, StreamBatch, streamRecord } from './stream-batch';
import type { StreamPollerSettings, StreamSurroundings } from './stream-poller';

/** Milliseconds before a batch is tried again; doubled each time in a row. How long Lambda waits is not documented. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/**
 * Takes the records of a shard, or those of some of its partition keys, to a function: one batch at a time, each until it has
 * succeeded or is given up, so that their order is kept whatever fails.
 */
export class ShardLane {
  /** Nothing is left, and nothing will come. */
  ended = false;
  private running: StreamBatch | undefined;
  /** What failed, in order: goes before what is yet to be read. */
  private pending: StreamBatch[] = [];
  private collected: BatchedRecord[] = [];
  private readonly window: BatchingWindow;
  private backoffTimer: Timer | undefined;
  private backoff = firstBackoff;

  /**
   * @param next - the position to read from
   * @param takes - whether a partition key is one of this lane's
   * @param onIdle - called when a batch is done with
   */
  constructor(
    private readonly shardId: string,
    private next: number,
    private readonly takes: (partitionKey: string) => boolean,
    private readonly settings: () => StreamPollerSettings,
    private readonly surroundings: StreamSurroundings,
    private readonly onIdle: () => void,
  ) {
    this.window = new BatchingWindow(surroundings.clock, onIdle);
  }

  get busy(): boolean {
    return this.running !== undefined;
  }

  /** The position of the first record that has not been done with. */
  get checkpoint(): number {
    const [first = this.collected[0]] = [this.running, ...this.pending].flatMap(
      (batch) => batch?.records[0] ?? [],
    );
    return first?.record.position ?? this.next;
  }

  /** Ends all waiting; what runs goes on. */
  stop(): void {
    this.window.close();
    this.backoffTimer?.cancel();
    this.backoffTimer = undefined;
    this.pending = [];
  }

  /** Hands the next batch to the function, if there is one and nothing is in its way. */
  poll(): void {
    while (!this.running && !this.backoffTimer && !this.ended) {
      const target = this.surroundings.target();
      if (!target) return;
      const batch = this.pending.shift() ?? this.collect(target);
      if (!batch) return;
      const fresh = this.withoutOld(batch, target);
      if (fresh.size > 0) this.dispatch(fresh, target);
    }
  }

  /** Undefined as long as more may come in the batching window. */
  private collect(target: MappedFunction): StreamBatch | undefined {
    const { batchSize, batchingWindow, id } = this.settings();
    const ended = this.read(target, batchSize);
    if (this.collected.length === 0) {
      this.ended = ended;
      if (ended) this.onIdle();
      return undefined;
    }
    const fits = fitting(this.collected);
    const full = fits >= batchSize || fits < this.collected.length;
    if (!full && !ended && batchingWindow > 0 && !this.window.over) {
      this.window.open(batchingWindow, id);
      return undefined;
    }
    this.window.close();
    return new StreamBatch(this.collected.splice(0, fits));
  }

  /** Reads until the batch is full or nothing is left. @returns whether the shard has ended */
  private read(target: MappedFunction, batchSize: number): boolean {
    const { journal, source } = this.surroundings;
    const { filter, sourceArn } = this.settings();
    try {
      for (;;) {
        const room = batchSize - this.collected.length;
        if (room <= 0) return false;
        const reading = source.read(sourceArn, this.shardId, this.next, room, target.caller);
        for (const record of reading.records) {
          if (!this.takes(record.partitionKey)) continue;
          if (!filter.accepts(record)) {
            journal.record('filtered-out', record.sequenceNumber, target.arn);
            continue;
          }
          const text = streamRecord(record, sourceArn, this.shardId, target.roleArn);
          this.collected.push({ record, text });
        }
        this.next = reading.next;
        if (reading.ended) return true;
        if (reading.records.length === 0) return false;
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // A shard goes with the last record that it may hold.
      const isThere = source.shards(sourceArn).some(({ id }) => id === this.shardId);
      if (source.exists(sourceArn) && !isThere) return true;
      this.surroundings.onResult(`PROBLEM: ${error.message}`);
      if (isThere) this.pause();
      return false;
    }
  }

  /** Gives up what is older than the mapping wants, and forgets what the stream no longer has. */
  private withoutOld(batch: StreamBatch, target: MappedFunction): StreamBatch {
    const { clock, source } = this.surroundings;
    const { maximumAge, sourceArn } = this.settings();
    const horizon = source.horizon(sourceArn);
    const kept = batch.records.filter(({ record }) => record.arrival > horizon);
    const oldest = maximumAge < 0 ? Number.NEGATIVE_INFINITY : clock.now() - maximumAge * 1000;
    const old = kept.filter(({ record }) => record.arrival < oldest);
    if (old.length > 0)
      this.discard(
        new StreamBatch(old, batch.attempts),
        target,
        this.surroundings.requestIds.uuid(),
        'RecordAgeExceeded',
      );
    return new StreamBatch(kept.slice(old.length), batch.attempts);
  }

  private dispatch(batch: StreamBatch, target: MappedFunction): void {
    const { clock, journal, requestIds } = this.surroundings;
    const requestId = requestIds.uuid();
    const outcome = target.invoke(requestId, batch.toJson(), clock.now() - batch.lastArrival);
    for (const sequenceNumber of batch.sequenceNumbers)
      journal.record(outcome ? 'invoked' : 'throttled', sequenceNumber, target.arn, { requestId });
    if (!outcome) {
      this.surroundings.onResult('PROBLEM: Function call failed: Rate Exceeded');
      this.pending.unshift(batch);
      this.pause();
      return;
    }
    this.running = batch;
    void outcome.then((result) => {
      this.running = undefined;
      this.finish(batch, target, requestId, result);
      this.onIdle();
    });
  }

  private finish(
    batch: StreamBatch,
    target: MappedFunction,
    requestId: string,
    result: { readonly payload: string; readonly failed: boolean },
  ): void {
    const { journal, onResult } = this.surroundings;
    const done = this.succeeded(batch, result);
    batch.sequenceNumbers.forEach((sequenceNumber, index) => {
      const kind = index < done ? 'succeeded' : 'failed';
      journal.record(kind, sequenceNumber, target.arn, { requestId });
    });
    onResult(done === 0 && batch.size > 0 ? 'PROBLEM: Function call failed' : 'OK');
    if (done === batch.size) {
      this.backoff = firstBackoff;
      return;
    }
    const { bisects, maximumRetries } = this.settings();
    if (bisects && (done > 0 || batch.size > 1)) {
      // The place that the function names is where the batch is cut.
      const rest = new StreamBatch(batch.records.slice(done), batch.attempts);
      this.pending.unshift(...(done > 0 ? [rest] : batch.halves()));
      this.pause();
      return;
    }
    const rest = new StreamBatch(batch.records.slice(done), batch.attempts + 1);
    if (maximumRetries >= 0 && rest.attempts > maximumRetries) {
      this.backoff = firstBackoff;
      this.discard(rest, target, requestId, 'RetryAttemptsExhausted');
      return;
    }
    this.pending.unshift(rest);
    this.pause();
  }

  /** How many records of a batch are done with: those before the first that failed. */
  private succeeded(
    batch: StreamBatch,
    { failed, payload }: { readonly payload: string; readonly failed: boolean },
  ): number {
    if (failed) return 0;
    if (!this.settings().reportsItemFailures) return batch.size;
    const { sequenceNumbers } = batch;
    const items = failedItems(payload, sequenceNumbers);
    if (items === 'all') return 0;
    const first = sequenceNumbers.findIndex((sequenceNumber) => items.has(sequenceNumber));
    return first < 0 ? batch.size : first;
  }

  private discard(
    batch: StreamBatch,
    target: MappedFunction,
    requestId: string,
    reason: DiscardReason,
  ): void {
    const { clock, journal, onResult } = this.surroundings;
    const { failureDestination, sourceArn } = this.settings();
    for (const sequenceNumber of batch.sequenceNumbers)
      journal.record(
        reason === 'RecordAgeExceeded' ? 'expired' : 'dead-lettered',
        sequenceNumber,
        failureDestination ?? target.arn,
        { requestId, reason },
      );
    if (failureDestination === undefined) return;
    const discard = {
      reason,
      requestId,
      functionArn: target.arn,
      sourceArn,
      shardId: this.shardId,
      time: clock.now(),
    };
    try {
      this.tell(failureDestination, batch, discard, target);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      onResult(`PROBLEM: ${error.message}`);
    }
  }

  /** @throws ServiceError if the destination does not take it */
  private tell(
    destination: string,
    batch: StreamBatch,
    discard: Discard,
    { caller }: MappedFunction,
  ): void {
    const { destinations, requestIds } = this.surroundings;
    const [, , service] = destination.split(':');
    if (service === 's3') {
      const key = discardKey(this.settings().id, discard, requestIds.uuid());
      destinations.store(destination, key, discardObject(batch, discard), caller);
    } else {
      destinations.send(destination, discardMessage(batch, discard), caller);
    }
  }

  private pause(): void {
    const { backoff } = this;
    this.backoff = Math.min(longestBackoff, backoff * 2);
    const { id } = this.settings();
    this.backoffTimer = this.surroundings.clock.after(backoff, `back-off of ${id}`, () => {
      this.backoffTimer = undefined;
      this.onIdle();
    });
  }
}
