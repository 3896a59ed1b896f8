import type { Confirmations } from './confirmations';
import type { DocumentSurroundings } from './documents';
import { invalidParameter, notFound } from './errors';
import { defaultMaximumSize } from './message';
import { checkEndpoint, isConfirmedAtOnce, parseProtocol, takesLargeMessages } from './protocols';
import type { SnsState } from './sns-state';
import { Subscription } from './subscription';
import { mostLargeSubscriptions, type Topic } from './topic';

/** What Subscribe is given, from a client or a template. */
export interface SubscribeRequest {
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Who subscribes. */
  readonly caller: { readonly account: string; readonly arn: string };
}

/** Makes subscriptions. */
export class Subscriber {
  constructor(
    private readonly state: SnsState,
    private readonly confirmations: Confirmations,
  ) {}

  /**
   * Subscribes an endpoint, or finds the subscription that it has with the same attributes.
   *
   * @throws InvalidParameter, NotFound
   */
  subscribe(request: SubscribeRequest, surroundings: DocumentSurroundings): Subscription {
    const { topic, endpoint, attributes, caller } = request;
    const protocol = parseProtocol(request.protocol);
    checkEndpoint(protocol, endpoint, topic.fifo);
    const existing = topic.subscriptionOf(protocol, endpoint);
    if (existing) {
      if (!existing.attributes.agreesWith(attributes))
        throw invalidParameter(
          'Attributes Reason: Subscription already exists with different attributes',
        );
      if (!existing.confirmed) this.confirmations.ask(existing, surroundings);
      return existing;
    }
    if (protocol === 'firehose' && attributes.SubscriptionRoleArn === undefined)
      throw invalidParameter('Attributes Reason: SubscriptionRoleArn is required for firehose');
    if (protocol === 'application') this.checkPushEndpoint(endpoint);
    if (topic.attributes.maximumMessageSize > defaultMaximumSize) {
      if (!takesLargeMessages(protocol))
        throw invalidParameter(
          `Protocol Reason: The topic's MaximumMessageSize does not allow subscriptions of protocol ${protocol}`,
        );
      if (topic.subscriptions.size >= mostLargeSubscriptions)
        throw invalidParameter(
          `TopicArn Reason: The topic's MaximumMessageSize does not allow more than ${mostLargeSubscriptions} subscriptions`,
        );
    }
    const subscription = new Subscription({
      id: this.state.randomOf(topic.address).uuid(),
      topic,
      protocol,
      endpoint,
      owner: caller.account,
      principal: caller.arn,
      confirmed: isConfirmedAtOnce(protocol, endpoint, caller.account),
    });
    subscription.set(attributes);
    this.state.addSubscription(subscription);
    if (!subscription.confirmed) this.confirmations.ask(subscription, surroundings);
    return subscription;
  }

  private checkPushEndpoint(arn: string): void {
    const [, , , region = '', account = ''] = arn.split(':');
    if (!this.state.in(account, region).platforms.endpoint(arn)) throw notFound('Endpoint');
  }
}
