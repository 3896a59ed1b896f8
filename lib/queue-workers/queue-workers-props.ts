import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { InstanceOptions } from '../instances/instance-options';
import type { IScaling } from './scaling-contract';

/**
 * What {@link QueueWorkers} are told: which queue to work off, with what, and how many of them there may be.
 */
export interface QueueWorkersProps extends InstanceOptions {
  /**
   * The queue whose messages the instances work off; its URL is their variable `QUEUE_URL`.
   *
   * A `WorkQueue` has what such a queue needs, the alarms on its backlog and on the age of its oldest message included.
   */
  readonly queue: sqs.IQueue;

  /**
   * How the number of instances follows the queue: `Scaling.step({...})` or `Scaling.backlogPerInstance({...})`.
   *
   * Without it, and with `minCapacity` as large as `maxCapacity`, the group keeps its size.
   *
   * @default Scaling.step()
   */
  readonly scaling?: IScaling;
}
