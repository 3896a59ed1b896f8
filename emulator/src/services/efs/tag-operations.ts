import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import type { Regional } from '../service';
import { type EfsApi, tagList, tagMap } from './descriptions';
import { type EfsRegion, idOf } from './efs-region';
import { badMarker, pageSize } from './file-system-operations';
import { checkTags } from './settings';

/** Tags of file systems and access points. */
export function tagOperations(regions: Regional<EfsRegion>) {
  const tagsOf = (context: CallContext, idOrArn: string): Map<string, string> => {
    const region = regions.in(context.account, context.region);
    const id = idOf(idOrArn);
    const isPoint = id.startsWith('fsap-');
    const arn = isPoint ? region.accessPointArn(id) : region.fileSystemArn(id);
    context.authorize(`elasticfilesystem:${context.operation}`, arn);
    return (isPoint ? region.accessPoint(id) : region.fileSystem(id)).tags;
  };
  return {
    TagResource(input, context) {
      acceptOnly('TagResource', input, ['ResourceId', 'Tags']);
      const tags = tagsOf(context, input.ResourceId);
      const added = tagMap(input.Tags);
      checkTags(added, tags);
      for (const [key, value] of added) tags.set(key, value);
      return {};
    },

    UntagResource(input, context) {
      acceptOnly('UntagResource', input, ['ResourceId', 'TagKeys']);
      const tags = tagsOf(context, input.ResourceId);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource(input, context) {
      acceptOnly('ListTagsForResource', input, ['MaxResults', 'NextToken', 'ResourceId']);
      const page = pageOf(
        sortedBy(tagList(tagsOf(context, input.ResourceId)), ({ Key }) => Key),
        ({ Key }) => Key,
        pageSize(input.MaxResults),
        input.NextToken,
        badMarker,
      );
      return { Tags: page.items, NextToken: page.nextToken };
    },
  } satisfies Handlers<EfsApi>;
}
