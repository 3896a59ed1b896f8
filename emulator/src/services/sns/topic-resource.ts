import { PropertyReader, type ResourceProvider } from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { sameState, templateTags, updateTemplateTags } from '../resource-updates';
import { invalidParameter } from './errors';
import { passFeedbackRoles } from './feedback-roles';
import { liveTopic } from './live-properties';
import { checkTopicName, parseTopicArn, topicArn } from './names';
import { authorize, requireTopic, type SnsResources } from './resource-support';
import { addTags } from './tags';
import type { Topic } from './topic';
import { TopicAttributes } from './topic-attributes';
import { setTopicAttribute } from './topic-operations';
import { defaults, loggedProtocols } from './topic-properties';

const type = 'AWS::SNS::Topic';

const attributeProperties = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoThroughputScope',
  'FifoTopic',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'SignatureVersion',
  'TracingConfig',
] as const;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
export function topicProvider(resources: SnsResources): ResourceProvider {
  const { state } = resources;
  const known = [
    ...attributeProperties,
    'DeliveryStatusLogging',
    'Subscription',
    'Tags',
    'TopicName',
  ];
  return {
    type,
    level: 'emulated',
    recordedProperties: ['DeliveryStatusLogging', 'TracingConfig'],
    unsupported: (properties) => unsupportedProperties(type, properties, known),
    async create(request) {
      const { account, region } = request;
      const reader = new PropertyReader(request.properties);
      const attributes = readAttributes(reader);
      const suffix = attributes.FifoTopic === 'true' ? '.fifo' : '';
      const name = reader.string('TopicName') ?? request.generateName(256 - suffix.length) + suffix;
      const address = { account, region, name };
      const arn = topicArn(address);
      const tags = templateTags(request);
      authorize(resources, request, 'sns:CreateTopic', arn);
      if (Object.keys(tags).length > 0) authorize(resources, request, 'sns:TagResource', arn);
      passFeedbackRoles(attributes, (...asked) => authorize(resources, request, ...asked));
      checkTopicName(name, attributes.FifoTopic === 'true');
      if (state.find(address)) throw new Error(`${name} already exists`);
      const topic = state.addTopic(address, TopicAttributes.create(attributes));
      try {
        addTags(
          topic.tags,
          Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        );
        for (const subscription of readSubscriptions(reader))
          await subscribe(resources, request, topic, subscription);
      } catch (error) {
        state.deleteTopic(topic);
        throw error;
      }
      return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
    async update(request) {
      const topic = requireTopic(resources, request.physicalId);
      const before = new PropertyReader(request.previous.properties);
      const after = new PropertyReader(request.properties);
      authorize(resources, request, 'sns:SetTopicAttributes', topic.arn);
      const was = readAttributes(before);
      const is = readAttributes(after);
      passFeedbackRoles(is, (...asked) => authorize(resources, request, ...asked));
      for (const name of Object.keys(was))
        if (!(name in is)) setTopicAttribute(topic, name, defaults[name] ?? '');
      for (const [name, value] of Object.entries(is))
        if (was[name] !== value) setTopicAttribute(topic, name, value);
      const wanted = readSubscriptions(after);
      for (const { protocol, endpoint } of readSubscriptions(before)) {
        const kept = wanted.some((one) => one.protocol === protocol && one.endpoint === endpoint);
        const subscription = topic.subscriptionOf(protocol, endpoint);
        if (!kept && subscription) state.removeSubscription(subscription);
      }
      for (const subscription of wanted) await subscribe(resources, request, topic, subscription);
      updateTemplateTags(topic.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const { physicalId: arn } = request;
      authorize(resources, request, 'sns:DeleteTopic', arn);
      const [, , , region = '', account = '', name = ''] = arn.split(':');
      const topic = state.find({ account, region, name });
      if (topic) state.deleteTopic(topic);
    },
    async read(request) {
      const { physicalId: arn } = request;
      for (const action of [
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sns:ListTagsForResource',
      ])
        authorize(resources, request, action, arn);
      const topic = state.find(parseTopicArn(arn));
      return topic && liveTopic(topic, request);
    },
    unorderedProperties: ['DeliveryStatusLogging', 'Subscription'],
  };
}

interface InlineSubscription {
  readonly protocol: string;
  readonly endpoint: string;
}

function readSubscriptions(reader: PropertyReader): InlineSubscription[] {
  return (reader.objects('Subscription') ?? []).map((subscription) => ({
    protocol: subscription.requiredString('Protocol'),
    endpoint: subscription.requiredString('Endpoint'),
  }));
}

async function subscribe(
  resources: SnsResources,
  request: Parameters<typeof authorize>[1],
  topic: Topic,
  { protocol, endpoint }: InlineSubscription,
): Promise<void> {
  if (topic.subscriptionOf(protocol, endpoint)) return;
  authorize(resources, request, 'sns:Subscribe', topic.arn, {
    'sns:Protocol': protocol,
    'sns:Endpoint': endpoint,
  });
  const { caller } = request;
  resources.subscriber.subscribe(
    { topic, protocol, endpoint, attributes: {}, caller },
    await resources.surroundings(),
  );
}

function readAttributes(reader: PropertyReader): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of attributeProperties) {
    const value = reader.string(name);
    if (value !== undefined) attributes[name] = value;
  }
  if (attributes.FifoTopic === 'false') delete attributes.FifoTopic;
  for (const logging of reader.objects('DeliveryStatusLogging') ?? []) {
    const protocol = logging.requiredString('Protocol');
    const prefix = loggedProtocols[protocol];
    if (prefix === undefined)
      throw invalidParameter(`DeliveryStatusLogging: Invalid protocol ${protocol}`);
    for (const name of [
      'FailureFeedbackRoleArn',
      'SuccessFeedbackRoleArn',
      'SuccessFeedbackSampleRate',
    ]) {
      const value = logging.string(name);
      if (value !== undefined) attributes[prefix + name] = value;
    }
  }
  return attributes;
}
