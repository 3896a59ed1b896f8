import { ServiceError } from '../../../protocol/errors';
import type { Ec2Region } from '../ec2-region';
import type { LaunchData } from '../launch-templates/launch-data';
import type { InstanceVolume } from './instance';

/** Of every image: the device that it boots from, and its size in GiB. */
export const rootDevice = '/dev/xvda';
const imageSize = 8;

type BlockDevice = NonNullable<LaunchData['BlockDeviceMappings']>[number];

/**
 * The devices of an instance: the one of its image, changed and added to by what the launch says.
 *
 * @throws ServiceError `InvalidBlockDeviceMapping`
 */
export function blockDevices({ BlockDeviceMappings: given = [] }: LaunchData): BlockDevice[] {
  const root = given.find(({ DeviceName }) => DeviceName === rootDevice);
  const size = root?.Ebs?.VolumeSize ?? imageSize;
  if (size < imageSize)
    throw new ServiceError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${size}GB is smaller than the snapshot of the image, expect size >= ${imageSize}GB`,
    );
  for (const { DeviceName: name, Ebs } of given)
    if (name === undefined || (name !== rootDevice && Ebs?.VolumeSize === undefined))
      throw new ServiceError(
        'MissingParameter',
        'The request must contain the parameter size or snapshotId',
      );
  return [
    {
      DeviceName: rootDevice,
      Ebs: {
        DeleteOnTermination: true,
        Encrypted: false,
        VolumeSize: imageSize,
        VolumeType: 'gp3',
        ...root?.Ebs,
      },
    },
    ...given.filter((one) => one !== root),
  ];
}

/** Volumes for the devices of a launch. */
export function volumesOf(region: Ec2Region, data: LaunchData): InstanceVolume[] {
  return blockDevices(data).map(({ DeviceName: deviceName = '', Ebs: settings = {} }) => ({
    id: region.newId('vol'),
    deviceName,
    settings,
    attachedAt: region.clock.now(),
  }));
}
