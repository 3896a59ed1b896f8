import { ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { sortedBy } from '../page';
import type { Operations } from './client';
import { describeMembers, page, permit } from './describing';
import { type FilterTable, filtered, tagFilters } from './filters';

/** A public image of Amazon Linux. */
export interface PublicImage {
  /** Such as `ami-0123456789abcdef0`. */
  readonly id: string;
  /** Such as `al2023-ami-2023.9.20251117.1-kernel-6.1-x86_64`. */
  readonly name: string;
  readonly architecture: 'arm64' | 'x86_64';
  readonly description: string;
}

/** Of all images, as their release is made up. */
const creationDate = '2025-11-17T21:04:29.000Z';

/** Amazon's account for its images. */
const owner = '137112412989';

const filters: FilterTable<PublicImage> = {
  architecture: ({ architecture }) => architecture,
  'creation-date': () => creationDate,
  description: ({ description }) => description,
  'ena-support': () => true,
  hypervisor: () => 'xen',
  'image-id': ({ id }) => id,
  'image-type': () => 'machine',
  'is-public': () => true,
  name: ({ name }) => name,
  'owner-alias': () => 'amazon',
  'owner-id': () => owner,
  platform: () => undefined,
  'root-device-name': () => '/dev/xvda',
  'root-device-type': () => 'ebs',
  state: () => 'available',
  'virtualization-type': () => 'hvm',
};

/** Operations on images: the public ones that parameters of Systems Manager name. Nothing can be started from them. */
export function imageOperations(imagesOf: (region: string) => readonly PublicImage[]): Operations {
  return {
    DescribeImages(input, context) {
      acceptOnly('DescribeImages', input, [
        ...describeMembers,
        'ExecutableUsers',
        'ImageIds',
        'IncludeDeprecated',
        'Owners',
      ]);
      permit(context, input);
      const { ExecutableUsers: users, ImageIds: ids, Owners: owners } = input;
      const all = imagesOf(context.region);
      const missing = ids?.filter((id) => !all.some((image) => image.id === id)) ?? [];
      if (missing.length > 0)
        throw new ServiceError(
          'InvalidAMIID.NotFound',
          `The image id${missing.length > 1 ? 's' : ''} '[${missing.join(', ')}]' do${missing.length > 1 ? '' : 'es'} not exist`,
        );
      const visible =
        (owners?.some((one) => one === 'amazon' || one === owner) ?? true) &&
        (users?.includes('all') ?? true);
      const named = visible ? all.filter(({ id }) => ids?.includes(id) ?? true) : [];
      const matching = sortedBy(
        filtered(named, input.Filters, filters, (name) => tagFilters(name) && (() => undefined)),
        ({ id }) => id,
      );
      const { items, nextToken } = page(matching, input, ({ id }) => id);
      return { Images: items.map(describeImage), NextToken: nextToken };
    },
  };
}

function describeImage({ id, name, architecture, description }: PublicImage) {
  return {
    ImageId: id,
    Name: name,
    Description: description,
    Architecture: architecture,
    CreationDate: creationDate,
    OwnerId: owner,
    ImageOwnerAlias: 'amazon',
    ImageLocation: `amazon/${name}`,
    ImageType: 'machine' as const,
    Public: true,
    State: 'available' as const,
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs' as const,
    VirtualizationType: 'hvm' as const,
    Hypervisor: 'xen' as const,
    EnaSupport: true,
    SriovNetSupport: 'simple',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          DeleteOnTermination: true,
          Encrypted: false,
          VolumeSize: 8,
          VolumeType: 'gp3' as const,
        },
      },
    ],
  };
}
