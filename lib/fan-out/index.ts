export { FanOut } from './fan-out';
export type { FanOutAlarms } from './fan-out-alarms';
export type { FanOutProps } from './fan-out-props';
export type {
  AnythingBut,
  AttributeFilterPolicy,
  BodyFilterPolicy,
  FilterRule,
  NumericComparison,
} from './filter-policy';
export { PUBLISHERS, type Publisher, type PublisherName } from './publishers';
export type {
  EmailOptions,
  HttpEndpointOptions,
  RawSubscriptionOptions,
  SubscribedQueueOptions,
  SubscriptionOptions,
} from './subscription-options';
export {
  TopicSubscription,
  type TopicSubscriptionAlarms,
  type TopicSubscriptionProps,
} from './topic-subscription';
