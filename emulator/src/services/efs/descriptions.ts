import { availabilityZones } from '../../network/availability-zones';
import type { OutputOf } from '../../protocol/handlers';
import type { EfsRegion } from './efs-region';
import type { AccessPoint, FileSystem, MountTarget } from './file-system';

/** The SDK's EFS module, by which operations are typed. */
export type EfsApi = typeof import('@aws-sdk/client-efs');

/** Tags as EFS lists them. */
export function tagList(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** Tags out of a list. */
export function tagMap(
  tags: readonly { readonly Key: string; readonly Value: string }[] = [],
): Map<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}

/** @param size - bytes, as EFS meters them */
export function describeFileSystem(
  region: EfsRegion,
  fileSystem: FileSystem,
  size: number,
): OutputOf<EfsApi, 'CreateFileSystem'> {
  const { tags, throughput, zone } = fileSystem;
  return {
    OwnerId: region.account,
    CreationToken: fileSystem.creationToken,
    FileSystemId: fileSystem.id,
    FileSystemArn: fileSystem.arn,
    CreationTime: new Date(fileSystem.created),
    LifeCycleState: fileSystem.state,
    Name: tags.get('Name'),
    NumberOfMountTargets: region.mountTargetsOf(fileSystem).length,
    SizeInBytes: {
      Value: size,
      Timestamp: new Date(region.clock.now()),
      ValueInIA: 0,
      ValueInArchive: 0,
      ValueInStandard: size,
    },
    PerformanceMode: fileSystem.performanceMode,
    Encrypted: fileSystem.encrypted,
    KmsKeyId: fileSystem.kmsKeyArn,
    ThroughputMode: throughput.mode,
    ProvisionedThroughputInMibps: throughput.provisioned,
    ...(zone !== undefined && {
      AvailabilityZoneName: zone,
      AvailabilityZoneId: zoneId(region, zone),
    }),
    Tags: tagList(tags),
    FileSystemProtection: { ReplicationOverwriteProtection: fileSystem.overwriteProtection },
  };
}

export function describeMountTarget(
  region: EfsRegion,
  mountTarget: MountTarget,
): OutputOf<EfsApi, 'CreateMountTarget'> {
  return {
    OwnerId: region.account,
    MountTargetId: mountTarget.id,
    FileSystemId: mountTarget.fileSystemId,
    SubnetId: mountTarget.subnetId,
    LifeCycleState: mountTarget.state,
    IpAddress: mountTarget.address,
    NetworkInterfaceId: mountTarget.networkInterfaceId,
    AvailabilityZoneId: zoneId(region, mountTarget.zone),
    AvailabilityZoneName: mountTarget.zone,
    VpcId: mountTarget.vpcId,
  };
}

export function describeAccessPoint(
  region: EfsRegion,
  point: AccessPoint,
): OutputOf<EfsApi, 'CreateAccessPoint'> {
  const { creationInfo, posixUser, tags } = point;
  return {
    ClientToken: point.clientToken,
    Name: tags.get('Name'),
    Tags: tagList(tags),
    AccessPointId: point.id,
    AccessPointArn: point.arn,
    FileSystemId: point.fileSystemId,
    ...(posixUser && {
      PosixUser: {
        Uid: posixUser.uid,
        Gid: posixUser.gid,
        ...(posixUser.secondaryGids && { SecondaryGids: [...posixUser.secondaryGids] }),
      },
    }),
    RootDirectory: {
      Path: point.path,
      ...(creationInfo && {
        CreationInfo: {
          OwnerUid: creationInfo.ownerUid,
          OwnerGid: creationInfo.ownerGid,
          Permissions: creationInfo.permissions,
        },
      }),
    },
    OwnerId: region.account,
    LifeCycleState: point.state,
  };
}

function zoneId({ region }: EfsRegion, zone: string): string | undefined {
  return availabilityZones(region).find(({ name }) => name === zone)?.id;
}
