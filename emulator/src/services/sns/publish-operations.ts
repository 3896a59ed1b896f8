import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { batchError, invalidParameter } from './errors';
import {
  checkMessage,
  defaultMaximumSize,
  type GivenMessage,
  type MessageContent,
  textFor,
} from './message';
import { checkMessageAttributes } from './message-attributes';
import { isPhoneNumber } from './names';
import type { Outbox } from './outbox';
import type { Publisher } from './publisher';
import type { SnsState } from './sns-state';
import type { Topic } from './topic';
import type { TopicKeys } from './topic-keys';

type Sns = typeof import('@aws-sdk/client-sns');

const maximumEntries = 10;

/** Publishing to topics, phones and push endpoints. */
export function publishOperations(
  state: SnsState,
  publisher: Publisher,
  outbox: Outbox,
  keys: TopicKeys,
) {
  const { clock, random, journal } = state.environment;

  const toPhone = (input: GivenMessage, phone: string, context: CallContext) => {
    context.authorize('sns:Publish', '*');
    if (!isPhoneNumber(phone))
      throw invalidParameter(`PhoneNumber Reason: ${phone} is not valid to publish to`);
    const message = checkMessage(input, defaultMaximumSize);
    const id = random.stream(`sns/sms/${context.account}`).uuid();
    const body = textFor(message, 'sms');
    const entry = { subject: message.subject, time: clock.now(), messageId: id };
    outbox.add({ ...entry, protocol: 'sms', address: phone, body, topicArn: undefined });
    journal.record('delivered', id, phone);
    return { MessageId: id };
  };

  const toEndpoint = (input: GivenMessage, arn: string, context: CallContext) => {
    context.authorize('sns:Publish', arn);
    const [, , , region = '', account = ''] = arn.split(':');
    const endpoint = state.in(account, region).platforms.endpoint(arn);
    if (!endpoint)
      throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
    if (!endpoint.enabled)
      throw new ServiceError('EndpointDisabledException', 'Endpoint is disabled');
    const message = checkMessage(input, defaultMaximumSize, false);
    const body = message.texts?.get(endpoint.platform) ?? message.text;
    if (message.texts && body === '')
      throw invalidParameter('Message Structure - No default entry in JSON message body');
    const id = random.stream(`sns/${arn}`).uuid();
    const entry = { subject: message.subject, time: clock.now(), messageId: id };
    outbox.add({ ...entry, protocol: 'application', address: arn, body, topicArn: undefined });
    journal.record('delivered', id, arn);
    return { MessageId: id };
  };

  const toTopic = (input: GivenMessage, arn: string, parameter: string, context: CallContext) => {
    const topic = state.topic(context, arn, 'Publish', undefined, parameter);
    const content = publisher.check(topic, input);
    keys.use(topic, context.caller, context);
    const { id, sequenceNumber } = publisher.publish(topic, content);
    return { MessageId: id, SequenceNumber: sequenceNumber };
  };

  return {
    Publish: (input, context) => {
      const { TopicArn: topicArn, TargetArn: targetArn, PhoneNumber: phone } = input;
      const targets = [topicArn, targetArn, phone].filter((target) => target !== undefined);
      if (targets.length > 1)
        throw invalidParameter(
          'TopicArn Reason: Only one of TopicArn, TargetArn and PhoneNumber can be given',
        );
      if (phone !== undefined) return toPhone(input, phone, context);
      if (targetArn?.includes(':endpoint/')) return toEndpoint(input, targetArn, context);
      const arn = topicArn ?? targetArn;
      if (arn === undefined)
        throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
      return toTopic(input, arn, topicArn === undefined ? 'TargetArn' : 'TopicArn', context);
    },

    PublishBatch: (input, context) => {
      const entries = input.PublishBatchRequestEntries;
      const topic = state.topic(context, input.TopicArn, 'Publish');
      checkBatch(topic, entries);
      const failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
      const checked: { Id: string; content: MessageContent }[] = [];
      for (const entry of entries) {
        try {
          checked.push({ Id: entry.Id, content: publisher.check(topic, entry) });
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          const code = error.code.replace(/Exception$/, '');
          failed.push({ Id: entry.Id, Code: code, Message: error.message, SenderFault: true });
        }
      }
      const bytes = checked.reduce((sum, { content }) => sum + content.size, 0);
      if (bytes > Math.max(defaultMaximumSize, topic.attributes.maximumMessageSize))
        throw batchError(
          'BatchRequestTooLong',
          'The length of all the messages put together is more than the limit.',
        );
      keys.use(topic, context.caller, context);
      return {
        Successful: checked.map(({ Id, content }) => {
          const { id, sequenceNumber } = publisher.publish(topic, content);
          return { Id, MessageId: id, SequenceNumber: sequenceNumber };
        }),
        Failed: failed,
      };
    },
  } satisfies Handlers<Sns>;
}

interface BatchEntry extends GivenMessage {
  readonly Id: string;
}

/** What makes a batch fail as a whole: its entries' ids and attributes, and groups that FIFO topics need. */
function checkBatch(topic: Topic, entries: readonly BatchEntry[]): void {
  if (entries.length === 0)
    throw batchError('EmptyBatchRequest', 'The batch request does not contain any entries.');
  if (entries.length > maximumEntries)
    throw batchError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  const ids = entries.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length)
    throw batchError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  for (const id of ids) {
    if (id.length > 80)
      throw batchError(
        'InvalidBatchEntryId',
        `The Id of a batch entry in the batch request is too long: ${id}`,
      );
    if (!/^[A-Za-z0-9_-]+$/.test(id))
      throw batchError(
        'InvalidBatchEntryId',
        `The Id of a batch entry in the batch request contains an impermissible character: ${id}`,
      );
  }
  for (const { MessageAttributes } of entries) checkMessageAttributes(MessageAttributes);
  if (!topic.fifo) return;
  if (entries.some(({ MessageGroupId }) => MessageGroupId === undefined))
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  const { contentBasedDeduplication } = topic.attributes;
  const withoutId = entries.some(({ MessageDeduplicationId: id }) => id === undefined);
  if (withoutId && !contentBasedDeduplication)
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
}
