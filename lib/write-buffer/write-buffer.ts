import { Stack, Validations } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { grantPolling } from '../encryption/queue-grants';
import { throwIfAny } from '../validation';
import type { WorkQueue } from '../work-queue';
import { bufferedQueue } from './buffered-queue';
import {
  functionErrorsAlarm,
  sinkErrorsAlarm,
  sinkThrottlesAlarm,
  type WriteBufferAlarms,
} from './write-buffer-alarms';
import type { WriteBufferProps } from './write-buffer-props';
import { deliveryFor, writeBufferFailures } from './write-buffer-rules';

const DEFAULT_BATCH_SIZE = 10;

/**
 * A queue in front of a database: producers send messages as fast as they like, a function writes them as
 * fast as the database takes them, and none is lost while the database is away.
 *
 * Delivery is at least once, and the sink absorbs what comes twice. A message that can never be written goes to
 * the dead-letter queue at once, with the reason in its attribute `FailureReason`; one that cannot be written now
 * waits, for as long as `outageTolerance`.
 *
 * @example
 * const orders = new WriteBuffer(this, 'Orders', {
 *   sink: Sink.postgres({
 *     cluster, vpc,
 *     table: 'orders',
 *     columns: { order_id: '$.orderId', amount: '$.amount', ordered_at: Column.sentTimestamp() },
 *     conflictKey: 'order_id',
 *   }),
 * });
 * orders.grantSend(frontEnd);
 */
export class WriteBuffer extends Construct implements ec2.IConnectable {
  /** Where producers send to. */
  public readonly queue: sqs.IQueue;

  /** Where messages go that cannot be written. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** The queue with its alarms; undefined if `queue` was given. */
  public readonly workQueue?: WorkQueue;

  /** The consumer. */
  public readonly function: lambda.IFunction;

  /** What feeds the function from the queue. */
  public readonly eventSource: lambda.EventSourceMapping;

  /** Its alarms; those of its queue are in `workQueue.alarms`. */
  public readonly alarms: WriteBufferAlarms;

  constructor(scope: Construct, id: string, props: WriteBufferProps) {
    throwIfAny(scope, id, WriteBuffer.name, writeBufferFailures(props));
    super(scope, id);

    const delivery = deliveryFor(props);
    const { deadLetterQueue, queue, workQueue } = bufferedQueue(this, props, delivery);
    this.workQueue = workQueue;
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;

    const binding = props.sink.bind(this, { deadLetterQueue });
    this.function = binding.function;
    const grant = this.grantConsume(queue, this.function);
    this.eventSource = new lambda.EventSourceMapping(this, 'EventSource', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: props.batchSize ?? DEFAULT_BATCH_SIZE,
      maxBatchingWindow: props.maxBatchingWindow,
      maxConcurrency: props.sink.maxConcurrency,
      reportBatchItemFailures: true,
    });
    // Lambda tries the role's rights when the mapping is made.
    grant?.applyBefore(this.eventSource);
    Validations.of(this.eventSource).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        "Lambda has no such destination for SQS: the queue's redrive policy is what catches failures.",
    });

    const { sinkErrors: errors, throttles } = binding;
    this.alarms = {
      functionErrors: functionErrorsAlarm(this, this.function, delivery.visibilityTimeout),
      sinkErrors: errors && sinkErrorsAlarm(this, errors, delivery.visibilityTimeout),
      sinkThrottles: throttles && sinkThrottlesAlarm(this, throttles, delivery.visibilityTimeout),
    };
    if (props.alarmTopic !== undefined) {
      const { functionErrors, sinkErrors, sinkThrottles } = this.alarms;
      notifyOn(this, props.alarmTopic, [functionErrors, sinkErrors, sinkThrottles]);
    }
  }

  /** The network side of the function; for a function outside of a VPC this throws. */
  public get connections(): ec2.Connections {
    return this.function.connections;
  }

  /**
   * Lets a principal send messages, and use the queue's key for it.
   */
  public grantSend(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantSendMessages(grantee);
  }

  /** In a policy of this stack where the function's role is of another one, which would else depend on this stack. */
  private grantConsume(queue: sqs.IQueue, fn: lambda.IFunction): iam.Grant | undefined {
    if (fn.role === undefined) {
      return undefined;
    }
    return grantPolling(
      queue,
      Stack.of(fn.role) === Stack.of(this)
        ? fn
        : new iam.Policy(this, 'ConsumerPolicy', { roles: [fn.role] }),
    );
  }
}
