import type { SourceRecord } from '../stream-source';

/** A record with what the function gets of it. */
export interface BatchedRecord {
  readonly record: SourceRecord;
  /** JSON */
  readonly text: string;
}

/** Bytes of an event: a synchronous invocation's limit. */
const eventLimit = 6 * 1024 * 1024;
const frame = '{"Records":[]}'.length;

/** Records of a shard that go to a function together, in order. */
export class StreamBatch {
  /** @param attempts - how often it has failed */
  constructor(
    readonly records: readonly BatchedRecord[],
    readonly attempts = 0,
  ) {}

  get size(): number {
    return this.records.length;
  }

  /** When the stream took the last of them, in emulated milliseconds since the epoch. */
  get lastArrival(): number {
    return this.records.at(-1)?.record.arrival ?? 0;
  }

  /** The event, as JSON. */
  toJson(): string {
    return `{"Records":[${this.records.map(({ text }) => text).join(',')}]}`;
  }

  get sequenceNumbers(): string[] {
    return this.records.map(({ record }) => record.sequenceNumber);
  }

  /** Both halves, which count as failed as often as the whole: splitting is no retry. */
  halves(): [StreamBatch, StreamBatch] {
    const middle = Math.ceil(this.size / 2);
    return [
      new StreamBatch(this.records.slice(0, middle), this.attempts),
      new StreamBatch(this.records.slice(middle), this.attempts),
    ];
  }
}

/** How many of some records fit into one event; the first one always does. */
export function fitting(records: readonly BatchedRecord[]): number {
  let bytes = frame;
  let count = 0;
  for (const { text } of records) {
    bytes += Buffer.byteLength(text) + 1;
    if (count > 0 && bytes > eventLimit) break;
    count += 1;
  }
  return count;
}

/**
 * A record of a stream as a record of the event that a function receives, as JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 *
 * @param sourceArn - of the stream, or of its consumer
 */
export function streamRecord(
  record: SourceRecord,
  sourceArn: string,
  shardId: string,
  roleArn: string,
): string {
  const [, , , awsRegion] = sourceArn.split(':');
  return JSON.stringify({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
      data: Buffer.from(record.data).toString('base64'),
      approximateArrivalTimestamp: record.arrival / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${record.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion,
    eventSourceARN: sourceArn,
  });
}
