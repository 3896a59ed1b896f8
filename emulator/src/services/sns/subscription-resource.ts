import { PropertyReader, type ResourceProvider } from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { sameState } from '../resource-updates';
import { invalidParameter, notFound } from './errors';
import { liveSubscription } from './live-properties';
import { parseTopicArn } from './names';
import { authorize, requireTopic, type SnsResources } from './resource-support';

const type = 'AWS::SNS::Subscription';

const jsonAttributes = ['DeliveryPolicy', 'FilterPolicy', 'RedrivePolicy'] as const;

/** What attributes that went from a template fall back to. */
const defaults: Readonly<Record<string, string>> = {
  FilterPolicyScope: 'MessageAttributes',
  RawMessageDelivery: 'false',
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
export function subscriptionProvider(resources: SnsResources): ResourceProvider {
  const { state } = resources;
  const known = [
    ...jsonAttributes,
    'Endpoint',
    'FilterPolicyScope',
    'Protocol',
    'RawMessageDelivery',
    'Region',
    'SubscriptionRoleArn',
    'TopicArn',
  ];
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => unsupportedProperties(type, properties, known),
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const topicArn = reader.requiredString('TopicArn');
      const protocol = reader.requiredString('Protocol');
      const endpoint = reader.string('Endpoint') ?? '';
      // A topic of another region has to be said to be of another region.
      const region = reader.string('Region') ?? request.region;
      if (parseTopicArn(topicArn).region !== region) throw invalidParameter('TopicArn');
      authorize(resources, request, 'sns:Subscribe', topicArn, {
        'sns:Protocol': protocol,
        'sns:Endpoint': endpoint,
      });
      const topic = requireTopic(resources, topicArn);
      const attributes = readAttributes(reader);
      const { caller } = request;
      const subscription = resources.subscriber.subscribe(
        { topic, protocol, endpoint, attributes, caller },
        await resources.surroundings(),
      );
      return { physicalId: subscription.arn, attributes: { Arn: subscription.arn } };
    },
    async update(request) {
      authorize(resources, request, 'sns:SetSubscriptionAttributes', '*');
      const subscription = state.findSubscription(request.physicalId);
      if (!subscription) throw notFound('Subscription');
      const was = readAttributes(new PropertyReader(request.previous.properties));
      const is = readAttributes(new PropertyReader(request.properties));
      const changes: Record<string, string> = {};
      for (const name of Object.keys(was)) if (!(name in is)) changes[name] = defaults[name] ?? '';
      for (const [name, value] of Object.entries(is))
        if (was[name] !== value) changes[name] = value;
      subscription.set(changes);
      return sameState(request);
    },
    async delete(request) {
      authorize(resources, request, 'sns:Unsubscribe', '*');
      const subscription = state.findSubscription(request.physicalId);
      if (subscription) state.removeSubscription(subscription);
    },
    async read(request) {
      authorize(resources, request, 'sns:GetSubscriptionAttributes', '*');
      const subscription = state.findSubscription(request.physicalId);
      return subscription && liveSubscription(subscription);
    },
  };
}

function readAttributes(reader: PropertyReader): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of ['FilterPolicyScope', 'RawMessageDelivery', 'SubscriptionRoleArn']) {
    const value = reader.string(name);
    if (value !== undefined) attributes[name] = value;
  }
  for (const name of jsonAttributes) {
    const value = reader.json(name);
    if (value !== undefined)
      attributes[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return attributes;
}
