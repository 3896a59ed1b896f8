import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import type { Regional } from '../service';
import { createAccessPoint, deleteAccessPoint } from './access-points';
import { describeAccessPoint, type EfsApi, tagMap } from './descriptions';
import { type EfsRegion, idOf } from './efs-region';
import { badRequest } from './errors';
import type { AccessPoint } from './file-system';
import { badMarker, pageSize, permitted } from './file-system-operations';

/** Access points. */
export function accessPointOperations(regions: Regional<EfsRegion>) {
  const regionOf = ({ account, region }: CallContext) => regions.in(account, region);
  const accessPointOf = (region: EfsRegion, context: CallContext, id: string): AccessPoint => {
    context.authorize(`elasticfilesystem:${context.operation}`, region.accessPointArn(idOf(id)));
    return region.accessPoint(id);
  };
  return {
    CreateAccessPoint(input, context) {
      acceptOnly('CreateAccessPoint', input, [
        'ClientToken',
        'FileSystemId',
        'PosixUser',
        'RootDirectory',
        'Tags',
      ]);
      const region = regionOf(context);
      const { id } = permitted(region, context, input.FileSystemId);
      const { PosixUser: user, RootDirectory: root } = input;
      const info = root?.CreationInfo;
      const { accessPoint } = createAccessPoint(
        region,
        {
          fileSystemId: id,
          clientToken: input.ClientToken ?? '',
          posixUser: user && { uid: user.Uid, gid: user.Gid, secondaryGids: user.SecondaryGids },
          path: root?.Path,
          creationInfo: info && {
            ownerUid: info.OwnerUid,
            ownerGid: info.OwnerGid,
            permissions: info.Permissions,
          },
          tags: tagMap(input.Tags),
        },
        { atOnce: false },
      );
      return describeAccessPoint(region, accessPoint);
    },

    DescribeAccessPoints(input, context) {
      acceptOnly('DescribeAccessPoints', input, [
        'AccessPointId',
        'FileSystemId',
        'MaxResults',
        'NextToken',
      ]);
      const region = regionOf(context);
      const { AccessPointId: id, FileSystemId: fileSystem } = input;
      if (id !== undefined && fileSystem !== undefined)
        throw badRequest('Specify either AccessPointId or FileSystemId, not both.');
      if (id !== undefined)
        return {
          AccessPoints: [describeAccessPoint(region, accessPointOf(region, context, id))],
        };
      if (fileSystem === undefined)
        context.authorize('elasticfilesystem:DescribeAccessPoints', region.fileSystemArn('*'));
      const found =
        fileSystem === undefined
          ? region.accessPoints.values()
          : region.accessPointsOf(permitted(region, context, fileSystem));
      const page = pageOf(
        sortedBy(found, (one) => one.id),
        (one) => one.id,
        pageSize(input.MaxResults),
        input.NextToken,
        badMarker,
      );
      return {
        AccessPoints: page.items.map((one) => describeAccessPoint(region, one)),
        NextToken: page.nextToken,
      };
    },

    DeleteAccessPoint(input, context) {
      acceptOnly('DeleteAccessPoint', input, ['AccessPointId']);
      const region = regionOf(context);
      const accessPoint = accessPointOf(region, context, input.AccessPointId);
      void deleteAccessPoint(region, accessPoint, { atOnce: false });
      return {};
    },
  } satisfies Handlers<EfsApi>;
}
