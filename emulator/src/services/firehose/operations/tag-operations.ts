import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import { sortedBy } from '../../page';
import type { FirehoseApi } from '../api';
import { limitExceeded } from '../errors';
import type { FirehoseState } from '../state';
import { checkTags, maximumTags } from '../tags';

/** Tags of delivery streams. */
export function tagOperations(state: FirehoseState) {
  return {
    TagDeliveryStream(input, context) {
      acceptOnly('TagDeliveryStream', input, ['DeliveryStreamName', 'Tags']);
      new Constraints('ValidationException').length('tags', input.Tags, 1, maximumTags).check();
      checkTags(input.Tags);
      const { tags } = state.activeStream(context, input.DeliveryStreamName, 'TagDeliveryStream');
      if (new Set([...tags.keys(), ...input.Tags.map(({ Key }) => Key)]).size > maximumTags)
        throw limitExceeded(`A delivery stream cannot have more than ${maximumTags} tags.`);
      for (const { Key, Value } of input.Tags) tags.set(Key, Value ?? '');
      return {};
    },

    UntagDeliveryStream(input, context) {
      acceptOnly('UntagDeliveryStream', input, ['DeliveryStreamName', 'TagKeys']);
      const { tags } = state.activeStream(context, input.DeliveryStreamName, 'UntagDeliveryStream');
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForDeliveryStream(input, context) {
      acceptOnly('ListTagsForDeliveryStream', input, [
        'DeliveryStreamName',
        'ExclusiveStartTagKey',
        'Limit',
      ]);
      new Constraints('ValidationException').range('limit', input.Limit, 1, maximumTags).check();
      const { tags } = state.stream(context, input.DeliveryStreamName, 'ListTagsForDeliveryStream');
      const { ExclusiveStartTagKey: after = '' } = input;
      const rest = sortedBy(tags, ([key]) => key).filter(([key]) => key > after);
      const page = rest.slice(0, input.Limit ?? maximumTags);
      return {
        Tags: page.map(([Key, Value]) => ({ Key, Value })),
        HasMoreTags: rest.length > page.length,
      };
    },
  } satisfies Handlers<FirehoseApi>;
}
