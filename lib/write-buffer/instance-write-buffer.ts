import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { QueueWorkers } from '../queue-workers';
import { throwIfAny } from '../validation';
import type { WorkQueue } from '../work-queue';
import { bufferedQueue } from './buffered-queue';
import type { InstanceWriteBufferProps } from './instance-write-buffer-props';
import { instanceWriteBufferFailures, mostInstances } from './instance-write-buffer-rules';
import {
  type InstanceWriteBufferAlarms,
  sinkErrorsAlarm,
  sinkThrottlesAlarm,
} from './write-buffer-alarms';
import { deliveryFor } from './write-buffer-rules';

/**
 * A {@link WriteBuffer} whose consumer are instances in place of a function: for a database that functions cannot reach, and for a
 * stream of writes that never ends, which instances take for less.
 *
 * The sinks are the same, and so are the two kinds of failure: what can never be written goes to the dead-letter queue at once, with the
 * reason in its attribute `FailureReason`; what cannot be written now waits, for as long as `outageTolerance`.
 *
 * @example
 * const orders = new InstanceWriteBuffer(this, 'Orders', {
 *   vpc,
 *   sink: Sink.postgres({
 *     cluster, vpc,
 *     table: 'orders',
 *     columns: { order_id: '$.orderId', amount: '$.amount' },
 *     conflictKey: 'order_id',
 *     connectionBudget: 4,
 *   }),
 * });
 * orders.grantSend(frontEnd);
 */
export class InstanceWriteBuffer extends Construct implements ec2.IConnectable {
  /** Where producers send to. */
  public readonly queue: sqs.IQueue;

  /** Where messages go that cannot be written. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** The queue with its alarms; undefined if `queue` was given. */
  public readonly workQueue?: WorkQueue;

  /** The consumer. */
  public readonly workers: QueueWorkers;

  /** Its alarms; those of its queue and of its instances are in `workQueue.alarms` and `workers.alarms`. */
  public readonly alarms: InstanceWriteBufferAlarms;

  constructor(scope: Construct, id: string, props: InstanceWriteBufferProps) {
    throwIfAny(scope, id, InstanceWriteBuffer.name, instanceWriteBufferFailures(props));
    super(scope, id);
    const delivery = deliveryFor(props);
    const { deadLetterQueue, queue, workQueue } = bufferedQueue(this, props, delivery);
    this.workQueue = workQueue;
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;

    const binding = props.sink.onInstances?.bind(this, { deadLetterQueue });
    if (binding === undefined) {
      throw new Error('unreachable: the rules ask for a sink that runs on instances');
    }
    this.workers = new QueueWorkers(this, 'Workers', {
      ...props,
      maxCapacity: mostInstances(props),
      program: binding.program,
      queue,
    });
    binding.grant(this.workers.role);
    binding.connect(this.workers.connections);

    const { sinkErrors: errors, throttles } = binding;
    this.alarms = {
      sinkErrors: sinkErrorsAlarm(this, errors, delivery.visibilityTimeout),
      sinkThrottles: throttles && sinkThrottlesAlarm(this, throttles, delivery.visibilityTimeout),
    };
    if (props.alarmTopic !== undefined) {
      notifyOn(this, props.alarmTopic, [this.alarms.sinkErrors, this.alarms.sinkThrottles]);
    }
  }

  /** The network side of the instances. */
  public get connections(): ec2.Connections {
    return this.workers.connections;
  }

  /**
   * Lets a principal send messages, and use the queue's key for it.
   */
  public grantSend(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantSendMessages(grantee);
  }
}
