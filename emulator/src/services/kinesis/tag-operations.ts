import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { sortedBy } from '../page';
import type { Consumer } from './consumer';
import type { KinesisApi } from './descriptions';
import { invalidArgument, limitExceeded, resourceNotFound } from './errors';
import { parseArn } from './names';
import { checkPolicy } from './resource-policy';
import type { KinesisState } from './state';
import type { Stream } from './stream';

const streamReference = ['StreamARN', 'StreamName'] as const;
const maximumTags = 50;

/** Tags and policies of streams and of consumers. */
export function tagOperations(state: KinesisState) {
  return {
    AddTagsToStream(input, context) {
      acceptOnly('AddTagsToStream', input, [...streamReference, 'Tags']);
      addTags(state.stream(context, input, 'AddTagsToStream').tags, input.Tags);
      return {};
    },

    RemoveTagsFromStream(input, context) {
      acceptOnly('RemoveTagsFromStream', input, [...streamReference, 'TagKeys']);
      const { tags } = state.stream(context, input, 'RemoveTagsFromStream');
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForStream(input, context) {
      acceptOnly('ListTagsForStream', input, [...streamReference, 'ExclusiveStartTagKey', 'Limit']);
      new Constraints('ValidationException').range('limit', input.Limit, 1, maximumTags).check();
      const { tags } = state.stream(context, input, 'ListTagsForStream');
      const after = input.ExclusiveStartTagKey;
      const rest = tagList(tags).filter(({ Key }) => after === undefined || Key > after);
      const page = rest.slice(0, input.Limit ?? maximumTags);
      return { Tags: page, HasMoreTags: rest.length > page.length };
    },

    TagResource(input, context) {
      acceptOnly('TagResource', input, ['ResourceARN', 'Tags']);
      addTags(resource(state, context, input.ResourceARN, 'TagResource').tags, input.Tags);
      return {};
    },

    UntagResource(input, context) {
      acceptOnly('UntagResource', input, ['ResourceARN', 'TagKeys']);
      const { tags } = resource(state, context, input.ResourceARN, 'UntagResource');
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource(input, context) {
      acceptOnly('ListTagsForResource', input, ['ResourceARN']);
      const { tags } = resource(state, context, input.ResourceARN, 'ListTagsForResource');
      return { Tags: tagList(tags) };
    },

    PutResourcePolicy(input, context) {
      acceptOnly('PutResourcePolicy', input, ['Policy', 'ResourceARN']);
      const target = resource(state, context, input.ResourceARN, 'PutResourcePolicy');
      checkPolicy(input.Policy);
      target.policy = input.Policy;
      return {};
    },

    GetResourcePolicy(input, context) {
      acceptOnly('GetResourcePolicy', input, ['ResourceARN']);
      const { policy } = resource(state, context, input.ResourceARN, 'GetResourcePolicy');
      // AWS documents an empty policy for a resource that has none.
      return { Policy: policy ?? '{}' };
    },

    DeleteResourcePolicy(input, context) {
      acceptOnly('DeleteResourcePolicy', input, ['ResourceARN']);
      const target = resource(state, context, input.ResourceARN, 'DeleteResourcePolicy');
      if (target.policy === undefined)
        throw resourceNotFound(`Resource policy of ${input.ResourceARN} not found.`);
      target.policy = undefined;
      return {};
    },
  } satisfies Handlers<KinesisApi>;
}

/** The stream or the consumer that a call is about. @throws ServiceError as for streams */
function resource(
  state: KinesisState,
  context: CallContext,
  arn: string,
  action: string,
): Consumer | Stream {
  const parsed = parseArn(arn);
  if (!parsed) throw invalidArgument(`Invalid ResourceARN: ${arn}`);
  context.authorize(`kinesis:${action}`, arn);
  const found =
    parsed.consumerArn === undefined ? state.find(parsed.stream) : state.findConsumer(arn);
  if (!found) throw resourceNotFound(`Resource ${arn} not found.`);
  return found;
}

function addTags(tags: Map<string, string>, added: Readonly<Record<string, string>>): void {
  const constraints = new Constraints('ValidationException');
  for (const [key, value] of Object.entries(added)) {
    constraints.length('tags', key, 1, 128).length('tags', value, 0, 256);
    if (key.startsWith('aws:')) throw invalidArgument(`Tag key ${key} must not begin with aws:`);
  }
  constraints.check();
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > maximumTags)
    throw limitExceeded(`A resource cannot have more than ${maximumTags} tags.`);
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
}

function tagList(tags: ReadonlyMap<string, string>) {
  return sortedBy(tags, ([key]) => key).map(([Key, Value]) => ({ Key, Value }));
}
