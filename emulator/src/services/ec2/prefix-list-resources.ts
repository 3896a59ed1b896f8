import type { PropertyReader, ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import {
  createPrefixList,
  deletePrefixList,
  modifyPrefixList,
  type PrefixListOptions,
} from './prefix-list';

/** The CloudFormation type of prefix lists. */
export function prefixListProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::PrefixList',
      on: 'prefix-list',
      properties: ['AddressFamily', 'Entries', 'MaxEntries', 'PrefixListName', 'Tags'],
      actions: {
        create: 'CreateManagedPrefixList',
        update: 'ModifyManagedPrefixList',
        delete: 'DeleteManagedPrefixList',
      },
      create(region, properties, request) {
        const list = createPrefixList(region, {
          ...optionsOf(properties),
          addressFamily: properties.requiredString('AddressFamily'),
          tags: resourceTags(properties, request),
        });
        return {
          physicalId: list.id,
          attributes: {
            PrefixListId: list.id,
            OwnerId: list.owner,
            Arn: region.arn('prefix-list', list.id),
            get Version() {
              return list.version;
            },
          },
        };
      },
      update: (region, properties, { physicalId }) =>
        modifyPrefixList(region.prefixLists.get(physicalId), optionsOf(properties)),
      delete: (region, _properties, { physicalId }) => deletePrefixList(region, physicalId),
    }),
  ];
}

function optionsOf(
  properties: PropertyReader,
): Pick<PrefixListOptions, 'entries' | 'maxEntries' | 'name'> {
  return {
    name: properties.requiredString('PrefixListName'),
    maxEntries: properties.number('MaxEntries'),
    entries: (properties.objects('Entries') ?? []).map((entry) => ({
      cidr: entry.requiredString('Cidr'),
      description: entry.string('Description'),
    })),
  };
}
