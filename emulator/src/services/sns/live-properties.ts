import {
  type LiveProperties,
  PropertyReader,
  type ReadRequest,
  type TemplateValue,
} from '../../cloudformation/provider';
import { documentOf, tagList } from '../live-properties';
import type { Subscription } from './subscription';
import type { Topic } from './topic';
import type { TopicAttributes } from './topic-attributes';
import { defaults, loggedProtocols } from './topic-properties';

/** What a topic has come to, without the subscriptions that its stack has as resources of their own. */
export function liveTopic(topic: Topic, { properties, siblings }: ReadRequest): LiveProperties {
  const { address, attributes, fifo } = topic;
  const declared = new PropertyReader(properties).objects('Subscription') ?? [];
  const elsewhere = siblings
    .filter(({ type }) => type === 'AWS::SNS::Subscription')
    .map(({ physicalId }) => physicalId);
  const subscriptions = topic.subscriptions
    .list()
    .filter(
      ({ arn, endpoint, protocol }) =>
        !elsewhere.includes(arn) ||
        declared.some(
          (one) => one.string('Protocol') === protocol && one.string('Endpoint') === endpoint,
        ),
    );
  return {
    ...Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, attributes.get(name) ?? value]),
    ),
    DeliveryStatusLogging: loggingOf(attributes),
    DisplayName: attributes.displayName,
    FifoTopic: fifo,
    KmsMasterKeyId: attributes.kmsMasterKeyId,
    Subscription: subscriptions.map(({ endpoint, protocol }) => ({
      Endpoint: endpoint,
      Protocol: protocol,
    })),
    Tags: tagList(topic.tags),
    TopicName: address.name,
  };
}

function loggingOf(attributes: TopicAttributes): TemplateValue[] {
  return Object.entries(loggedProtocols).flatMap(([protocol, prefix]) => {
    const settings = [
      'FailureFeedbackRoleArn',
      'SuccessFeedbackRoleArn',
      'SuccessFeedbackSampleRate',
    ].flatMap((name) => {
      const value = attributes.get(prefix + name);
      return value === undefined ? [] : [[name, value]];
    });
    return settings.length > 0 ? [{ Protocol: protocol, ...Object.fromEntries(settings) }] : [];
  });
}

/** What a subscription has come to. */
export function liveSubscription(subscription: Subscription): LiveProperties {
  const { attributes, endpoint, protocol, topic } = subscription;
  return {
    DeliveryPolicy: documentOf(attributes.deliveryPolicyText),
    Endpoint: endpoint,
    FilterPolicy: documentOf(attributes.filterPolicy),
    FilterPolicyScope: attributes.filterScope,
    Protocol: protocol,
    RawMessageDelivery: attributes.rawDelivery,
    RedrivePolicy: documentOf(attributes.redrivePolicy),
    SubscriptionRoleArn: attributes.roleArn,
    TopicArn: topic.arn,
  };
}
