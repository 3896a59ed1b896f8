import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import type { Regional } from '../service';
import { describeMountTarget, type EfsApi } from './descriptions';
import { type EfsRegion, idOf } from './efs-region';
import { badRequest } from './errors';
import type { MountTarget } from './file-system';
import { badMarker, pageSize, permitted } from './file-system-operations';
import { changeSecurityGroups, createMountTarget, deleteMountTarget } from './mount-targets';

/** Mount targets and their security groups. */
export function mountTargetOperations(regions: Regional<EfsRegion>) {
  const regionOf = ({ account, region }: CallContext) => regions.in(account, region);
  /** A call about a mount target is one about its file system. */
  const mountTargetOf = (region: EfsRegion, context: CallContext, id: string): MountTarget => {
    const found = region.mountTargets.get(id);
    const arn = region.fileSystemArn(found?.fileSystemId ?? '*');
    context.authorize(`elasticfilesystem:${context.operation}`, arn);
    return region.mountTarget(id);
  };
  return {
    CreateMountTarget(input, context) {
      acceptOnly('CreateMountTarget', input, [
        'FileSystemId',
        'IpAddress',
        'IpAddressType',
        'SecurityGroups',
        'SubnetId',
      ]);
      const region = regionOf(context);
      const { id } = permitted(region, context, input.FileSystemId);
      const { IpAddressType: type = 'IPV4_ONLY' } = input;
      if (type !== 'IPV4_ONLY')
        throw new NotImplementedError(`IpAddressType ${type} of mount targets`);
      const { mountTarget } = createMountTarget(
        region,
        {
          fileSystemId: id,
          subnetId: input.SubnetId,
          address: input.IpAddress,
          securityGroups: input.SecurityGroups,
        },
        { atOnce: false },
      );
      return describeMountTarget(region, mountTarget);
    },

    DescribeMountTargets(input, context) {
      acceptOnly('DescribeMountTargets', input, [
        'AccessPointId',
        'FileSystemId',
        'Marker',
        'MaxItems',
        'MountTargetId',
      ]);
      const region = regionOf(context);
      const { AccessPointId: point, FileSystemId: fileSystem, MountTargetId: id } = input;
      if ([point, fileSystem, id].filter((one) => one !== undefined).length !== 1)
        throw badRequest('Specify exactly one of FileSystemId, AccessPointId and MountTargetId.');
      const found =
        id !== undefined
          ? [mountTargetOf(region, context, id)]
          : region.mountTargetsOf(
              permitted(
                region,
                context,
                fileSystem ?? region.accessPoint(idOf(point ?? '')).fileSystemId,
              ),
            );
      const page = pageOf(
        sortedBy(found, (one) => one.id),
        (one) => one.id,
        pageSize(input.MaxItems),
        input.Marker,
        badMarker,
      );
      return {
        Marker: input.Marker,
        MountTargets: page.items.map((one) => describeMountTarget(region, one)),
        NextMarker: page.nextToken,
      };
    },

    DeleteMountTarget(input, context) {
      acceptOnly('DeleteMountTarget', input, ['MountTargetId']);
      const region = regionOf(context);
      const mountTarget = mountTargetOf(region, context, input.MountTargetId);
      void deleteMountTarget(region, mountTarget, { atOnce: false });
      return {};
    },

    DescribeMountTargetSecurityGroups(input, context) {
      acceptOnly('DescribeMountTargetSecurityGroups', input, ['MountTargetId']);
      const region = regionOf(context);
      const { securityGroups } = mountTargetOf(region, context, input.MountTargetId);
      return { SecurityGroups: [...securityGroups] };
    },

    ModifyMountTargetSecurityGroups(input, context) {
      acceptOnly('ModifyMountTargetSecurityGroups', input, ['MountTargetId', 'SecurityGroups']);
      const region = regionOf(context);
      const mountTarget = mountTargetOf(region, context, input.MountTargetId);
      changeSecurityGroups(region, mountTarget, input.SecurityGroups ?? []);
      return {};
    },
  } satisfies Handlers<EfsApi>;
}
