import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { invalidParameter } from './errors';
import { passFeedbackRoles } from './feedback-roles';
import { defaultMaximumSize } from './message';
import { checkTopicName, parseTopicArn, topicArn } from './names';
import { takesLargeMessages } from './protocols';
import type { SnsState } from './sns-state';
import { addTags, listTags } from './tags';
import { mostLargeSubscriptions, type Topic } from './topic';
import { TopicAttributes } from './topic-attributes';
import { addPermission, removePermission } from './topic-policy';

type Sns = typeof import('@aws-sdk/client-sns');

/** Items a page, which cannot be chosen. */
export const pageSize = 100;

/** Topics: their lives, attributes, policies and tags. */
export function topicOperations(state: SnsState) {
  /** TagResource and the like say of a topic that is not there that it is no resource. */
  const tagged = (context: CallContext, arn: string, action: string): Topic => {
    const address = parseTopicArn(arn, 'ResourceArn');
    context.authorize(`sns:${action}`, arn);
    const topic = state.find(address);
    if (!topic) throw new ServiceError('ResourceNotFoundException', 'Resource does not exist');
    return topic;
  };

  return {
    CreateTopic: (input, context) => {
      if (input.DataProtectionPolicy !== undefined)
        throw new NotImplementedError('parameter DataProtectionPolicy of CreateTopic');
      const { account, region } = context;
      const given = defined(input.Attributes);
      const address = { account, region, name: input.Name };
      const arn = topicArn(address);
      const tags = (input.Tags ?? []).map(({ Key, Value }) => ({ Key, Value }));
      context.authorize('sns:CreateTopic', arn);
      if (tags.length > 0) context.authorize('sns:TagResource', arn);
      passFeedbackRoles(given, (...asked) => context.authorize(...asked));
      checkTopicName(input.Name, given.FifoTopic?.toLowerCase() === 'true');
      const existing = state.find(address);
      if (existing) {
        if (existing.attributes.difference(given) !== undefined)
          throw invalidParameter(
            'Attributes Reason: Topic already exists with different attributes',
          );
        if (tags.some(({ Key, Value }) => existing.tags.get(Key) !== Value))
          throw invalidParameter('Tags Reason: Topic already exists with different tags');
        return { TopicArn: arn };
      }
      const attributes = TopicAttributes.create(given);
      const checked = new Map<string, string>();
      addTags(checked, tags);
      const topic = state.addTopic(address, attributes);
      for (const [key, value] of checked) topic.tags.set(key, value);
      return { TopicArn: arn };
    },

    DeleteTopic: (input, context) => {
      const address = parseTopicArn(input.TopicArn);
      if (address.region !== context.region) throw invalidParameter('TopicArn');
      context.authorize('sns:DeleteTopic', input.TopicArn);
      // That it is gone already is no error.
      const topic = state.find(address);
      if (topic) state.deleteTopic(topic);
      return {};
    },

    GetTopicAttributes: (input, context) => ({
      Attributes: state.topic(context, input.TopicArn, 'GetTopicAttributes').describe(),
    }),

    SetTopicAttributes: (input, context) => {
      const topic = state.topic(context, input.TopicArn, 'SetTopicAttributes');
      const { AttributeName: name, AttributeValue: value = '' } = input;
      passFeedbackRoles({ [name]: value }, (...asked) => context.authorize(...asked));
      setTopicAttribute(topic, name, value);
      return {};
    },

    ListTopics: (input, context) => {
      context.authorize('sns:ListTopics', '*');
      const { topics } = state.in(context.account, context.region);
      const { items, nextToken } = topics.page(pageSize, input.NextToken, invalidToken);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: nextToken };
    },

    AddPermission: (input, context) => {
      const topic = state.topic(context, input.TopicArn, 'AddPermission');
      const { Label, AWSAccountId, ActionName } = input;
      topic.attributes.set(
        'Policy',
        addPermission(topic.policy, topic.arn, Label, AWSAccountId, ActionName),
      );
      return {};
    },

    RemovePermission: (input, context) => {
      const topic = state.topic(context, input.TopicArn, 'RemovePermission');
      topic.attributes.set('Policy', removePermission(topic.policy, input.Label));
      return {};
    },

    TagResource: (input, context) => {
      const topic = tagged(context, input.ResourceArn, 'TagResource');
      addTags(
        topic.tags,
        input.Tags.map(({ Key, Value }) => ({ Key, Value })),
      );
      return {};
    },

    UntagResource: (input, context) => {
      const topic = tagged(context, input.ResourceArn, 'UntagResource');
      for (const key of input.TagKeys) topic.tags.delete(key);
      return {};
    },

    ListTagsForResource: (input, context) => ({
      Tags: listTags(tagged(context, input.ResourceArn, 'ListTagsForResource').tags),
    }),
  } satisfies Handlers<Sns>;
}

/**
 * Sets one attribute of a topic.
 *
 * @throws InvalidParameter, also for a size above 256 KiB that the topic's subscriptions do not allow
 */
export function setTopicAttribute(topic: Topic, name: string, value: string): void {
  if (!topic.attributes.knows(name)) throw invalidParameter('AttributeName');
  if (name === 'MaximumMessageSize' && Number(value) > defaultMaximumSize)
    checkLargeMessages(topic);
  topic.attributes.set(name, value);
}

/** The error for a token that no list has given out. */
export function invalidToken() {
  return invalidParameter('NextToken');
}

/** Attributes that have a value. */
export function defined(
  attributes: Readonly<Record<string, string | undefined>> | undefined,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (value !== undefined) values[name] = value;
  return values;
}

/** https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html */
function checkLargeMessages({ subscriptions }: Topic): void {
  if (subscriptions.size > mostLargeSubscriptions)
    throw invalidParameter(
      `MaximumMessageSize Reason: A topic with a MaximumMessageSize above ${defaultMaximumSize} bytes can have at most ${mostLargeSubscriptions} subscriptions`,
    );
  const other = subscriptions.list().find(({ protocol }) => !takesLargeMessages(protocol));
  if (other)
    throw invalidParameter(
      `MaximumMessageSize Reason: A topic with a MaximumMessageSize above ${defaultMaximumSize} bytes can not have subscriptions of protocol ${other.protocol}`,
    );
}
