import type { _InstanceType } from '@aws-sdk/client-ec2';
import type { PropertyReader } from '../../../cloudformation/provider';
import { answered } from '../client';
import type { LaunchData } from './launch-data';

/** What a template says of instances, as the API has it. Members have the same names in both. */
export function launchDataFrom(properties: PropertyReader): LaunchData {
  const profile = properties.object('IamInstanceProfile');
  const metadata = properties.object('MetadataOptions');
  const monitoring = properties.object('Monitoring');
  const placement = properties.object('Placement');
  const credits = properties.object('CreditSpecification');
  const type = properties.string('InstanceType');
  return defined({
    BlockDeviceMappings: properties.objects('BlockDeviceMappings')?.map(blockDevice),
    CreditSpecification: credits && defined({ CpuCredits: credits.string('CpuCredits') }),
    DisableApiTermination: properties.boolean('DisableApiTermination'),
    EbsOptimized: properties.boolean('EbsOptimized'),
    IamInstanceProfile:
      profile && defined({ Arn: profile.string('Arn'), Name: profile.string('Name') }),
    ImageId: properties.string('ImageId'),
    InstanceInitiatedShutdownBehavior: oneOf(properties, 'InstanceInitiatedShutdownBehavior', [
      'stop',
      'terminate',
    ]),
    InstanceType: type === undefined ? undefined : answered<_InstanceType>(type),
    KeyName: properties.string('KeyName'),
    MetadataOptions: metadata && metadataOptions(metadata),
    Monitoring: monitoring && defined({ Enabled: monitoring.boolean('Enabled') }),
    NetworkInterfaces: properties.objects('NetworkInterfaces')?.map(networkInterface),
    Placement:
      placement &&
      defined({
        AvailabilityZone: placement.string('AvailabilityZone'),
        Tenancy: oneOf(placement, 'Tenancy', ['default', 'dedicated', 'host']),
      }),
    SecurityGroupIds: properties.strings('SecurityGroupIds'),
    TagSpecifications: properties.objects('TagSpecifications')?.map(tagSpecification),
    UserData: properties.string('UserData'),
  });
}

/** Tags of what is made, by type of resource. */
export function tagSpecification(properties: PropertyReader) {
  return {
    ResourceType: oneOf(properties, 'ResourceType', [
      'instance',
      'launch-template',
      'network-interface',
      'volume',
    ]),
    Tags: properties
      .objects('Tags')
      ?.map((tag) => ({ Key: tag.requiredString('Key'), Value: tag.string('Value') ?? '' })),
  };
}

/** A device of an instance, with the volume on it. */
export function blockDevice(properties: PropertyReader) {
  const ebs = properties.object('Ebs');
  return defined({
    DeviceName: properties.string('DeviceName'),
    Ebs:
      ebs &&
      defined({
        DeleteOnTermination: ebs.boolean('DeleteOnTermination'),
        Encrypted: ebs.boolean('Encrypted'),
        Iops: ebs.number('Iops'),
        KmsKeyId: ebs.string('KmsKeyId'),
        Throughput: ebs.number('Throughput'),
        VolumeSize: ebs.number('VolumeSize'),
        VolumeType: oneOf(ebs, 'VolumeType', [
          'gp2',
          'gp3',
          'io1',
          'io2',
          'sc1',
          'st1',
          'standard',
        ]),
      }),
  });
}

/** How an instance reaches its metadata. */
export function metadataOptions(properties: PropertyReader) {
  return defined({
    HttpEndpoint: oneOf(properties, 'HttpEndpoint', ['disabled', 'enabled']),
    HttpProtocolIpv6: oneOf(properties, 'HttpProtocolIpv6', ['disabled', 'enabled']),
    HttpPutResponseHopLimit: properties.number('HttpPutResponseHopLimit'),
    HttpTokens: oneOf(properties, 'HttpTokens', ['optional', 'required']),
    InstanceMetadataTags: oneOf(properties, 'InstanceMetadataTags', ['disabled', 'enabled']),
  });
}

function networkInterface(properties: PropertyReader) {
  return defined({
    AssociatePublicIpAddress: properties.boolean('AssociatePublicIpAddress'),
    DeleteOnTermination: properties.boolean('DeleteOnTermination'),
    Description: properties.string('Description'),
    DeviceIndex: properties.number('DeviceIndex'),
    Groups: properties.strings('Groups'),
    PrivateIpAddress: properties.string('PrivateIpAddress'),
    SubnetId: properties.string('SubnetId'),
  });
}

function oneOf<const T extends string>(
  properties: PropertyReader,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = properties.string(name);
  const value = values.find((one) => one === text);
  if (text !== undefined && value === undefined)
    throw new TypeError(`${name} must be one of ${values.join(', ')}, got ${text}`);
  return value;
}

/** Without members that are undefined: what is described is what was given. */
function defined<T extends object>(object: T): T {
  for (const name of Object.keys(object) as (keyof T)[])
    if (object[name] === undefined) delete object[name];
  return object;
}
