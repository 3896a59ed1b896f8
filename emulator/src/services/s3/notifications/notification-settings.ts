import { type EmittedEvent, type EventType, includesEvent } from './event-types';

type S3 = typeof import('@aws-sdk/client-s3');
type FilterRuleName = import('@aws-sdk/client-s3').FilterRuleName;

/** A notification configuration as GetBucketNotificationConfiguration answers it. */
type NotificationConfiguration = NonNullable<
  InstanceType<
    S3['PutBucketNotificationConfigurationCommand']
  >['input']['NotificationConfiguration']
>;

/** What an event can be sent to. */
export type DestinationKind = 'queue' | 'topic' | 'function';

/** Which events, on which keys, go to which destination. */
export interface NotificationRule {
  readonly id: string;
  readonly kind: DestinationKind;
  readonly arn: string;
  readonly events: readonly EventType[];
  /** As given, with names in S3's spelling; undefined for every key. */
  readonly filter: readonly FilterRule[] | undefined;
}

/** One end of a key. */
export interface FilterRule {
  readonly name: 'Prefix' | 'Suffix';
  readonly value: string;
}

/** What a bucket notifies of its events. */
export interface NotificationSettings {
  readonly rules: readonly NotificationRule[];
  /** Whether the default bus of EventBridge is told of every event, too. */
  readonly eventBridge: boolean;
}

/** Whether a rule is for an event on a key. */
export function concerns(rule: NotificationRule, event: EmittedEvent, key: string): boolean {
  return (
    rule.events.some((type) => includesEvent(type, event)) &&
    key.startsWith(endOf(rule, 'Prefix')) &&
    key.endsWith(endOf(rule, 'Suffix'))
  );
}

/** The prefix or suffix that keys must have; empty if any will do. */
export function endOf(rule: NotificationRule, name: FilterRule['name']): string {
  return rule.filter?.find((end) => end.name === name)?.value ?? '';
}

/** Whether somebody is told of what lifecycle rules expire. */
export function tellsOfExpiry(settings: NotificationSettings | undefined): boolean {
  if (!settings) return false;
  return (
    settings.eventBridge ||
    settings.rules.some((rule) =>
      rule.events.some((type) => type.startsWith('s3:LifecycleExpiration:')),
    )
  );
}

/** Settings in the API's form. */
export function describeNotifications(
  settings: NotificationSettings | undefined,
): NotificationConfiguration {
  if (!settings) return {};
  const ofKind = (kind: DestinationKind) => settings.rules.filter((rule) => rule.kind === kind);
  const queues = ofKind('queue').map((rule) => ({ ...describe(rule), QueueArn: rule.arn }));
  const topics = ofKind('topic').map((rule) => ({ ...describe(rule), TopicArn: rule.arn }));
  const functions = ofKind('function').map((rule) => ({
    ...describe(rule),
    LambdaFunctionArn: rule.arn,
  }));
  return {
    QueueConfigurations: queues.length > 0 ? queues : undefined,
    TopicConfigurations: topics.length > 0 ? topics : undefined,
    LambdaFunctionConfigurations: functions.length > 0 ? functions : undefined,
    EventBridgeConfiguration: settings.eventBridge ? {} : undefined,
  };
}

function describe({ id, events, filter }: NotificationRule) {
  return {
    Id: id,
    Events: [...events],
    Filter: filter && {
      Key: {
        FilterRules: filter.map(({ name, value }) => ({
          // S3 answers `Prefix`, whatever was put, where its model has `prefix` only.
          Name: name as string as FilterRuleName,
          Value: value,
        })),
      },
    },
  };
}
