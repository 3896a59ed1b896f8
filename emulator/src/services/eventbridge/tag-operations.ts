import type { CallContext, Handlers } from '../../protocol/handlers';
import { invalid, notFound } from './errors';
import type { EventBridgeState } from './eventbridge-state';
import { parseBusArn, parseRuleArn } from './names';
import { addTags, listTags } from './tags';

type EventBridge = typeof import('@aws-sdk/client-eventbridge');

/** Tags of buses and rules. */
export function tagOperations(state: EventBridgeState) {
  const tagged = (context: CallContext, action: string, arn: string) => {
    if (!parseBusArn(arn) && !parseRuleArn(arn))
      throw invalid(
        'Parameter ResourceARN is not valid. Reason: Provided Arn is not in correct format.',
      );
    context.authorize(`events:${action}`, arn);
    const found = state.find(arn);
    if (!found) throw notFound(`Resource ${arn} does not exist.`);
    return found.tags;
  };
  return {
    TagResource: (input, context) => {
      addTags(
        tagged(context, 'TagResource', input.ResourceARN),
        input.Tags.map(({ Key, Value }) => ({ Key, Value })),
      );
      return {};
    },

    UntagResource: (input, context) => {
      const tags = tagged(context, 'UntagResource', input.ResourceARN);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource: (input, context) => ({
      Tags: listTags(tagged(context, 'ListTagsForResource', input.ResourceARN)),
    }),
  } satisfies Handlers<EventBridge>;
}
