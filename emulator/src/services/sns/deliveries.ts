import { ServiceError } from '../../protocol/errors';
import type { ServiceEnvironment } from '../service';
import {
  type Channel,
  type Delivery,
  type Outcome,
  queueMessage,
  type TopicQueues,
} from './delivery';
import type { DocumentSurroundings, SnsDocument } from './documents';
import type { PublishedMessage } from './message';
import { Notification } from './notification';
import type { Protocol } from './protocols';
import { retryDelay } from './retry-schedule';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

/** How many subscriptions are served in one go, so that a large topic does not hold up everything else. */
const atOnce = 1_000;

/** A message and the subscriptions that its topic had when it was published. */
interface FanOut {
  readonly topic: Topic;
  readonly message: PublishedMessage;
  readonly subscriptions: readonly Subscription[];
  /** Made when the first subscription is served. */
  notification: Notification | undefined;
  next: number;
}

/**
 * Brings messages from topics to subscribers.
 *
 * Nobody waits for it: what is published is a timer that is due at once, and served in the order of
 * publishing. A delivery that fails on the receiver's side is tried again by the schedule of its protocol;
 * one that fails on SNS's side, such as a queue that does not let SNS in, is not. What cannot be delivered
 * goes to the subscription's dead-letter queue, or is lost. The journal says which, and why.
 */
export class Deliveries {
  private readonly waiting: FanOut[] = [];
  private scheduled = false;
  private surroundings: DocumentSurroundings | undefined;
  /** Deliveries of FIFO topics that wait until one before them in their group is done. */
  private readonly groups = new Map<string, Delivery[]>();

  constructor(
    private readonly env: ServiceEnvironment,
    private readonly channels: Readonly<Record<Protocol, Channel>>,
    private readonly queues: TopicQueues,
    private readonly loadSurroundings: () => Promise<DocumentSurroundings>,
  ) {}

  /** Sends a message to everyone who has subscribed to its topic so far. */
  fanOut(topic: Topic, message: PublishedMessage): void {
    const subscriptions = topic.subscriptions.list();
    if (subscriptions.length === 0) return;
    this.waiting.push({ topic, message, subscriptions, notification: undefined, next: 0 });
    this.schedule(topic.arn);
  }

  /** Sends a document about a subscription itself. */
  send(subscription: Subscription, document: SnsDocument): void {
    const startedAt = this.env.clock.now();
    const delivery = { subscription, notification: undefined, document, startedAt, attempts: 0 };
    this.later(0, delivery);
  }

  private schedule(arn: string): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.env.clock.after(0, `notifications of ${arn}`, () => {
      if (this.surroundings) this.serve(this.surroundings);
      else
        void this.env.clock.work('documents of SNS', async () => {
          this.surroundings = await this.loadSurroundings();
          this.serve(this.surroundings);
        });
    });
  }

  private serve(surroundings: DocumentSurroundings): void {
    this.scheduled = false;
    let left = atOnce;
    let done = 0;
    for (const fanOut of this.waiting) {
      const { topic, message, subscriptions } = fanOut;
      fanOut.notification ??= new Notification(topic, message, surroundings);
      for (; fanOut.next < subscriptions.length && left > 0; fanOut.next += 1, left -= 1) {
        const subscription = subscriptions[fanOut.next];
        if (subscription) this.offer(subscription, fanOut.notification);
      }
      if (left === 0 && fanOut.next < subscriptions.length) break;
      done += 1;
    }
    this.waiting.splice(0, done);
    const [first] = this.waiting;
    if (first) this.schedule(first.topic.arn);
  }

  private offer(subscription: Subscription, notification: Notification): void {
    if (!subscription.confirmed || subscription.deleted) return;
    const { filter, filterScope } = subscription.attributes;
    const filteredOut = filter && notification.filterable.filteredOut(filter, filterScope);
    const now = this.env.clock.now();
    if (filteredOut !== undefined) {
      const { metrics } = notification.topic;
      metrics.add('NumberOfNotificationsFilteredOut', now);
      metrics.add(`NumberOfNotificationsFilteredOut-${filteredOut}`, now);
      this.env.journal.record('filtered-out', notification.message.id, subscription.endpoint, {
        subscription: subscription.arn,
        reason: filteredOut,
      });
      return;
    }
    const document = notification.documentFor(subscription);
    this.inOrder({ subscription, notification, document, startedAt: now, attempts: 0 });
  }

  /** Messages of a group of a FIFO topic wait for those before them. */
  private inOrder(delivery: Delivery): void {
    const key = groupKey(delivery);
    const group = key === undefined ? undefined : this.groups.get(key);
    if (group) group.push(delivery);
    else this.attempt(delivery);
  }

  private attempt(delivery: Delivery): void {
    const { subscription } = delivery;
    if (subscription.deleted && delivery.notification) {
      this.finished(delivery);
      return;
    }
    const outcome = this.channels[subscription.protocol].deliver(delivery);
    if (typeof outcome !== 'function') this.settle(delivery, outcome);
    else
      void this.env.clock.work(`delivery to ${subscription.endpoint}`, async () => {
        this.settle(delivery, await outcome());
      });
  }

  private settle(delivery: Delivery, outcome: Outcome): void {
    delivery.attempts += 1;
    if (outcome.kind === 'delivered') {
      this.count(delivery, 'NumberOfNotificationsDelivered');
      const { arn: subscription, endpoint } = delivery.subscription;
      const { as } = outcome;
      const detail: Record<string, string> =
        as === undefined ? { subscription } : { subscription, as };
      this.env.journal.record('delivered', delivery.document.content.id, endpoint, detail);
      this.finished(delivery);
      return;
    }
    const channel = this.channels[delivery.subscription.protocol];
    const delay = outcome.passing ? this.delayOf(channel, delivery) : undefined;
    if (delay === undefined || channel.countsAttempts)
      this.count(delivery, 'NumberOfNotificationsFailed');
    this.record('failed', delivery, {
      reason: outcome.reason,
      attempt: delivery.attempts,
      ...(delay !== undefined && { retryInMilliseconds: delay }),
    });
    if (delay !== undefined) {
      const key = groupKey(delivery);
      if (key !== undefined && !this.groups.has(key)) this.groups.set(key, []);
      this.later(delay, delivery);
      return;
    }
    if (delivery.notification) this.deadLetter(delivery, outcome.reason);
    this.finished(delivery);
  }

  private delayOf(channel: Channel, delivery: Delivery): number | undefined {
    const delay = retryDelay(channel.retries(delivery.subscription), delivery.attempts - 1);
    const { longestTrying = Number.POSITIVE_INFINITY } = channel;
    const end = delivery.startedAt + longestTrying;
    return delay === undefined || this.env.clock.now() + delay > end ? undefined : delay;
  }

  private later(delay: number, delivery: Delivery): void {
    const { arn } = delivery.subscription;
    this.env.clock.after(delay, `delivery of ${arn}`, () => this.attempt(delivery));
  }

  /** Lets those go on that have waited for a delivery of their group. */
  private finished(delivery: Delivery): void {
    const key = groupKey(delivery);
    const group = key === undefined ? undefined : this.groups.get(key);
    if (key === undefined || !group) return;
    this.groups.delete(key);
    group.forEach((next) => {
      this.inOrder(next);
    });
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html */
  private deadLetter(delivery: Delivery, reason: string): void {
    const { deadLetterTargetArn: queueArn } = delivery.subscription.attributes;
    if (queueArn === undefined) return;
    const message = queueMessage(delivery, queueArn);
    try {
      const as = this.queues.send(queueArn, message, delivery.subscription.topic.caller);
      this.count(delivery, 'NumberOfNotificationsRedrivenToDlq');
      this.record('dead-lettered', delivery, { deadLetterQueue: queueArn, reason, as: as ?? '' });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.count(delivery, 'NumberOfNotificationsFailedToRedriveToDlq');
      this.record('failed', delivery, {
        deadLetterQueue: queueArn,
        reason: `${error.code}: ${error.message}`,
      });
    }
  }

  private count(
    { subscription, notification }: Delivery,
    metric: Parameters<Subscription['topic']['metrics']['add']>[0],
  ): void {
    if (notification) subscription.topic.metrics.add(metric, this.env.clock.now());
  }

  private record(
    kind: 'failed' | 'dead-lettered',
    { subscription, document }: Delivery,
    detail: Readonly<Record<string, string | number>>,
  ): void {
    const { endpoint, arn } = subscription;
    this.env.journal.record(kind, document.content.id, endpoint, { subscription: arn, ...detail });
  }
}

/** What a delivery has to keep in order with; undefined if it does not. */
function groupKey({ subscription, notification }: Delivery): string | undefined {
  const groupId = notification?.topic.fifo ? notification.message.groupId : undefined;
  return groupId === undefined ? undefined : `${subscription.arn} ${groupId}`;
}
