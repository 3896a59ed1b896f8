import type { InstanceOptions } from '../instances/instance-options';
import type { IScaling } from '../queue-workers/scaling-contract';
import type { WriteBufferProps } from './write-buffer-props';

/**
 * What an {@link InstanceWriteBuffer} is told: where to write, how long the sink may be away, and the instances that write.
 *
 * The props of the queue (`fifo`, `retentionPeriod`, `encryptionKey` …) are those of `WorkQueueProps`.
 */
export interface InstanceWriteBufferProps
  extends Omit<WriteBufferProps, 'batchSize' | 'maxBatchingWindow'>,
    Omit<InstanceOptions, 'program'> {
  /**
   * The most instances; at least 1, not below `minCapacity`, and not more than the sink bears: each writes a batch of up to 10
   * messages at a time, over one connection.
   *
   * @default - as many as the sink bears, but not more than 10
   */
  readonly maxCapacity?: number;

  /**
   * How the number of instances follows the queue: `Scaling.step({...})` or `Scaling.backlogPerInstance({...})`.
   *
   * @default Scaling.step()
   */
  readonly scaling?: IScaling;
}
