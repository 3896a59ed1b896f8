import { ServiceError } from '../../protocol/errors';
import type { EfsRegion } from './efs-region';
import {
  addressInUse,
  mountTargetConflict,
  securityGroupNotFound,
  subnetNotFound,
  tooManySecurityGroups,
  wrongMountTargetState,
  zonesMismatch,
} from './errors';
import type { FileSystem, MountTarget } from './file-system';

/** Emulated milliseconds that a mount target takes to come and to go through the API; on AWS it is a minute or two. */
export const mountTargetTime = 90_000;

const maximumGroups = 5;

/** A mount target to be made. */
export interface MountTargetRequest {
  readonly fileSystemId: string;
  readonly subnetId: string;
  readonly address: string | undefined;
  /** @default - the default group of the VPC */
  readonly securityGroups: readonly string[] | undefined;
}

/**
 * Makes a mount target: one in each availability zone, all in one VPC.
 *
 * @param atOnce - whether no emulated time passes
 * @throws ServiceError in AWS's codes.
 * @see https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
 */
export function createMountTarget(
  region: EfsRegion,
  request: MountTargetRequest,
  { atOnce }: { readonly atOnce: boolean },
): { readonly mountTarget: MountTarget; readonly created: Promise<void> } {
  const fileSystem = region.availableFileSystem(request.fileSystemId);
  const { account, network } = region;
  const subnet = network.subnet(account, region.region, request.subnetId);
  if (!subnet) throw subnetNotFound(request.subnetId);
  checkPlace(region, fileSystem, subnet);
  const securityGroups = request.securityGroups?.length
    ? checkGroups(region, subnet.vpcId, request.securityGroups)
    : network.defaultSecurityGroups(account, region.region, subnet.vpcId);
  const id = region.newId('fsmt', `${fileSystem.creationToken}/${subnet.zone}`);
  const { id: networkInterfaceId, privateIp } = addInterface(region, request, {
    securityGroups,
    description: `EFS mount target for ${fileSystem.id} (${id})`,
  });
  const mountTarget: MountTarget = {
    id,
    fileSystemId: fileSystem.id,
    subnetId: request.subnetId,
    ...subnet,
    address: privateIp,
    networkInterfaceId,
    securityGroups,
    state: 'creating',
  };
  region.mountTargets.set(id, mountTarget);
  const created = region
    .transition(`creation of ${id}`, atOnce, undefined, mountTargetTime)
    .then(() => {
      mountTarget.state = 'available';
    });
  return { mountTarget, created };
}

/** Takes a mount target away; clients that use it lose their connection. @returns when it is gone */
export function deleteMountTarget(
  region: EfsRegion,
  mountTarget: MountTarget,
  { atOnce }: { readonly atOnce: boolean },
): Promise<void> {
  const { id, networkInterfaceId } = mountTarget;
  mountTarget.state = 'deleting';
  return region.transition(`deletion of ${id}`, atOnce, undefined, mountTargetTime).then(() => {
    region.network.removeInterface(region.account, region.region, networkInterfaceId);
    region.mountTargets.delete(id);
  });
}

/** @throws ServiceError IncorrectMountTargetState, SecurityGroupNotFound, SecurityGroupLimitExceeded */
export function changeSecurityGroups(
  region: EfsRegion,
  mountTarget: MountTarget,
  groups: readonly string[],
): void {
  const { id, networkInterfaceId, state, vpcId } = mountTarget;
  if (state !== 'available') throw wrongMountTargetState(id, state);
  const { account, network } = region;
  mountTarget.securityGroups =
    groups.length > 0
      ? checkGroups(region, vpcId, groups)
      : network.defaultSecurityGroups(account, region.region, vpcId);
  network.setSecurityGroups(account, region.region, networkInterfaceId, mountTarget.securityGroups);
}

function checkPlace(
  region: EfsRegion,
  fileSystem: FileSystem,
  { vpcId, zone }: Pick<MountTarget, 'vpcId' | 'zone'>,
): void {
  if (fileSystem.zone !== undefined && fileSystem.zone !== zone) throw zonesMismatch();
  for (const other of region.mountTargetsOf(fileSystem)) {
    if (other.vpcId !== vpcId)
      throw mountTargetConflict(
        'requested subnet for new mount target is not in the same VPC as existing mount targets',
      );
    if (other.zone === zone) throw mountTargetConflict('mount target already exists in this AZ');
  }
}

function checkGroups(region: EfsRegion, vpcId: string, groups: readonly string[]): string[] {
  if (groups.length > maximumGroups) throw tooManySecurityGroups(maximumGroups);
  for (const group of groups)
    if (region.network.securityGroupVpc(region.account, region.region, group) !== vpcId)
      throw securityGroupNotFound(group);
  return [...groups];
}

function addInterface(
  region: EfsRegion,
  { address, subnetId }: MountTargetRequest,
  { securityGroups, description }: { securityGroups: readonly string[]; description: string },
) {
  try {
    return region.network.addInterface(region.account, region.region, {
      subnetId,
      description,
      groupIds: securityGroups,
      privateIp: address,
    });
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'InvalidIPAddress.InUse' && address)
      throw addressInUse(address);
    throw error;
  }
}
