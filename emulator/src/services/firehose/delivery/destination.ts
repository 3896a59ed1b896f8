import type { FailedRecord, FirehoseRecord } from '../record';

/** When a buffer is full: whichever comes first. */
export interface Buffering {
  readonly bytes: number;
  /** From the first record that is put into an empty buffer; 0 delivers at once. */
  readonly milliseconds: number;
}

/** Records that are delivered together, in the order in which they came. */
export interface Batch {
  readonly records: readonly FirehoseRecord[];
  /** The sum of their data. */
  readonly bytes: number;
  /** What they have in common: the evaluated prefix of a dynamically partitioned destination, else empty. */
  readonly partition: string;
}

/** The names of the buffers that hold something. */
export type OpenPartitions = Pick<ReadonlySet<string>, 'has' | 'size'>;

/**
 * Where a delivery stream takes its records: S3, an HTTP endpoint, Splunk and so on.
 *
 * The delivery stream has processed the records (transformed, decompressed and so on) and buffered them by {@link buffering}; it
 * hands over one batch at a time, in order, and the next when the one before is done with. A destination
 *
 * - delivers the batch, and tries again on the clock for as long as its settings say (`tryFor` of `retrying.ts`), parked meanwhile;
 * - backs up what it gives up, as documents in its bucket (`S3Backup`), and what its backup mode says;
 * - counts its metrics, and writes what goes wrong to its log (`ErrorLog`).
 */
export interface Destination {
  readonly buffering: Buffering;
  /**
   * Keeps records apart in buffers of their own.
   *
   * @param open - the buffers that hold something
   * @returns what the buffer is called, which becomes {@link Batch.partition}; undefined if the record has none, which makes it a
   * failure that the destination has disposed of. @default - one buffer for all
   */
  partitionOf?(record: FirehoseRecord, open: OpenPartitions): string | undefined;
  /** Told of each record as it came, before it is processed: for backups of all source records. @default - not interested */
  received?(record: FirehoseRecord): void;
  /**
   * Delivers a batch for good. It resolves when each of the records is at the destination, in the backup or given up, and
   * rejects only for errors of the emulator itself. It runs as work in hand of the clock: waits for emulated time are parked.
   */
  deliver(batch: Batch): Promise<void>;
  /** Takes records that could not be processed, which go to the error output of its bucket. */
  processingFailed(failures: readonly FailedRecord[]): void;
  /** Writes at once whatever it still buffers itself: it is replaced by another. */
  flush(): void;
  /** Forgets all of that: the delivery stream is deleted. */
  discard(): void;
}
