import type { Batch, Buffering, Destination, OpenPartitions } from '../delivery/destination';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { type FailedRecord, type FirehoseRecord, journalId } from '../record';
import type { DynamicPartitions } from './dynamic-partitions';
import type { RecordFormat } from './record-format';
import { oldestOf, S3Backup } from './s3-backup';
import type { ObjectContent, S3Output } from './s3-output';

/** What a destination in S3 is made of. */
export interface S3DestinationParts {
  readonly output: S3Output;
  /** Where records go as they came. @default - nowhere */
  readonly sourceBackup: S3Output | undefined;
  /** @default - what is delivered is what the records hold, one after the other */
  readonly format: RecordFormat | undefined;
  /** @default - all records are delivered together */
  readonly partitions: DynamicPartitions | undefined;
}

/** Takes records to a bucket: each batch becomes an object. */
export class S3Destination implements Destination {
  readonly buffering: Buffering;
  private readonly errors: S3Backup;
  private readonly source: S3Backup | undefined;

  constructor(
    private readonly parts: S3DestinationParts,
    private readonly surroundings: DeliverySurroundings,
  ) {
    const { output, sourceBackup } = parts;
    const { bufferBytes, bufferMilliseconds } = output.settings;
    this.buffering = { bytes: bufferBytes, milliseconds: bufferMilliseconds };
    this.errors = new S3Backup(output, surroundings);
    this.source = sourceBackup && new S3Backup(sourceBackup, surroundings);
  }

  received(record: FirehoseRecord): void {
    this.source?.keep(record);
  }

  partitionOf(record: FirehoseRecord, open: OpenPartitions): string | undefined {
    const { partitions } = this.parts;
    if (!partitions) return '';
    const found = partitions.of(record, open);
    if (typeof found === 'string') return found;
    this.processingFailed([found]);
    return undefined;
  }

  async deliver(batch: Batch): Promise<void> {
    const { format } = this.parts;
    if (!format) {
      await this.write(batch.records, {
        bytes: Buffer.concat(batch.records.map(({ data }) => data)),
      });
      return;
    }
    const { file, records, failures } = format.encode(batch.records);
    this.errors.failed('format-conversion-failed', failures);
    if (file) await this.write(records, { bytes: file, formatExtension: format.extension });
  }

  processingFailed(failures: readonly FailedRecord[]): void {
    this.errors.failed('processing-failed', failures);
  }

  flush(): void {
    this.errors.flush();
    this.source?.flush();
  }

  discard(): void {
    this.errors.discard();
    this.source?.discard();
  }

  private async write(
    records: readonly FirehoseRecord[],
    content: Pick<ObjectContent, 'bytes' | 'formatExtension'>,
  ): Promise<void> {
    const { output } = this.parts;
    const written = await output.write({
      ...content,
      records: records.length,
      oldest: oldestOf(records),
      partitionKeys: records[0]?.partitionKeys,
    });
    const { journal } = this.surroundings;
    for (const record of records)
      journal.record(
        written ? 'delivered' : 'expired',
        journalId(record),
        output.settings.bucketArn,
      );
  }
}
