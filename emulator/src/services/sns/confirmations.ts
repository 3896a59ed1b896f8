import type { Timer } from '../../clock/clock';
import type { Deliveries } from './deliveries';
import { type DocumentSurroundings, SnsDocument } from './documents';
import { invalidParameter } from './errors';
import type { SnsState } from './sns-state';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

/** A token is good for so long, and a subscription that nobody confirms is gone after it: 2 days. */
const lifetime = 2 * 24 * 60 * 60_000;

interface Pending {
  readonly subscription: Subscription;
  readonly expiry: Timer;
}

/**
 * Asks endpoints whether they want their subscription, and keeps the tokens by which they say so.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 */
export class Confirmations {
  private readonly tokens = new Map<string, Pending>();

  constructor(
    private readonly state: SnsState,
    private readonly deliveries: Deliveries,
  ) {}

  /** Sends a pending subscription's endpoint a token. */
  ask(subscription: Subscription, surroundings: DocumentSurroundings): void {
    const token = this.newToken(subscription.topic);
    const { clock } = this.state.environment;
    const expiry = clock.after(lifetime, `confirmation of ${subscription.arn}`, () => {
      this.tokens.delete(token);
      if (!subscription.confirmed && !subscription.deleted)
        this.state.removeSubscription(subscription);
    });
    this.tokens.set(token, { subscription, expiry });
    this.deliveries.send(
      subscription,
      this.document(subscription, 'SubscriptionConfirmation', token, surroundings),
    );
  }

  /**
   * Confirms the subscription of a token; again, if it was confirmed already.
   *
   * @throws InvalidParameter for a token that is not of this topic, or no longer good
   */
  confirm(topic: Topic, token: string): Subscription {
    const pending = this.tokens.get(token);
    if (pending?.subscription.topic !== topic) throw invalidParameter('Token');
    const { subscription, expiry } = pending;
    if (subscription.deleted) {
      // The token of an UnsubscribeConfirmation brings the subscription back.
      if (!subscription.confirmed) throw invalidParameter('Token');
      subscription.deleted = false;
      this.state.addSubscription(subscription);
    }
    subscription.confirmed = true;
    expiry.cancel();
    return subscription;
  }

  /** Tells an endpoint that its subscription was ended by somebody else than its owner. */
  tellEnd(subscription: Subscription, surroundings: DocumentSurroundings): void {
    const token = this.newToken(subscription.topic);
    const { clock } = this.state.environment;
    const expiry = clock.after(lifetime, `end of ${subscription.arn}`, () => {
      this.tokens.delete(token);
    });
    this.tokens.set(token, { subscription, expiry });
    this.deliveries.send(
      subscription,
      this.document(subscription, 'UnsubscribeConfirmation', token, surroundings),
    );
  }

  private newToken(topic: Topic): string {
    return this.state.randomOf(topic.address).hex(288);
  }

  private document(
    { topic, arn }: Subscription,
    type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
    token: string,
    surroundings: DocumentSurroundings,
  ): SnsDocument {
    const text =
      type === 'SubscriptionConfirmation'
        ? `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
        : `You have chosen to deactivate subscription ${arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`;
    const { clock } = this.state.environment;
    return new SnsDocument(
      {
        type,
        id: this.state.randomOf(topic.address).uuid(),
        topicArn: topic.arn,
        text,
        time: clock.now(),
        token,
      },
      topic.attributes.signatureVersion,
      surroundings,
    );
  }
}
