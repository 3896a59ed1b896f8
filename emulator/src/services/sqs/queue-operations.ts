import type { CallContext, Handlers } from '../../protocol/handlers';
import { addPermission, removePermission } from './access-policy';
import {
  invalidAttributeName,
  invalidParameterValue,
  invalidValue,
  missingParameter,
  queueDoesNotExist,
} from './errors';
import { queueArn, queueUrl } from './names';
import type { Queue } from './queue';
import { isAttributeName } from './queue-attributes';
import { tagQueue } from './queue-registry';
import type { SqsState } from './sqs-state';

type Sqs = typeof import('@aws-sdk/client-sqs');

const mostResults = 1000;

/** Creating, finding, describing, tagging and deleting queues. */
export function queueOperations(state: SqsState) {
  return {
    CreateQueue: (input, context) => {
      const { account, region } = context;
      if (input.QueueName === '') throw invalidParameterValue('Queue name cannot be empty');
      const arn = queueArn({ account, region, name: input.QueueName });
      context.authorize('sqs:CreateQueue', arn);
      if (Object.keys(input.tags ?? {}).length > 0) context.authorize('sqs:TagQueue', arn);
      const queue = state
        .in(account, region)
        .create(input.QueueName, defined(input.Attributes), input.tags ?? {});
      return { QueueUrl: queueUrl(context.origin, queue.address) };
    },

    DeleteQueue: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'DeleteQueue', (queue) => {
        state.registryOf(queue).delete(queue);
        return {};
      }),

    GetQueueUrl: (input, context) => {
      const address = {
        account: input.QueueOwnerAWSAccountId ?? context.account,
        region: context.region,
        name: input.QueueName,
      };
      const arn = queueArn(address);
      context.authorize('sqs:GetQueueUrl', arn);
      if (!state.find(arn)) throw queueDoesNotExist();
      return { QueueUrl: queueUrl(context.origin, address) };
    },

    ListQueues: (input, context) => {
      context.authorize('sqs:ListQueues', '*');
      const queues = state.in(context.account, context.region).list(input.QueueNamePrefix);
      const { urls, nextToken } = page(context, queues, input.MaxResults, input.NextToken);
      return { QueueUrls: urls.length === 0 ? undefined : urls, NextToken: nextToken };
    },

    ListDeadLetterSourceQueues: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'ListDeadLetterSourceQueues', (queue) => {
        const sources = state.registryOf(queue).deadLetterSources(queue.arn);
        const { urls, nextToken } = page(context, sources, input.MaxResults, input.NextToken);
        return { queueUrls: urls, NextToken: nextToken };
      }),

    GetQueueAttributes: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'GetQueueAttributes', (queue) => {
        const names = input.AttributeNames ?? [];
        const unknown = names.find((name) => !isAttributeName(name));
        if (unknown !== undefined) throw invalidAttributeName(unknown);
        const all = describe(queue);
        const asked = names.includes('All')
          ? all
          : Object.fromEntries(
              names.flatMap((name) => {
                const value = all[name];
                return value === undefined ? [] : [[name, value]];
              }),
            );
        return { Attributes: Object.keys(asked).length === 0 ? undefined : asked };
      }),

    SetQueueAttributes: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'SetQueueAttributes', (queue) => {
        const changes = defined(input.Attributes);
        if (Object.keys(changes).length === 0) throw missingParameter('Attribute.Name');
        state.registryOf(queue).setAttributes(queue, changes);
        return {};
      }),

    AddPermission: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'AddPermission', (queue) => {
        const { Label, AWSAccountIds, Actions } = input;
        const policy = queue.attributes.policy;
        queue.setAttributes({
          Policy: addPermission(policy, queue.arn, Label, AWSAccountIds, Actions),
        });
        return {};
      }),

    RemovePermission: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'RemovePermission', (queue) => {
        const policy = removePermission(queue.attributes.policy, input.Label);
        queue.setAttributes({ Policy: policy ?? '' });
        return {};
      }),

    TagQueue: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'TagQueue', (queue) => {
        if (Object.keys(input.Tags).length === 0) throw missingParameter('Tags');
        tagQueue(queue, input.Tags);
        return {};
      }),

    UntagQueue: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'UntagQueue', (queue) => {
        if (input.TagKeys.length === 0) throw missingParameter('TagKeys');
        for (const key of input.TagKeys) queue.tags.delete(key);
        return {};
      }),

    ListQueueTags: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'ListQueueTags', (queue) => ({
        Tags: queue.tags.size === 0 ? undefined : Object.fromEntries(queue.tags),
      })),
  } satisfies Handlers<Sqs>;
}

/** All attributes of a queue; what it counts is exact. */
function describe(queue: Queue): Record<string, string> {
  const seconds = (time: number) => String(Math.floor(time / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.visible),
    ApproximateNumberOfMessagesNotVisible: String(queue.inFlight),
    ApproximateNumberOfMessagesDelayed: String(queue.delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    ...Object.fromEntries(queue.attributes.entries()),
  };
}

/** One page of queue URLs. The token names the last queue of the page before. */
function page(
  context: CallContext,
  queues: readonly Queue[],
  maxResults: number | undefined,
  nextToken: string | undefined,
): { urls: string[]; nextToken: string | undefined } {
  if (maxResults !== undefined && !(maxResults >= 1 && maxResults <= mostResults)) {
    throw invalidValue(
      maxResults,
      'MaxResults',
      `MaxResults must be an integer between 1 and ${mostResults}.`,
    );
  }
  const after = nextToken === undefined ? '' : Buffer.from(nextToken, 'base64').toString();
  if (nextToken !== undefined && !/^[A-Za-z0-9_.-]{1,80}$/.test(after)) {
    throw invalidParameterValue('Invalid or expired next token.');
  }
  const rest = queues.filter(({ address }) => address.name > after);
  const shown = rest.slice(0, maxResults ?? mostResults);
  const last = shown.at(-1);
  // Without MaxResults there is no token, and no second page.
  const more = maxResults !== undefined && shown.length < rest.length && last !== undefined;
  return {
    urls: shown.map(({ address }) => queueUrl(context.origin, address)),
    nextToken: more ? Buffer.from(last.address.name).toString('base64') : undefined,
  };
}

function defined(
  attributes: Readonly<Partial<Record<string, string>>> | undefined,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined) values[name] = value;
  }
  return values;
}
