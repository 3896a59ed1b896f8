import type { SQSRecord } from 'aws-lambda';
import type { Item } from './item';
import type { Rejection } from './rejection';

/** What a message is read as: what is to be written, or why it never can be. */
export type Reading<V> = { readonly values: V } | { readonly rejection: Rejection };

/** What a writer asks of its caller. */
export interface WriterHooks {
  /** Told of a message that can never be written, in its turn; sets its outcome. */
  reject(item: Item): Promise<void>;
  /** False once another message should not be begun. */
  hasTime(): boolean;
}

/** Messages written, and those that had been written before. */
export interface Tally {
  written: number;
  duplicates: number;
}

/** What became of a batch. */
export interface WriteResult extends Tally {
  /** Why the sink did not take all of it; undefined if it did. */
  readonly sinkError: unknown;
}

/**
 * What tells one sink from another.
 *
 * @typeParam V - what it writes for a message
 */
export interface SinkWriter<V> {
  read(record: SQSRecord): Reading<V>;

  /**
   * Writes the items that have no outcome yet. Those that are in the sink afterwards have the outcome `written`; those
   * without an outcome, and without a rejection, are delivered again.
   */
  write(items: readonly Item<V>[], hooks: WriterHooks): Promise<WriteResult>;
}
