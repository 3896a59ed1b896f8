import type { FirehoseRecord } from '../record';
import { DeliveryBuffer } from './delivery-buffer';
import { DeliveryQueue } from './delivery-queue';
import type { Batch, Destination } from './destination';
import type { ConfiguredDestination } from './destination-kind';
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

  constructor(
    configured: ConfiguredDestination,
    private readonly surroundings: DeliverySurroundings,
  ) {
    this.destination = configured.open(surroundings);
    const { clock, arn } = surroundings;
    this.queue = new DeliveryQueue(clock, `delivery of ${arn}`, (batch) =>
      this.destination.deliver(batch),
    );
  }

  /** Takes a record from the source. */
  accept(record: FirehoseRecord): void {
    this.destination.received?.(record);
    this.buffer(record);
  }

  /** Sends on what is buffered, full or not: another configuration takes over. */
  flush(): void {
    for (const buffer of this.buffers.values()) buffer.flush();
    this.destination.flush();
  }

  /** Forgets everything: the delivery stream is deleted. */
  discard(): void {
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
