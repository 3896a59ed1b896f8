import { DeliveryBuffer } from '../delivery/delivery-buffer';
import { DeliveryQueue } from '../delivery/delivery-queue';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { type FailedRecord, type FirehoseRecord, journalId } from '../record';
import type { ErrorOutputType } from './prefix';
import type { S3Output } from './s3-output';

/** A line of the error output. */
interface FailureLine {
  readonly text: string;
  readonly arrival: number;
}

/**
 * What a destination puts into its bucket besides what it delivers: copies of records as they came, and documents about those that
 * it gave up. Both are buffered by the hints of the bucket, and tried again for as long as deliveries to S3 are.
 */
export class S3Backup {
  private readonly queue: DeliveryQueue<() => Promise<unknown>>;
  private readonly source: DeliveryBuffer<FirehoseRecord>;
  private readonly failures = new Map<ErrorOutputType, DeliveryBuffer<FailureLine>>();

  constructor(
    private readonly output: S3Output,
    private readonly surroundings: DeliverySurroundings,
  ) {
    const { clock, arn } = surroundings;
    this.queue = new DeliveryQueue(clock, `backup of ${arn}`, async (write) => {
      await write();
    });
    this.source = new DeliveryBuffer<FirehoseRecord>(
      clock,
      `backup of ${arn}`,
      this.limits,
      ({ data }) => data.byteLength,
      (records) =>
        this.queue.add(() =>
          output.write({
            bytes: Buffer.concat(records.map(({ data }) => data)),
            records: records.length,
            oldest: oldestOf(records),
          }),
        ),
    );
  }

  /** Keeps a copy of a record as it came. */
  keep(record: FirehoseRecord): void {
    this.source.add(record);
  }

  /** Keeps a document about each record that was given up, in AWS's form: one line of JSON. */
  failed(type: ErrorOutputType, failures: readonly FailedRecord[]): void {
    const { arn, clock, journal } = this.surroundings;
    const now = clock.now();
    for (const failure of failures) {
      const { errorCode, errorMessage, record } = failure;
      journal.record('failed', journalId(record), arn, { reason: `${errorCode}: ${errorMessage}` });
      this.bufferOf(type).add({
        text: `${JSON.stringify(failureDocument(type, failure, now))}\n`,
        arrival: record.arrival,
      });
    }
  }

  /** Writes what it has at once. */
  flush(): void {
    this.source.flush();
    for (const buffer of this.failures.values()) buffer.flush();
  }

  discard(): void {
    this.queue.discard();
    this.source.discard();
    for (const buffer of this.failures.values()) buffer.discard();
  }

  private get limits() {
    const { bufferBytes, bufferMilliseconds } = this.output.settings;
    return { bytes: bufferBytes, milliseconds: bufferMilliseconds };
  }

  private bufferOf(type: ErrorOutputType): DeliveryBuffer<FailureLine> {
    let buffer = this.failures.get(type);
    if (!buffer) {
      const { clock, arn } = this.surroundings;
      buffer = new DeliveryBuffer<FailureLine>(
        clock,
        `error output of ${arn}`,
        this.limits,
        ({ text }) => Buffer.byteLength(text),
        (lines) =>
          this.queue.add(() =>
            this.output.writeFailures(type, {
              bytes: Buffer.from(lines.map(({ text }) => text).join('')),
              records: lines.length,
              oldest: oldestOf(lines),
            }),
          ),
      );
      this.failures.set(type, buffer);
    }
    return buffer;
  }
}

/**
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
 */
function failureDocument(type: ErrorOutputType, failure: FailedRecord, now: number) {
  const { record, attemptsMade, errorCode, errorMessage, details } = failure;
  return {
    attemptsMade,
    arrivalTimestamp: record.arrival,
    ...(type === 'format-conversion-failed'
      ? { lastErrorCode: errorCode, lastErrorMessage: errorMessage }
      : { errorCode, errorMessage }),
    attemptEndingTimestamp: now,
    rawData: Buffer.from(record.data).toString('base64'),
    ...details,
  };
}

/** The arrival of the oldest. */
export function oldestOf(items: readonly { readonly arrival: number }[]): number {
  return items.reduce((oldest, { arrival }) => Math.min(oldest, arrival), Number.POSITIVE_INFINITY);
}
