import { DeliveryBuffer } from '../delivery/delivery-buffer';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { FailedRecord, FirehoseRecord } from '../record';
import { deaggregate } from './deaggregation';
import { extractMetadata } from './metadata-extraction';
import { ProcessingLane } from './processing-lane';
import type { ProcessingSettings } from './processing-settings';
import type { Transformation, TransformedRecords } from './transformation';
import { type Unpacked, unpack } from './unpacking';

/** Where records go after they have been processed. */
export interface ProcessingOutput {
  processed(record: FirehoseRecord): void;
  failed(failures: readonly FailedRecord[]): void;
  /** A batch has been dealt with. */
  progressed(): void;
}

const mebibyte = 1024 * 1024;

/**
 * What is done with records between source and buffer: they are unpacked and taken apart, transformed, asked for their partition
 * keys, and given a delimiter. The order of records of a shard is kept.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html for the order of steps
 */
export class Processing {
  /** By shard; one for all records that are put directly. */
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly settings: ProcessingSettings,
    private readonly transformation: Transformation | undefined,
    private readonly surroundings: DeliverySurroundings,
    private readonly output: ProcessingOutput,
  ) {}

  accept(record: FirehoseRecord): void {
    const { transformation, settings } = this;
    const records = this.takenApart(record);
    if (!transformation && settings.metadataQuery === undefined) {
      for (const part of records) this.output.processed(this.delimited(part));
      return;
    }
    const { buffer } = this.laneOf(record.origin?.shardId ?? '');
    for (const part of records) buffer.add(part);
  }

  /** Whether batches wait for those that are being processed. */
  get backedUp(): boolean {
    return [...this.lanes.values()].some(({ lane }) => lane.backedUp);
  }

  /** Calls when all records of a shard, of which there are no more, have been processed. */
  whenShardProcessed(shardId: string, then: () => void): void {
    const lane = this.lanes.get(shardId);
    lane?.buffer.flush();
    if (lane) lane.lane.whenIdle(then);
    else then();
  }

  flush(): void {
    for (const { buffer } of this.lanes.values()) buffer.flush();
  }

  discard(): void {
    for (const { buffer, lane } of this.lanes.values()) {
      buffer.discard();
      lane.discard();
    }
  }

  private takenApart(record: FirehoseRecord): readonly FirehoseRecord[] {
    const { decompress, deaggregation, extractMessages } = this.settings;
    let records: readonly FirehoseRecord[] = [record];
    if (decompress)
      records = this.each(records, (packed) => {
        const unpacked = unpack(packed, extractMessages);
        this.countDecompression(packed, unpacked);
        return unpacked;
      });
    if (deaggregation) records = this.each(records, (whole) => deaggregate(whole, deaggregation));
    return records;
  }

  private each(
    records: readonly FirehoseRecord[],
    step: (record: FirehoseRecord) => Unpacked,
  ): FirehoseRecord[] {
    return records.flatMap((record) => {
      const result = step(record);
      if (!('errorCode' in result)) return result;
      this.output.failed([result]);
      return [];
    });
  }

  private countDecompression(packed: FirehoseRecord, unpacked: Unpacked): void {
    const { clock, metrics } = this.surroundings;
    if ('errorCode' in unpacked) {
      metrics.add('OutputDecompressedRecords.Failed', clock.now());
      metrics.add('OutputDecompressedBytes.Failed', clock.now(), packed.data.byteLength);
      return;
    }
    const bytes = unpacked.reduce((sum, { data }) => sum + data.byteLength, 0);
    metrics.add('OutputDecompressedRecords.Success', clock.now());
    metrics.add('OutputDecompressedBytes.Success', clock.now(), bytes);
  }

  private laneOf(shardId: string): Lane {
    let lane = this.lanes.get(shardId);
    if (!lane) {
      lane = this.newLane();
      this.lanes.set(shardId, lane);
    }
    return lane;
  }

  private newLane(): Lane {
    const { clock, arn } = this.surroundings;
    const { transformation } = this.settings;
    const lane = new ProcessingLane<readonly FirehoseRecord[], TransformedRecords>(
      clock,
      `processing of ${arn}`,
      (batch) => this.process(batch),
      ({ failures, records }) => {
        if (failures.length > 0) this.output.failed(failures);
        for (const record of records) this.output.processed(this.delimited(record));
        this.output.progressed();
      },
    );
    const buffer = new DeliveryBuffer<FirehoseRecord>(
      clock,
      `processing buffer of ${arn}`,
      {
        bytes: transformation?.bufferBytes ?? mebibyte,
        milliseconds: transformation?.bufferMilliseconds ?? 0,
      },
      ({ data }) => data.byteLength,
      (records) => lane.add(records),
    );
    return { buffer, lane };
  }

  private async process(batch: readonly FirehoseRecord[]): Promise<TransformedRecords> {
    const { metadataQuery } = this.settings;
    const transformed = await (this.transformation?.run(batch) ?? { records: batch, failures: [] });
    if (metadataQuery === undefined) return transformed;
    const extracted = await extractMetadata(transformed.records, metadataQuery, this.surroundings);
    return {
      records: extracted.records,
      failures: [...transformed.failures, ...extracted.failures],
    };
  }

  private delimited(record: FirehoseRecord): FirehoseRecord {
    const { delimiter } = this.settings;
    return delimiter ? { ...record, data: Buffer.concat([record.data, delimiter]) } : record;
  }
}

interface Lane {
  readonly buffer: DeliveryBuffer<FirehoseRecord>;
  readonly lane: ProcessingLane<readonly FirehoseRecord[], TransformedRecords>;
}
