import type { CallContext, Handlers } from '../../protocol/handlers';
import type { Confirmations } from './confirmations';
import type { DocumentSurroundings } from './documents';
import { authorizationError, invalidParameter, notFound } from './errors';
import { parseSubscriptionArn, parseTopicArn } from './names';
import type { SnsState } from './sns-state';
import type { Subscriber } from './subscriber';
import type { Subscription } from './subscription';
import { defined, invalidToken, pageSize } from './topic-operations';

type Sns = typeof import('@aws-sdk/client-sns');

/** Subscriptions: their lives, confirmation and attributes. */
export function subscriptionOperations(
  state: SnsState,
  subscriber: Subscriber,
  confirmations: Confirmations,
  surroundings: () => Promise<DocumentSurroundings>,
) {
  return {
    Subscribe: async (input, context) => {
      const { Protocol: protocol, Endpoint: endpoint } = input;
      const topic = state.topic(context, input.TopicArn, 'Subscribe', {
        'sns:Protocol': protocol,
        ...(endpoint !== undefined && { 'sns:Endpoint': endpoint }),
      });
      if (endpoint === undefined || endpoint === '') throw invalidParameter('Endpoint');
      const attributes = defined(input.Attributes);
      const request = { topic, protocol, endpoint, attributes, caller: context.caller };
      const made = await surroundings();
      const subscription = inAttributes(() => subscriber.subscribe(request, made));
      const shown = subscription.confirmed || input.ReturnSubscriptionArn === true;
      return { SubscriptionArn: shown ? subscription.arn : 'pending confirmation' };
    },

    ConfirmSubscription: (input, context) => {
      const address = parseTopicArn(input.TopicArn);
      // Whoever has got a token may use it, from a link as well.
      if (context.signed) context.authorize('sns:ConfirmSubscription', input.TopicArn);
      const topic = state.find(address);
      if (!topic) throw notFound('Topic');
      const subscription = confirmations.confirm(topic, input.Token);
      if (input.AuthenticateOnUnsubscribe === 'true') subscription.authenticateOnUnsubscribe = true;
      subscription.authenticated = context.signed;
      return { SubscriptionArn: subscription.arn };
    },

    Unsubscribe: async (input, context) => {
      parseSubscriptionArn(input.SubscriptionArn);
      if (context.signed) context.authorize('sns:Unsubscribe', '*');
      const subscription = state.findSubscription(input.SubscriptionArn);
      // That it is gone already is no error.
      if (!subscription) return {};
      checkUnsubscribe(state, context, subscription);
      const byOwner = context.signed && context.caller.account === subscription.owner;
      state.removeSubscription(subscription);
      const { protocol, confirmed } = subscription;
      // Whoever gets a mail with an UnsubscribeURL may follow it; the endpoint is told.
      if (!byOwner && confirmed && (protocol === 'http' || protocol === 'https'))
        confirmations.tellEnd(subscription, await surroundings());
      return {};
    },

    GetSubscriptionAttributes: (input, context) => ({
      Attributes: state
        .subscription(context, input.SubscriptionArn, 'GetSubscriptionAttributes')
        .describe(),
    }),

    SetSubscriptionAttributes: (input, context) => {
      const { AttributeName: name, AttributeValue: value = '' } = input;
      const subscription = state.subscription(
        context,
        input.SubscriptionArn,
        'SetSubscriptionAttributes',
      );
      subscription.set({ [name]: value });
      return {};
    },

    ListSubscriptions: (input, context) => {
      context.authorize('sns:ListSubscriptions', '*');
      const { subscriptions } = state.in(context.account, context.region);
      const { items, nextToken } = subscriptions.page(pageSize, input.NextToken, invalidToken);
      return { Subscriptions: items.map((item) => item.summary()), NextToken: nextToken };
    },

    ListSubscriptionsByTopic: (input, context) => {
      const topic = state.topic(context, input.TopicArn, 'ListSubscriptionsByTopic');
      const { items, nextToken } = topic.subscriptions.page(
        pageSize,
        input.NextToken,
        invalidToken,
      );
      return { Subscriptions: items.map((item) => item.summary()), NextToken: nextToken };
    },
  } satisfies Handlers<Sns>;
}

/** Of Subscribe, what is wrong with an attribute is wrong with its parameter Attributes. */
function inAttributes<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const [, what] =
      /^Invalid parameter: ((?:FilterPolicy|RawMessageDelivery|RedrivePolicy|DeliveryPolicy|Filter policy scope|Delivery protocol|AttributeName).*)$/s.exec(
        String(Object(error).message),
      ) ?? [];
    throw what === undefined ? error : invalidParameter(`Attributes Reason: ${what}`);
  }
}

/** The owners may end a subscription, and anybody by its link unless it was confirmed to be otherwise. */
function checkUnsubscribe(state: SnsState, context: CallContext, subscription: Subscription): void {
  if (context.signed) {
    state.checkOwner(context, subscription, 'Unsubscribe');
    return;
  }
  const { protocol, authenticateOnUnsubscribe } = subscription;
  const byLink = ['email', 'email-json', 'http', 'https'].includes(protocol);
  if (!byLink || authenticateOnUnsubscribe)
    throw authorizationError('This subscription can only be ended by an authenticated request');
}
