import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { WorkQueue } from '../work-queue';
import type { Delivery } from './delivery';
import { deadLetterQueueOf, warnOfQueue } from './existing-queue';
import type { WriteBufferProps } from './write-buffer-props';
import { retentionFor } from './write-buffer-rules';

/** The queue in front of a database. */
export interface BufferedQueue {
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  /** Undefined for a queue that was given. */
  readonly workQueue?: WorkQueue;
}

/**
 * The queue that the props give, or one that is made as they say. The props must be valid.
 */
export function bufferedQueue(
  scope: Construct,
  props: WriteBufferProps,
  delivery: Delivery,
): BufferedQueue {
  if (props.queue === undefined) {
    const workQueue = makeQueue(scope, props, delivery);
    return { queue: workQueue.queue, deadLetterQueue: workQueue.deadLetterQueue, workQueue };
  }
  const deadLetterQueue = deadLetterQueueOf(props);
  if (deadLetterQueue === undefined) {
    throw new Error('unreachable: the rules ask for a dead-letter queue');
  }
  warnOfQueue(scope, props.queue, delivery);
  return { queue: props.queue, deadLetterQueue };
}

function makeQueue(scope: Construct, props: WriteBufferProps, delivery: Delivery): WorkQueue {
  return new WorkQueue(scope, 'Queue', {
    queueName: props.queueName,
    fifo: props.fifo,
    contentBasedDeduplication: props.contentBasedDeduplication,
    deduplicationScope: props.deduplicationScope,
    fifoThroughputLimit: props.fifoThroughputLimit,
    deadLetterRetentionPeriod: props.deadLetterRetentionPeriod,
    deliveryDelay: props.deliveryDelay,
    receiveMessageWaitTime: props.receiveMessageWaitTime,
    maxMessageSizeBytes: props.maxMessageSizeBytes,
    encryptionKey: props.encryptionKey,
    dataKeyReuse: props.dataKeyReuse,
    alarmTopic: props.alarmTopic,
    maxDepth: props.maxDepth,
    maxAge: props.maxAge,
    removalPolicy: props.removalPolicy,
    retentionPeriod: retentionFor(props, delivery),
    visibilityTimeout: delivery.visibilityTimeout,
    maxReceiveCount: delivery.maxReceiveCount,
  });
}
