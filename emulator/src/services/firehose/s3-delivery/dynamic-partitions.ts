import { ServiceError } from '../../../protocol/errors';
import type { OpenPartitions } from '../delivery/destination';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { FailedRecord, FirehoseRecord } from '../record';
import type { PrefixExpression } from './prefix';

/** Partitions that are buffered at a time. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const activePartitions = 500;

/**
 * Keeps records apart by the partition keys that a prefix names.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html
 */
export class DynamicPartitions {
  private readonly queryKeys: readonly string[];
  private readonly lambdaKeys: readonly string[];

  constructor(
    private readonly prefix: PrefixExpression,
    private readonly timeZone: string,
    private readonly surroundings: DeliverySurroundings,
  ) {
    this.queryKeys = prefix.keysOf('query');
    this.lambdaKeys = prefix.keysOf('lambda');
  }

  /** @returns the name of the record's partition, or why it has none */
  of(record: FirehoseRecord, open: OpenPartitions): string | FailedRecord {
    const { partitionKeys } = record;
    const values = [
      ...this.queryKeys.map((key) => partitionKeys?.query[key] ?? ''),
      ...this.lambdaKeys.map((key) => partitionKeys?.lambda[key] ?? ''),
    ];
    if (values.includes(''))
      return failure(
        record,
        'DynamicPartitioning.MetadataExtractionFailed',
        'partitionKeys values must not be null or empty',
      );
    const partition = JSON.stringify(values);
    const { clock, metrics } = this.surroundings;
    if (!open.has(partition)) {
      const tooLong = this.tooLong(record);
      if (tooLong) return tooLong;
    }
    const exceeded = !open.has(partition) && open.size >= activePartitions;
    metrics.add('PartitionCountExceeded', clock.now(), exceeded ? 1 : 0);
    if (exceeded)
      return failure(
        record,
        'DynamicPartitioning.ActivePartitionLimitExceeded',
        `The number of active partitions exceeds the limit of ${activePartitions}.`,
      );
    metrics.add('PartitionCount', clock.now(), open.has(partition) ? open.size : open.size + 1);
    return partition;
  }

  private tooLong(record: FirehoseRecord): FailedRecord | undefined {
    const { arrival: time, partitionKeys } = record;
    const { timeZone } = this;
    try {
      this.prefix.check({ time, timeZone, partitionKeys });
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return failure(record, 'DynamicPartitioning.MetadataExtractionFailed', error.message);
    }
  }
}

function failure(record: FirehoseRecord, errorCode: string, errorMessage: string): FailedRecord {
  return { record, errorCode, errorMessage, attemptsMade: 1 };
}
