import type { ResourceType } from '@aws-sdk/client-ec2';
import { ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { sortedBy } from '../page';
import { answered, type Operations, type RegionOf } from './client';
import { describeMembers, page, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import { type FilterTable, filtered } from './filters';
import { checkTags, ownTags } from './tags';

/** A tag with what it is on. */
interface TagDescription {
  readonly Key: string;
  readonly Value: string;
  readonly ResourceId: string;
  readonly ResourceType: ResourceType;
}

const filters: FilterTable<TagDescription> = {
  key: ({ Key }) => Key,
  'resource-id': ({ ResourceId }) => ResourceId,
  'resource-type': ({ ResourceType }) => ResourceType,
  value: ({ Value }) => Value,
};

/** Operations on tags, of every kind of resource. */
export function tagOperations(regionOf: RegionOf): Operations {
  return {
    CreateTags(input, context) {
      acceptOnly('CreateTags', input, ['DryRun', 'Resources', 'Tags']);
      const resources = taggedResources(regionOf(context), input.Resources ?? []);
      for (const { arn } of resources) permit(context, input, arn);
      const tags = new Map(input.Tags?.map(({ Key: key = '', Value: value = '' }) => [key, value]));
      checkTags(tags);
      for (const { resource } of resources) checkTags(new Map([...ownTags(resource), ...tags]));
      for (const { resource } of resources)
        for (const [key, value] of tags) resource.tags.set(key, value);
      return {};
    },

    DeleteTags(input, context) {
      acceptOnly('DeleteTags', input, ['DryRun', 'Resources', 'Tags']);
      const resources = taggedResources(regionOf(context), input.Resources ?? []);
      for (const { arn } of resources) permit(context, input, arn);
      // Without tags all go, but those of AWS.
      for (const { resource } of resources)
        for (const { Key: key = '', Value: value } of input.Tags ??
          [...ownTags(resource).keys()].map((one) => ({ Key: one, Value: undefined })))
          if (value === undefined || resource.tags.get(key) === value) resource.tags.delete(key);
      return {};
    },

    DescribeTags(input, context) {
      acceptOnly('DescribeTags', input, describeMembers);
      permit(context, input);
      const all = regionOf(context)
        .resources()
        .flatMap(({ kind, resource }) =>
          [...resource.tags].map(([key, value]) => ({
            Key: key,
            Value: value,
            ResourceId: resource.id,
            ResourceType: answered<ResourceType>(kind.resourceType),
          })),
        );
      const keyOf = ({ ResourceId, Key }: TagDescription) => `${ResourceId} ${Key}`;
      const byTag = (name: string) =>
        name.startsWith('tag:')
          ? ({ Key, Value }: TagDescription) => (Key === name.slice(4) ? Value : undefined)
          : undefined;
      const matching = sortedBy(filtered(all, input.Filters, filters, byTag), keyOf);
      const { items, nextToken } = page(matching, input, keyOf);
      return { Tags: items, NextToken: nextToken };
    },
  };
}

function taggedResources(region: Ec2Region, ids: readonly string[]) {
  return ids.map((id) => {
    const found = region.resource(id);
    if (!found) throw new ServiceError('InvalidID', `The ID '${id}' is not valid`);
    return { ...found, arn: region.arn(found.kind.resourceType, id) };
  });
}
