import { createHash } from 'node:crypto';
import type { Event, NotificationConfiguration } from '@aws-sdk/client-s3';
import { PropertyReader, type ResourceProperties } from '../provider';
import { s3Module } from './s3-module';

/** A notification of a bucket, whatever it goes to. */
export interface Notification {
  /** @default - S3 gives it one */
  readonly id?: string | undefined;
  /** Of the topic, queue or function. */
  readonly arn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** Prefix and suffix of the keys that it is about. */
  readonly rules: readonly { readonly name: string; readonly value: string }[];
}

/** All notifications of a bucket. */
export interface Notifications {
  readonly topics: readonly Notification[];
  readonly queues: readonly Notification[];
  readonly functions: readonly Notification[];
  readonly eventBridge: boolean;
}

export const kinds = ['topics', 'queues', 'functions'] as const;

export const noNotifications: Notifications = {
  topics: [],
  queues: [],
  functions: [],
  eventBridge: false,
};

/** The same number for the same notification, whatever its id, the order of its rules or their case. */
export function fingerprint({ arn, events, rules }: Notification): string {
  const sorted = rules.map(({ name, value }) => [name.toLowerCase(), value]).sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([arn, events, sorted]))
    .digest();
  return String(digest.readBigInt64BE());
}

/** What a custom resource asks for. */
export function fromProperties(properties: ResourceProperties): Notifications {
  const given = new PropertyReader(properties).object('NotificationConfiguration');
  const list = (kind: string, destination: string): Notification[] =>
    (given?.objects(kind) ?? []).map((one) => ({
      arn: one.requiredString(destination),
      events: one.strings('Events') ?? [],
      rules: (one.object('Filter')?.object('Key')?.objects('FilterRules') ?? []).map((rule) => ({
        name: rule.requiredString('Name'),
        value: rule.string('Value') ?? '',
      })),
    }));
  return {
    topics: list('TopicConfigurations', 'TopicArn'),
    queues: list('QueueConfigurations', 'QueueArn'),
    functions: list('LambdaFunctionConfigurations', 'LambdaFunctionArn'),
    eventBridge: given?.json('EventBridgeConfiguration') !== undefined,
  };
}

type Described = Pick<
  NonNullable<NotificationConfiguration['QueueConfigurations']>[number],
  'Events' | 'Filter' | 'Id'
>;

/** What S3 answers. */
export function fromApi(configuration: NotificationConfiguration): Notifications {
  const common = ({ Events: events = [], Filter: filter, Id: id }: Described) => ({
    id,
    events,
    rules: (filter?.Key?.FilterRules ?? []).map(({ Name: name = '', Value: value = '' }) => ({
      name,
      value,
    })),
  });
  const {
    EventBridgeConfiguration: eventBridge,
    LambdaFunctionConfigurations: functions = [],
    QueueConfigurations: queues = [],
    TopicConfigurations: topics = [],
  } = configuration;
  return {
    topics: topics.map((one) => ({ ...common(one), arn: one.TopicArn ?? '' })),
    queues: queues.map((one) => ({ ...common(one), arn: one.QueueArn ?? '' })),
    functions: functions.map((one) => ({ ...common(one), arn: one.LambdaFunctionArn ?? '' })),
    eventBridge: eventBridge !== undefined,
  };
}

/** What S3 is asked for. */
export function toApi(notifications: Notifications): NotificationConfiguration {
  const common = ({ events, id, rules }: Notification): Described => ({
    Id: id,
    Events: events.map(eventOf),
    Filter:
      rules.length === 0
        ? undefined
        : {
            Key: {
              FilterRules: rules.map(({ name, value }) => ({
                Name: name.toLowerCase() === 'prefix' ? 'prefix' : 'suffix',
                Value: value,
              })),
            },
          },
  });
  const { eventBridge, functions, queues, topics } = notifications;
  return {
    TopicConfigurations: topics.map((one) => ({ ...common(one), TopicArn: one.arn })),
    QueueConfigurations: queues.map((one) => ({ ...common(one), QueueArn: one.arn })),
    LambdaFunctionConfigurations: functions.map((one) => ({
      ...common(one),
      LambdaFunctionArn: one.arn,
    })),
    ...(eventBridge && { EventBridgeConfiguration: {} }),
  };
}

function eventOf(name: string): Event {
  const event = Object.values(s3Module().Event).find((known) => known === name);
  if (event) return event;
  throw new Error(`The event '${name}' is not supported for notifications`);
}
