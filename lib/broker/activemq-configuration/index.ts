export { ActiveMqConfiguration, type ActiveMqConfigurationOptions } from './activemq-configuration';
export { Authorization, type AuthorizationOptions } from './authorization';
export {
  type DeadLetterOptions,
  DeadLetterStrategy,
  type IndividualDeadLetterOptions,
  type SharedDeadLetterOptions,
} from './dead-letter-strategy';
export {
  DestinationPolicy,
  type DestinationPolicyOptions,
  type QueuePolicyOptions,
  type TopicPolicyOptions,
} from './destination-policy';
export { type RedeliveryOptions, RedeliveryPolicy } from './redelivery-policy';
