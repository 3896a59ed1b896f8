import type { ServiceCaller } from '../../iam/caller';
import type { MetricSink } from '../../metrics/metric-sink';
import { DeduplicationWindow } from '../deduplication-window';
import { type PublishedMessage, sequenceNumber } from './message';
import { type TopicMetrics, topicMetrics } from './metrics';
import { type TopicAddress, topicArn } from './names';
import { OrderedItems } from './ordered-items';
import type { Subscription } from './subscription';
import type { TopicAttributes } from './topic-attributes';
import { defaultPolicy } from './topic-policy';

/** The most subscriptions of a topic with messages above 256 KiB. */
export const mostLargeSubscriptions = 100;

/** A topic: its attributes, who has subscribed, and what a FIFO topic remembers of its messages. */
export class Topic {
  readonly arn: string;
  readonly tags = new Map<string, string>();
  readonly subscriptions = new OrderedItems<Subscription>(({ id }) => id);
  readonly metrics: TopicMetrics;
  /** SNS, as it calls others on behalf of the topic. */
  readonly caller: ServiceCaller;
  deletedSubscriptions = 0;
  private byEndpoint: Map<string, Subscription> | undefined;
  private published:
    | DeduplicationWindow<Pick<PublishedMessage, 'id' | 'sequenceNumber'>>
    | undefined;
  private sequence = 0;
  private ownPolicy: string | undefined;

  constructor(
    readonly address: TopicAddress,
    readonly attributes: TopicAttributes,
    sink: MetricSink,
  ) {
    this.arn = topicArn(address);
    this.metrics = topicMetrics(sink, address);
    this.caller = {
      kind: 'service',
      service: 'sns.amazonaws.com',
      account: address.account,
      arn: 'sns.amazonaws.com',
      sourceArn: this.arn,
    };
  }

  get fifo(): boolean {
    return this.attributes.fifo;
  }

  /** The policy in force. */
  get policy(): string {
    const { policy } = this.attributes;
    if (policy !== undefined) return policy;
    this.ownPolicy ??= defaultPolicy(this.arn, this.address.account);
    return this.ownPolicy;
  }

  /** As GetTopicAttributes shows it. */
  describe(): Record<string, string> {
    let pending = 0;
    for (const { confirmed } of this.subscriptions.list()) if (!confirmed) pending += 1;
    return {
      TopicArn: this.arn,
      Owner: this.address.account,
      Policy: this.policy,
      SubscriptionsConfirmed: String(this.subscriptions.size - pending),
      SubscriptionsPending: String(pending),
      SubscriptionsDeleted: String(this.deletedSubscriptions),
      ...this.attributes.entries(),
    };
  }

  /** The subscription of an endpoint, of which there is one a protocol. */
  subscriptionOf(protocol: string, endpoint: string): Subscription | undefined {
    return this.byEndpoint?.get(`${protocol} ${endpoint}`);
  }

  addSubscription(subscription: Subscription): void {
    this.subscriptions.add(subscription);
    this.byEndpoint ??= new Map();
    this.byEndpoint.set(`${subscription.protocol} ${subscription.endpoint}`, subscription);
  }

  removeSubscription(subscription: Subscription): void {
    this.subscriptions.delete(subscription.id);
    this.byEndpoint?.delete(`${subscription.protocol} ${subscription.endpoint}`);
    subscription.deleted = true;
    this.deletedSubscriptions += 1;
  }

  /**
   * What a FIFO topic has published with a deduplication id in the last 5 minutes, within the scope that it
   * deduplicates in.
   */
  duplicateOf(groupId: string, deduplicationId: string, now: number) {
    return this.published?.get(this.deduplicationKey(groupId, deduplicationId), now);
  }

  /** Notes that a message was published, so that its duplicates are known. */
  remember(
    { id, groupId = '', sequenceNumber: number }: PublishedMessage,
    deduplicationId: string,
    now: number,
  ): void {
    this.published ??= new DeduplicationWindow();
    const key = this.deduplicationKey(groupId, deduplicationId);
    this.published.set(key, { id, sequenceNumber: number }, now);
  }

  /** The next sequence number of a FIFO topic. */
  nextSequenceNumber(): string {
    this.sequence += 1;
    return sequenceNumber(this.sequence);
  }

  /** Neither id can contain a blank, so that it separates them. */
  private deduplicationKey(groupId: string, deduplicationId: string): string {
    return this.attributes.deduplicationPerGroup
      ? `${groupId} ${deduplicationId}`
      : deduplicationId;
  }
}
