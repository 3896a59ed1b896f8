import { effectiveSubscriptionPolicy } from './delivery-policy';
import type { Protocol } from './protocols';
import { SubscriptionAttributes } from './subscription-attributes';
import type { Topic } from './topic';

/** What a new subscription is made of. */
export interface SubscriptionOptions {
  readonly id: string;
  readonly topic: Topic;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** The account that subscribes. */
  readonly owner: string;
  /** ARN of whoever subscribes. */
  readonly principal: string;
  readonly confirmed: boolean;
}

/** Who gets a topic's messages, and how. */
export class Subscription {
  readonly attributes = new SubscriptionAttributes();
  readonly id: string;
  readonly arn: string;
  readonly topic: Topic;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly owner: string;
  readonly principal: string;
  confirmed: boolean;
  /** Whether a signed request has confirmed it. */
  authenticated: boolean;
  /** Whether only signed requests may end it. */
  authenticateOnUnsubscribe = false;
  deleted = false;

  constructor(options: SubscriptionOptions) {
    this.id = options.id;
    this.topic = options.topic;
    this.arn = `${options.topic.arn}:${options.id}`;
    this.protocol = options.protocol;
    this.endpoint = options.endpoint;
    this.owner = options.owner;
    this.principal = options.principal;
    this.confirmed = options.confirmed;
    this.authenticated = options.confirmed;
  }

  /** Sets attributes. @throws InvalidParameter */
  set(attributes: Readonly<Record<string, string>>): void {
    const { topic, protocol, endpoint } = this;
    const { arn: topicArn, fifo } = topic;
    this.attributes.set({ topicArn, fifo, protocol, endpoint }, attributes);
  }

  /** As GetSubscriptionAttributes shows it. */
  describe(): Record<string, string> {
    const overHttp = this.protocol === 'http' || this.protocol === 'https';
    return {
      SubscriptionArn: this.arn,
      TopicArn: this.topic.arn,
      Protocol: this.protocol,
      Endpoint: this.endpoint,
      Owner: this.owner,
      SubscriptionPrincipal: this.principal,
      PendingConfirmation: String(!this.confirmed),
      ConfirmationWasAuthenticated: String(this.authenticated),
      ...this.attributes.entries(),
      ...(overHttp && {
        EffectiveDeliveryPolicy: effectiveSubscriptionPolicy(
          this.topic.attributes.deliveryPolicy,
          this.attributes.deliveryPolicy,
        ),
      }),
    };
  }

  /** As lists show it. */
  summary() {
    return {
      SubscriptionArn: this.confirmed ? this.arn : 'PendingConfirmation',
      Owner: this.owner,
      Protocol: this.protocol,
      Endpoint: this.endpoint,
      TopicArn: this.topic.arn,
    };
  }
}
