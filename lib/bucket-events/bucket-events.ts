import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  LambdaDestination,
  SnsDestination,
  SqsDestination,
} from 'aws-cdk-lib/aws-s3-notifications';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { throwIfAny } from '../validation';
import { acknowledgeNotificationsHandler } from './notifications-handler';
import { type NotificationRule, overlap } from './rule-overlaps';

/** What {@link BucketEvents} is made for. */
export interface BucketEventsProps {
  /** The bucket; one that was imported keeps the notifications it has. */
  readonly bucket: s3.IBucket;
}

/** Which events of which objects are sent. */
export interface BucketEventOptions {
  /**
   * Kinds of events.
   *
   * @default [s3.EventType.OBJECT_CREATED]
   */
  readonly events?: readonly s3.EventType[];

  /**
   * What the object's key begins with.
   *
   * @default - every key
   */
  readonly prefix?: string;

  /**
   * What the object's key ends with.
   *
   * @default - every key
   */
  readonly suffix?: string;
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

  private readonly rules: NotificationRule[] = [];

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
    { events = [s3.EventType.OBJECT_CREATED], prefix, suffix }: BucketEventOptions,
    fifo?: 'queue' | 'topic',
  ): void {
    const rules = events.map((event) => ({ event, prefix, suffix }));
    throwIfAny(this, '', BucketEvents.name, [
      ...(fifo === undefined
        ? []
        : [`S3 cannot send event notifications to a FIFO ${fifo}: go through EventBridge`]),
      ...(rules.length === 0 ? ['events must name at least one kind of event'] : []),
      ...this.overlaps(rules),
    ]);
    this.rules.push(...rules);
    const filters = prefix === undefined && suffix === undefined ? [] : [{ prefix, suffix }];
    for (const { event } of rules) {
      this.bucket.addEventNotification(event, destination, ...filters);
    }
    acknowledgeNotificationsHandler(this);
  }

  private overlaps(rules: readonly NotificationRule[]): string[] {
    return rules.flatMap((rule, index) =>
      [...this.rules, ...rules.slice(0, index)]
        .filter((before) => overlap(rule, before))
        .map(
          (before) =>
            `${described(rule)} would match what ${described(before)} matches: S3 takes one destination for an event; publish it to a FanOut and subscribe both there`,
        ),
    );
  }
}

function described({ event, prefix, suffix }: NotificationRule): string {
  const keys = [
    ...(prefix === undefined ? [] : [`prefix '${prefix}'`]),
    ...(suffix === undefined ? [] : [`suffix '${suffix}'`]),
  ];
  return keys.length === 0 ? event : `${event} with ${keys.join(' and ')}`;
}
