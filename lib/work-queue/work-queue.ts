import { Duration, PhysicalName, Stack, Validations } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLettersAlarm } from '../alarms/dead-letters-alarm';
import { notifyOn } from '../alarms/notify';
import { failuresOf, isKnown, throwIfAny } from '../validation';
import { accountOf, allowAccount, allowEventSource } from './event-sources';
import { ageAlarm, depthAlarm, type WorkQueueAlarms } from './work-queue-alarms';
import type { WorkQueueProps } from './work-queue-props';
import {
  DEFAULT_DEAD_LETTER_RETENTION,
  DEFAULT_RETENTION,
  derivedVisibility,
  WORK_QUEUE_RULES,
} from './work-queue-rules';

const DEFAULT_MAX_RECEIVE_COUNT = 5;
const DEFAULT_MAX_DEPTH = 10_000;

/**
 * An SQS queue with what a production queue needs: a dead-letter queue of the same type that keeps
 * messages longer than their source, encryption, TLS only, long polling and alarms.
 *
 * @example
 * const queue = new WorkQueue(this, 'Orders', { consumerTimeout: Duration.seconds(30) });
 * queue.grantSend(frontEnd);
 */
export class WorkQueue extends Construct {
  /** The queue that producers send to. */
  public readonly queue: sqs.Queue;

  /** Where messages go that were received too often. */
  public readonly deadLetterQueue: sqs.Queue;

  /** How long a received message stays hidden from other consumers. */
  public readonly visibilityTimeout: Duration;

  /** How often a message is received before it goes to the dead-letter queue. */
  public readonly maxReceiveCount: number;

  /** Its alarms. */
  public readonly alarms: WorkQueueAlarms;

  /**
   * The AWS CLI command that sends what is in the dead-letter queue back to the queue.
   *
   * It names the destination: SQS knows the source of a message only if its redrive policy moved it, not
   * if a consumer sent it there.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
   */
  public readonly redriveCommand: string;

  constructor(scope: Construct, id: string, props: WorkQueueProps = {}) {
    throwIfAny(scope, id, WorkQueue.name, failuresOf(props, WORK_QUEUE_RULES));
    super(scope, id);

    this.visibilityTimeout = visibilityTimeoutOf(props);
    this.maxReceiveCount = props.maxReceiveCount ?? DEFAULT_MAX_RECEIVE_COUNT;
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetterQueue', {
      ...encryption(props),
      ...fifoProps(props),
      queueName: deadLetterQueueName(props.queueName),
      retentionPeriod: props.deadLetterRetentionPeriod ?? DEFAULT_DEAD_LETTER_RETENTION,
      enforceSSL: true,
      removalPolicy: props.removalPolicy,
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason:
        'It is a dead-letter queue: its messages are redriven by hand, to the queue they are from.',
    });
    this.queue = new sqs.Queue(this, 'Queue', {
      ...encryption(props),
      ...fifoProps(props),
      queueName: props.queueName,
      retentionPeriod: props.retentionPeriod ?? DEFAULT_RETENTION,
      visibilityTimeout: this.visibilityTimeout,
      deliveryDelay: props.deliveryDelay,
      receiveMessageWaitTime: props.receiveMessageWaitTime ?? Duration.seconds(20),
      maxMessageSizeBytes: props.maxMessageSizeBytes,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: this.maxReceiveCount },
      enforceSSL: true,
      removalPolicy: props.removalPolicy,
    });
    if (props.queueName !== undefined && props.queueName !== PhysicalName.GENERATE_IF_NEEDED) {
      this.closeDeadLetterQueue(props.queueName);
    }

    this.redriveCommand = `aws sqs start-message-move-task --source-arn ${this.deadLetterQueue.queueArn} --destination-arn ${this.queue.queueArn}`;
    this.alarms = {
      deadLetters: deadLettersAlarm(
        this,
        'DeadLettersAlarm',
        this.deadLetterQueue,
        `Messages failed for good. Once the cause is mended, send them back: ${this.redriveCommand}`,
      ),
      age: ageAlarm(this, 'AgeAlarm', this.queue, props.maxAge ?? Duration.hours(1)),
      depth: depthAlarm(this, 'DepthAlarm', this.queue, props.maxDepth ?? DEFAULT_MAX_DEPTH),
    };
    if (props.alarmTopic !== undefined) {
      const { age, deadLetters, depth } = this.alarms;
      notifyOn(this, props.alarmTopic, [deadLetters, age, depth]);
    }
  }

  /**
   * Lets a principal send messages, and use the queue's key for it.
   *
   * @param grantee may belong to another account; the queue's policy then names it
   */
  public grantSend(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantSendMessages(grantee);
  }

  /**
   * Lets a principal receive and delete messages, and use the queue's key for it.
   */
  public grantConsume(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantConsumeMessages(grantee);
  }

  /**
   * Lets every principal of another account send messages whose own policies let it.
   *
   * @param accountId 12 digits
   */
  public allowAccount(accountId: string): void {
    throwIfAny(
      this,
      '',
      WorkQueue.name,
      isKnown(accountId) && !/^\d{12}$/.test(accountId)
        ? [`accountId must be 12 digits, got '${accountId}'`]
        : [],
    );
    allowAccount(this.queue, accountId);
  }

  /**
   * Lets an SNS topic deliver to this queue: one that is subscribed elsewhere, in another account say.
   *
   * `SqsSubscription` of aws-cdk-lib does this by itself. Throws for a FIFO queue and a standard topic,
   * which SNS does not connect.
   */
  public allowTopic(topic: sns.ITopic): void {
    throwIfAny(
      this,
      '',
      WorkQueue.name,
      this.queue.fifo && !topic.fifo
        ? ['a FIFO queue cannot be subscribed to a standard topic: make the topic FIFO too']
        : [],
    );
    allowEventSource(this.queue, { service: 'sns.amazonaws.com', sourceArn: topic.topicArn });
  }

  /**
   * Lets an S3 bucket send its event notifications to this queue: one whose notifications are set elsewhere.
   *
   * `SqsDestination` of aws-cdk-lib does this by itself. Throws for a FIFO queue, which S3 cannot send to: put EventBridge in between.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
   */
  public allowBucket(bucket: s3.IBucket): void {
    throwIfAny(
      this,
      '',
      WorkQueue.name,
      this.queue.fifo
        ? ['S3 cannot send event notifications to a FIFO queue: go through EventBridge']
        : [],
    );
    allowEventSource(this.queue, {
      service: 's3.amazonaws.com',
      sourceArn: bucket.bucketArn,
      // A bucket's ARN has no account: a bucket of that name made by somebody else would match.
      sourceAccount: accountOf(this, bucket.env.account),
    });
  }

  /**
   * Lets an EventBridge rule send to this queue: one whose targets are set elsewhere.
   *
   * The target `SqsQueue` of aws-cdk-lib does this by itself.
   */
  public allowRule(rule: events.IRule): void {
    allowEventSource(this.queue, { service: 'events.amazonaws.com', sourceArn: rule.ruleArn });
  }

  /**
   * Takes dead letters from this queue only.
   *
   * By name: the queue names its dead-letter queue, so a reference back would be a circle.
   */
  private closeDeadLetterQueue(queueName: string): void {
    const resource = this.deadLetterQueue.node.defaultChild;
    if (resource instanceof sqs.CfnQueue) {
      const sourceArn = Stack.of(this).formatArn({ service: 'sqs', resource: queueName });
      resource.redriveAllowPolicy = {
        redrivePermission: sqs.RedrivePermission.BY_QUEUE,
        sourceQueueArns: [sourceArn],
      };
    }
  }
}

function visibilityTimeoutOf(props: WorkQueueProps): Duration {
  const derived = derivedVisibility(props);
  return derived === undefined
    ? (props.visibilityTimeout ?? Duration.seconds(30))
    : Duration.seconds(derived);
}

function encryption(
  props: WorkQueueProps,
): Pick<sqs.QueueProps, 'encryption' | 'encryptionMasterKey' | 'dataKeyReuse'> {
  return props.encryptionKey === undefined
    ? { encryption: sqs.QueueEncryption.SQS_MANAGED }
    : {
        encryption: sqs.QueueEncryption.KMS,
        encryptionMasterKey: props.encryptionKey,
        dataKeyReuse: props.dataKeyReuse,
      };
}

/** A dead-letter queue has to be of its source's type, and as fast. */
function fifoProps(
  props: WorkQueueProps,
): Pick<
  sqs.QueueProps,
  'fifo' | 'contentBasedDeduplication' | 'deduplicationScope' | 'fifoThroughputLimit'
> {
  return props.fifo === true
    ? {
        fifo: true,
        contentBasedDeduplication: props.contentBasedDeduplication,
        deduplicationScope: props.deduplicationScope,
        fifoThroughputLimit: props.fifoThroughputLimit,
      }
    : {};
}

function deadLetterQueueName(queueName: string | undefined): string | undefined {
  if (queueName === undefined || queueName === PhysicalName.GENERATE_IF_NEEDED) {
    return queueName;
  }
  return queueName.endsWith('.fifo')
    ? `${queueName.slice(0, -'.fifo'.length)}-dlq.fifo`
    : `${queueName}-dlq`;
}
