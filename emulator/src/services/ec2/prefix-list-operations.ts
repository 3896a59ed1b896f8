import { acceptOnly } from '../accepted-parameters';
import { sortedBy } from '../page';
import type { Operations, RegionOf } from './client';
import { describedPage, describeMembers, page, permit } from './describing';
import type { FilterTable } from './filters';
import type { PrefixList } from './prefix-list';
import { tagList } from './tags';

const filters: FilterTable<PrefixList> = {
  'owner-id': ({ owner }) => owner,
  'prefix-list-id': ({ id }) => id,
  'prefix-list-name': ({ name }) => name,
};

/** Operations on prefix lists: those of AWS, and those that come from templates. */
export function prefixListOperations(regionOf: RegionOf): Operations {
  return {
    /** Those of AWS alone. */
    DescribePrefixLists(input, context) {
      acceptOnly('DescribePrefixLists', input, [...describeMembers, 'PrefixListIds']);
      const { items, nextToken } = describedPage(
        context,
        input,
        regionOf(context).prefixLists,
        input.PrefixListIds,
        filters,
      );
      return {
        PrefixLists: items
          .filter(({ owner }) => owner === 'AWS')
          .map(({ id, name, entries }) => ({
            PrefixListId: id,
            PrefixListName: name,
            Cidrs: entries.map(({ cidr }) => cidr),
          })),
        NextToken: nextToken,
      };
    },

    DescribeManagedPrefixLists(input, context) {
      acceptOnly('DescribeManagedPrefixLists', input, [...describeMembers, 'PrefixListIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.prefixLists,
        input.PrefixListIds,
        filters,
      );
      return {
        PrefixLists: items.map((list) => ({
          PrefixListId: list.id,
          PrefixListArn: region.arn('prefix-list', list.id),
          PrefixListName: list.name,
          AddressFamily: list.addressFamily,
          OwnerId: list.owner,
          MaxEntries: list.owner === 'AWS' ? undefined : list.maxEntries,
          Version: list.owner === 'AWS' ? undefined : list.version,
          State: 'create-complete' as const,
          Tags: tagList(list.tags),
        })),
        NextToken: nextToken,
      };
    },

    GetManagedPrefixListEntries(input, context) {
      acceptOnly('GetManagedPrefixListEntries', input, [
        'DryRun',
        'MaxResults',
        'NextToken',
        'PrefixListId',
      ]);
      const region = regionOf(context);
      permit(context, input, region.arn('prefix-list', input.PrefixListId));
      const entries = sortedBy(
        region.prefixLists.get(input.PrefixListId).entries,
        ({ cidr }) => cidr,
      );
      const { items, nextToken } = page(entries, input, ({ cidr }) => cidr);
      return {
        Entries: items.map(({ cidr, description }) => ({ Cidr: cidr, Description: description })),
        NextToken: nextToken,
      };
    },
  };
}
