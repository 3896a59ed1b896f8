import type { _InstanceType, Instance as InstanceAnswer } from '@aws-sdk/client-ec2';
import { answered } from '../client';
import type { Ec2Region } from '../ec2-region';
import type { FilterTable } from '../filters';
import { tagList } from '../tags';
import { type Instance, type InstanceState, stateCodes } from './instance';
import { rootDevice } from './volumes';

/** The filters of DescribeInstances, but those of what instances do not have here. */
export const instanceFilters = (region: Ec2Region): FilterTable<Instance> => ({
  architecture: ({ image }) => image.architecture,
  'availability-zone': ({ availabilityZone }) => availabilityZone,
  'availability-zone-id': ({ availabilityZoneId }) => availabilityZoneId,
  'block-device-mapping.device-name': ({ volumes }) => volumes.map(({ deviceName }) => deviceName),
  'block-device-mapping.volume-id': ({ volumes }) => volumes.map(({ id }) => id),
  'client-token': ({ clientToken }) => clientToken,
  'dns-name': ({ publicDnsName }) => publicDnsName,
  'iam-instance-profile.arn': ({ profile }) => profile?.arn,
  'iam-instance-profile.id': ({ profile }) => profile?.id,
  'image-id': ({ image }) => image.id,
  'instance-id': ({ id }) => id,
  'instance-lifecycle': () => undefined,
  'instance-state-code': ({ state }) => stateCodes[state],
  'instance-state-name': ({ state }) => state,
  'instance-type': ({ instanceType }) => instanceType,
  'instance.group-id': ({ groupIds }) => groupIds,
  'instance.group-name': ({ groupIds }) => groupIds.map((id) => groupName(region, id)),
  'ip-address': ({ publicIp }) => publicIp,
  'key-name': () => undefined,
  'launch-index': ({ launchIndex }) => launchIndex,
  'launch-time': ({ launchedAt }) => new Date(launchedAt).toISOString(),
  'metadata-options.http-endpoint': ({ metadata }) => metadata.endpoint,
  'metadata-options.http-tokens': ({ metadata }) => metadata.tokens,
  'network-interface.network-interface-id': ({ networkInterfaceId }) => networkInterfaceId,
  'network-interface.subnet-id': ({ subnetId }) => subnetId,
  'network-interface.vpc-id': ({ vpcId }) => vpcId,
  'owner-id': ({ account }) => account,
  'private-dns-name': ({ privateDnsName }) => privateDnsName,
  'private-ip-address': ({ privateIp }) => privateIp,
  'reservation-id': ({ reservationId }) => reservationId,
  'root-device-name': () => rootDevice,
  'root-device-type': () => 'ebs',
  'source-dest-check': ({ sourceDestCheck }) => sourceDestCheck,
  'subnet-id': ({ subnetId }) => subnetId,
  tenancy: () => 'default',
  'virtualization-type': () => 'hvm',
  'vpc-id': ({ vpcId }) => vpcId,
});

/** A state as descriptions have it. */
export function describeState(state: InstanceState) {
  return { Code: stateCodes[state], Name: state };
}

/** Instances as they were launched together. */
export function describeReservations(region: Ec2Region, instances: readonly Instance[]) {
  const reservations = new Map<string, Instance[]>();
  for (const instance of instances) {
    const together = reservations.get(instance.reservationId);
    if (together) together.push(instance);
    else reservations.set(instance.reservationId, [instance]);
  }
  return [...reservations].map(([id, together]) => ({
    ReservationId: id,
    OwnerId: region.account,
    Groups: [],
    Instances: together.map((instance) => describeInstance(region, instance)),
  }));
}

/** An instance as DescribeInstances shows it; one that is terminated has no network and no volumes. */
export function describeInstance(region: Ec2Region, instance: Instance): InstanceAnswer {
  const isThere = instance.state !== 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: instance.image.id,
    InstanceType: answered<_InstanceType>(instance.instanceType),
    State: describeState(instance.state),
    StateTransitionReason: instance.transitionReason,
    StateReason: instance.stateReason && {
      Code: instance.stateReason.code,
      Message: instance.stateReason.message,
    },
    AmiLaunchIndex: instance.launchIndex,
    ClientToken: instance.clientToken ?? '',
    LaunchTime: new Date(instance.launchedAt),
    Placement: {
      AvailabilityZone: instance.availabilityZone,
      AvailabilityZoneId: instance.availabilityZoneId,
      GroupName: '',
      Tenancy: 'default',
    },
    Monitoring: { State: instance.detailedMonitoring ? 'enabled' : 'disabled' },
    Architecture: instance.image.architecture,
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    VirtualizationType: 'hvm',
    Hypervisor: 'xen',
    EnaSupport: true,
    RootDeviceName: rootDevice,
    RootDeviceType: 'ebs',
    EbsOptimized: instance.ebsOptimized,
    ProductCodes: [],
    Tags: tagList(instance.tags),
    IamInstanceProfile: instance.profile && {
      Arn: instance.profile.arn,
      Id: instance.profile.id,
    },
    MetadataOptions: {
      State: 'applied',
      HttpEndpoint: instance.metadata.endpoint,
      HttpTokens: instance.metadata.tokens,
      HttpPutResponseHopLimit: instance.metadata.hopLimit,
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: instance.metadata.tags,
    },
    PrivateDnsName: isThere ? instance.privateDnsName : '',
    PublicDnsName: isThere ? instance.publicDnsName : '',
    BlockDeviceMappings: [],
    NetworkInterfaces: [],
    SecurityGroups: [],
    ...(isThere && describeAttached(region, instance)),
  };
}

function describeAttached(region: Ec2Region, instance: Instance) {
  const groups = instance.groupIds.map((id) => ({ GroupId: id, GroupName: groupName(region, id) }));
  const attached = {
    AttachTime: new Date(instance.launchedAt),
    DeleteOnTermination: true,
    Status: 'attached' as const,
  };
  const card = region.networkInterfaces.find(instance.networkInterfaceId);
  return {
    VpcId: instance.vpcId,
    SubnetId: instance.subnetId,
    PrivateIpAddress: instance.privateIp,
    PublicIpAddress: instance.publicIp,
    SourceDestCheck: instance.sourceDestCheck,
    SecurityGroups: groups,
    BlockDeviceMappings: instance.volumes.map((volume) => ({
      DeviceName: volume.deviceName,
      Ebs: {
        VolumeId: volume.id,
        AttachTime: new Date(volume.attachedAt),
        DeleteOnTermination: volume.settings.DeleteOnTermination ?? false,
        Status: 'attached' as const,
      },
    })),
    NetworkInterfaces: card && [
      {
        NetworkInterfaceId: card.id,
        OwnerId: instance.account,
        VpcId: instance.vpcId,
        SubnetId: instance.subnetId,
        Description: card.description,
        MacAddress: card.macAddress,
        PrivateIpAddress: instance.privateIp,
        PrivateDnsName: instance.privateDnsName,
        PrivateIpAddresses: [
          {
            Primary: true,
            PrivateIpAddress: instance.privateIp,
            PrivateDnsName: instance.privateDnsName,
          },
        ],
        Groups: groups,
        InterfaceType: 'interface',
        Ipv6Addresses: [],
        SourceDestCheck: instance.sourceDestCheck,
        Status: 'in-use' as const,
        Attachment: { ...attached, DeviceIndex: 0, NetworkCardIndex: 0 },
      },
    ],
  };
}

function groupName(region: Ec2Region, id: string): string | undefined {
  return region.securityGroups.find(id)?.name;
}
