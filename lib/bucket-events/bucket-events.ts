import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import {
  LambdaDestination,
  SnsDestination,
  SqsDestination,
} from 'aws-cdk-lib/aws-s3-notifications';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { throwIfAny } from '../validation';
import type { BucketEventOptions } from './bucket-event-options';
import { addNotifications, notificationFailures } from './notifications';

/** What {@link BucketEvents} is made for. */
export interface BucketEventsProps {
  /** The bucket; one that was imported keeps the notifications it has. */
  readonly bucket: s3.IBucket;
}

/**
 * What happens in a bucket, straight to a queue, a topic or a function.
 *
 * S3 takes one destination for an event and a key. Where several are to have the same event, send it to a
 * `FanOut` with `addBucketSource`, and subscribe them there.
 *
 * @example
 * const events = new BucketEvents(this, 'Events', { bucket });
 * events.toQueue(thumbnails.queue, { prefix: 'photos/', suffix: '.jpg' });
 * events.toFunction(audit, { events: [s3.EventType.OBJECT_REMOVED] });
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 */
export class BucketEvents extends Construct {
  /** The bucket. */
  public readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: BucketEventsProps) {
    super(scope, id);
    this.bucket = props.bucket;
  }

  /** Sends events to a queue, and lets the bucket send there. FIFO queues are refused: S3 cannot send to them. */
  public toQueue(queue: sqs.IQueue, options: BucketEventOptions = {}): void {
    this.add(new SqsDestination(queue), options, queue.fifo ? 'queue' : undefined);
  }

  /** Publishes events to a topic, and lets the bucket publish there. FIFO topics are refused: S3 cannot publish to them. */
  public toTopic(topic: sns.ITopic, options: BucketEventOptions = {}): void {
    this.add(new SnsDestination(topic), options, topic.fifo ? 'topic' : undefined);
  }

  /** Calls a function asynchronously, and lets the bucket do so. */
  public toFunction(fn: lambda.IFunction, options: BucketEventOptions = {}): void {
    this.add(new LambdaDestination(fn), options);
  }

  private add(
    destination: s3.IBucketNotificationDestination,
    options: BucketEventOptions,
    fifo?: 'queue' | 'topic',
  ): void {
    throwIfAny(this, '', BucketEvents.name, notificationFailures(this.bucket, options, fifo));
    addNotifications(this, this.bucket, destination, options);
  }
}
