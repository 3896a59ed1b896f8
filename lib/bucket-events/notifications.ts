import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { BucketEventOptions } from './bucket-event-options';
import { acknowledgeNotificationsHandler } from './notifications-handler';
import { type NotificationRule, overlap } from './rule-overlaps';

/** Rules of each bucket, of every construct of the app that has made some. */
const rulesByBucket = new WeakMap<s3.IBucket, NotificationRule[]>();

/**
 * What is wrong with sending what happens in a bucket.
 *
 * @param fifo - what is FIFO, if it is to be sent to such
 */
export function notificationFailures(
  bucket: s3.IBucket,
  options: BucketEventOptions,
  fifo?: 'queue' | 'topic',
): string[] {
  const rules = rulesOf(options);
  const others = rulesByBucket.get(bucket) ?? [];
  return [
    ...(fifo === undefined
      ? []
      : [`S3 cannot send event notifications to a FIFO ${fifo}: go through EventBridge`]),
    ...(rules.length === 0 ? ['events must name at least one kind of event'] : []),
    ...rules.flatMap((rule, index) =>
      [...others, ...rules.slice(0, index)]
        .filter((other) => overlap(rule, other))
        .map(
          (other) =>
            `${described(rule)} would match what ${described(other)} matches: S3 takes one destination for an event; publish it to a FanOut and subscribe both there`,
        ),
    ),
  ];
}

/** Sends what happens in a bucket; what {@link notificationFailures} finds would fail at deployment. */
export function addNotifications(
  scope: IConstruct,
  bucket: s3.IBucket,
  destination: s3.IBucketNotificationDestination,
  options: BucketEventOptions,
): void {
  const { prefix, suffix } = options;
  const rules = rulesOf(options);
  rulesByBucket.set(bucket, [...(rulesByBucket.get(bucket) ?? []), ...rules]);
  const filters = prefix === undefined && suffix === undefined ? [] : [{ prefix, suffix }];
  for (const { event } of rules) bucket.addEventNotification(event, destination, ...filters);
  acknowledgeNotificationsHandler(scope);
}

function rulesOf({ events = [s3.EventType.OBJECT_CREATED], prefix, suffix }: BucketEventOptions) {
  return events.map((event) => ({ event, prefix, suffix }));
}

function described({ event, prefix, suffix }: NotificationRule): string {
  const keys = [
    ...(prefix === undefined ? [] : [`prefix '${prefix}'`]),
    ...(suffix === undefined ? [] : [`suffix '${suffix}'`]),
  ];
  return keys.length === 0 ? event : `${event} with ${keys.join(' and ')}`;
}
