import { Processing, type ProcessingOutput } from '../processing/processing';
import { Transformation } from '../processing/transformation';
import type { FirehoseRecord } from '../record';
import { DeliveryBuffer } from './delivery-buffer';
import { DeliveryQueue } from './delivery-queue';
import type { Batch, Destination } from './destination';
import type { ConfiguredDestination } from './destination-kind';
import { ErrorLog } from './error-log';
import type { DeliverySurroundings } from './surroundings';

/**
 * The way of records through a delivery stream, for one configuration of it: they are processed, buffered, and delivered batch
 * by batch.
 */
export class Pipeline {
  private readonly destination: Destination;
  private readonly queue: DeliveryQueue<Batch>;
  /** By the names of partitions: those that hold something. */
  private readonly buffers = new Map<string, DeliveryBuffer<FirehoseRecord>>();
  private readonly processing: Processing | undefined;

  /**
   * @param sourceStreamArn - @default - records are put directly
   * @param progressed - called when a batch has been processed or delivered
   */
  constructor(
    configured: ConfiguredDestination,
    sourceStreamArn: string | undefined,
    private readonly surroundings: DeliverySurroundings,
    progressed: () => void,
  ) {
    this.destination = configured.open(surroundings);
    const { clock, arn } = surroundings;
    this.queue = new DeliveryQueue(
      clock,
      `delivery of ${arn}`,
      (batch) => this.destination.deliver(batch),
      progressed,
    );
    this.processing = processingOf(configured, sourceStreamArn, surroundings, {
      processed: (record) => this.buffer(record),
      failed: (failures) => this.destination.processingFailed(failures),
      progressed,
    });
  }

  /** Whether it has more than it can process or deliver for now: a source stream is not read meanwhile. */
  get backedUp(): boolean {
    return this.queue.backedUp || (this.processing?.backedUp ?? false);
  }

  /** Calls when all records of a shard of the source, of which there are no more, have been processed. */
  whenShardProcessed(shardId: string, then: () => void): void {
    if (this.processing) this.processing.whenShardProcessed(shardId, then);
    else then();
  }

  /** Takes a record from the source. */
  accept(record: FirehoseRecord): void {
    this.destination.received?.(record);
    if (this.processing) this.processing.accept(record);
    else this.buffer(record);
  }

  /** Sends on what is buffered, full or not: another configuration takes over. */
  flush(): void {
    this.processing?.flush();
    for (const buffer of this.buffers.values()) buffer.flush();
    this.destination.flush();
  }

  /** Forgets everything: the delivery stream is deleted. */
  discard(): void {
    this.processing?.discard();
    for (const buffer of this.buffers.values()) buffer.discard();
    this.queue.discard();
    this.destination.discard();
  }

  private buffer(record: FirehoseRecord): void {
    const { buffers, destination } = this;
    const partition = destination.partitionOf ? destination.partitionOf(record, buffers) : '';
    if (partition !== undefined) this.bufferOf(partition).add(record);
  }

  private bufferOf(partition: string): DeliveryBuffer<FirehoseRecord> {
    let buffer = this.buffers.get(partition);
    if (!buffer) {
      const { clock, arn } = this.surroundings;
      buffer = new DeliveryBuffer<FirehoseRecord>(
        clock,
        `buffer of ${arn}`,
        this.destination.buffering,
        ({ data }) => data.byteLength,
        (records, bytes) => {
          this.buffers.delete(partition);
          this.queue.add({ records, bytes, partition });
        },
      );
      this.buffers.set(partition, buffer);
    }
    return buffer;
  }
}

function processingOf(
  { principal, processing }: ConfiguredDestination,
  sourceStreamArn: string | undefined,
  surroundings: DeliverySurroundings,
  output: ProcessingOutput,
): Processing | undefined {
  if (!processing) return undefined;
  const { transformation } = processing;
  const { destination, logging, roleArn } = principal;
  return new Processing(
    processing,
    transformation &&
      new Transformation(
        transformation,
        transformation.roleArn ?? roleArn,
        sourceStreamArn,
        new ErrorLog(surroundings, logging, roleArn, destination),
        surroundings,
      ),
    surroundings,
    output,
  );
}
