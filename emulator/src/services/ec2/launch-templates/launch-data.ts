import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { NotImplementedError, ServiceError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import { invalidValue } from '../errors';

/** What may be said of instances, in a launch template or as they are launched; all else is refused. */
export const launchMembers = [
  'BlockDeviceMappings',
  'CreditSpecification',
  'DisableApiTermination',
  'EbsOptimized',
  'IamInstanceProfile',
  'ImageId',
  'InstanceInitiatedShutdownBehavior',
  'InstanceType',
  'KeyName',
  'MetadataOptions',
  'Monitoring',
  'NetworkInterfaces',
  'Placement',
  'SecurityGroupIds',
  'TagSpecifications',
  'UserData',
] as const;

/** What instances are launched with, as the API has it. */
export type LaunchData = Readonly<Pick<RequestLaunchTemplateData, (typeof launchMembers)[number]>>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html: before it is encoded. */
const userDataLimit = 16_384;

const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/**
 * Refuses what is not honoured, and what AWS refuses whatever the account has.
 *
 * @param operation - that the data came with
 * @throws NotImplementedError naming a member; ServiceError for user data that cannot be.
 */
export function checkLaunchData(operation: string, data: LaunchData): void {
  const within = (member: string) => `${member} of ${operation}`;
  for (const { DeviceName, Ebs, ...rest } of data.BlockDeviceMappings ?? []) {
    acceptOnly(within('BlockDeviceMappings'), rest, []);
    acceptOnly(within('Ebs'), Ebs ?? {}, [
      'DeleteOnTermination',
      'Encrypted',
      'Iops',
      'KmsKeyId',
      'Throughput',
      'VolumeSize',
      'VolumeType',
    ]);
  }
  acceptOnly(within('Placement'), data.Placement ?? {}, ['AvailabilityZone', 'Tenancy']);
  const tenancy = data.Placement?.Tenancy ?? 'default';
  if (tenancy !== 'default') throw new NotImplementedError(`tenancy ${tenancy} of ${operation}`);
  const interfaces = data.NetworkInterfaces ?? [];
  for (const one of interfaces)
    acceptOnly(within('NetworkInterfaces'), one, [
      'AssociatePublicIpAddress',
      'DeleteOnTermination',
      'Description',
      'DeviceIndex',
      'Groups',
      'PrivateIpAddress',
      'SubnetId',
    ]);
  if (interfaces.length > 1 || (interfaces[0]?.DeviceIndex ?? 0) !== 0)
    throw new NotImplementedError(`a second network interface of ${operation}`);
  checkUserData(data.UserData);
}

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  if (!base64.test(userData))
    throw new ServiceError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(userData, 'base64').length > userDataLimit)
    throw invalidValue(`User data is limited to ${userDataLimit} bytes`);
}

/**
 * A launch template's data with what a call gives besides: what the call gives is what counts, member by member;
 * tags and block devices are put together, by key and by device.
 */
export function mergedLaunchData(template: LaunchData, given: LaunchData): LaunchData {
  const stated = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  return {
    ...template,
    ...stated,
    BlockDeviceMappings: byKey(
      [...(template.BlockDeviceMappings ?? []), ...(given.BlockDeviceMappings ?? [])],
      ({ DeviceName }) => DeviceName,
    ),
    TagSpecifications: [...(template.TagSpecifications ?? []), ...(given.TagSpecifications ?? [])],
  };
}

/** The tags of the resources of one type that come with an instance; the last value of a key counts. */
export function launchTags(data: LaunchData, resourceType: string): Map<string, string> {
  const lists = (data.TagSpecifications ?? [])
    .filter(({ ResourceType: type }) => type === resourceType)
    .flatMap(({ Tags: tags = [] }) => tags);
  return new Map(lists.map(({ Key: key = '', Value: value = '' }) => [key, value]));
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string | undefined): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
