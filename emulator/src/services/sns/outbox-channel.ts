import type { Clock } from '../../clock/clock';
import type { Channel, Delivery, Outcome } from './delivery';
import type { Outbox, OutboxEntry } from './outbox';
import type { PlatformRegistry } from './platforms';
import { awsEndpointSchedule } from './retry-schedule';

const defaultSubject = 'AWS Notification Message';
const confirmationSubject = 'AWS Notification - Subscription Confirmation';

/** Mails: the text for people, or the document with `email-json`. */
export function mailChannel(outbox: Outbox, clock: Clock): Channel {
  return {
    retries: () => awsEndpointSchedule,
    deliver(delivery) {
      const { subscription, notification, document } = delivery;
      const { text, subject } = document.content;
      const asJson = subscription.protocol === 'email-json';
      outbox.add({
        ...entryOf(delivery, clock),
        protocol: asJson ? 'email-json' : 'email',
        subject: notification ? (subject ?? defaultSubject) : confirmationSubject,
        body: asJson
          ? document.text(subscription.arn)
          : notification
            ? text
            : `${text}\n${document.subscribeUrl ?? ''}`,
      });
      return { kind: 'delivered' };
    },
  };
}

/** Text messages. */
export function smsChannel(outbox: Outbox, clock: Clock): Channel {
  return {
    retries: () => awsEndpointSchedule,
    deliver(delivery) {
      outbox.add({ ...entryOf(delivery, clock), protocol: 'sms', subject: undefined });
      return { kind: 'delivered' };
    },
  };
}

/** Push notifications to the endpoints of platform applications. */
export function pushChannel(
  outbox: Outbox,
  clock: Clock,
  platformsOf: (endpointArn: string) => PlatformRegistry,
): Channel {
  return {
    retries: () => awsEndpointSchedule,
    deliver(delivery): Outcome {
      const { subscription, notification, document } = delivery;
      const endpoint = platformsOf(subscription.endpoint).endpoint(subscription.endpoint);
      const reason = !endpoint
        ? 'Endpoint does not exist'
        : endpoint.enabled
          ? undefined
          : 'Endpoint is disabled';
      if (reason !== undefined || !endpoint)
        return { kind: 'failed', reason: reason ?? '', passing: false };
      outbox.add({
        ...entryOf(delivery, clock),
        protocol: 'application',
        subject: document.content.subject,
        body: notification?.message.texts?.get(endpoint.platform) ?? document.content.text,
      });
      return { kind: 'delivered' };
    },
  };
}

function entryOf(
  { subscription, document }: Delivery,
  clock: Clock,
): Omit<OutboxEntry, 'protocol'> {
  return {
    address: subscription.endpoint,
    subject: document.content.subject,
    body: document.content.text,
    time: clock.now(),
    messageId: document.content.id,
    topicArn: subscription.topic.arn,
  };
}
