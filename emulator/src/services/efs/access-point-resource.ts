import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
  type TemplateValue,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { spelledAs, tagList } from '../live-properties';
import {
  changedProperties,
  sameState,
  templateTags,
  updateTemplateTags,
} from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import { type AccessPointRequest, createAccessPoint, deleteAccessPoint } from './access-points';
import { type EfsRegion, idOf } from './efs-region';
import type { AccessPoint } from './file-system';

const type = 'AWS::EFS::AccessPoint';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-accesspoint.html */
export function accessPointProvider(
  regions: Regional<EfsRegion>,
  { authorize }: ServiceEnvironment,
): ResourceProvider {
  const regionOf = ({ account, region }: Pick<ResourceRequest, 'account' | 'region'>) =>
    regions.in(account, region);
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    authorize({ caller, action: `elasticfilesystem:${action}`, resource });
  return {
    type,
    level: 'emulated',
    recordedProperties: ['PosixUser'],
    tagsProperty: 'AccessPointTags',
    unsupported: (given) =>
      unsupportedProperties(type, given, [
        'AccessPointTags',
        'ClientToken',
        'FileSystemId',
        'PosixUser',
        'RootDirectory',
      ]),
    async create(request) {
      const region = regionOf(request);
      const reader = new PropertyReader(request.properties);
      const fileSystemId = idOf(reader.requiredString('FileSystemId'));
      ask(request, 'CreateAccessPoint', region.fileSystemArn(fileSystemId));
      const { accessPoint, created } = createAccessPoint(
        region,
        {
          fileSystemId,
          clientToken: reader.string('ClientToken') ?? request.generateName(64),
          ...rootOf(reader),
          posixUser: userOf(reader.object('PosixUser')),
          tags: new Map(Object.entries(templateTags(request, 'AccessPointTags'))),
        },
        { atOnce: true },
      );
      await created;
      return accessPointState(accessPoint);
    },
    async find({ account, region, identifier }) {
      const found = regions.in(account, region).accessPoints.get(identifier.AccessPointId ?? '');
      return found && accessPointState(found);
    },
    async update(request) {
      const point = regionOf(request).accessPoint(request.physicalId);
      const { previous } = request;
      const changed = changedProperties(previous.properties, request.properties);
      if (changed.has('AccessPointTags')) ask(request, 'TagResource', point.arn);
      updateTemplateTags(point.tags, request, 'AccessPointTags');
      return sameState(request);
    },
    async delete(request) {
      const region = regionOf(request);
      ask(request, 'DeleteAccessPoint', region.accessPointArn(request.physicalId));
      const point = region.accessPoints.get(request.physicalId);
      if (point) await deleteAccessPoint(region, point, { atOnce: true });
    },
    async read(request) {
      const region = regionOf(request);
      ask(request, 'DescribeAccessPoints', region.accessPointArn(request.physicalId));
      const found = region.accessPoints.get(request.physicalId);
      if (!found || found.state === 'deleting') return undefined;
      return liveAccessPoint(found, request.properties.FileSystemId);
    },
  };
}

function accessPointState({ arn, id }: AccessPoint): ResourceState {
  return { physicalId: id, attributes: { AccessPointId: id, Arn: arn } };
}

function rootOf(reader: PropertyReader): Pick<AccessPointRequest, 'path' | 'creationInfo'> {
  const root = reader.object('RootDirectory');
  const info = root?.object('CreationInfo');
  return {
    path: root?.string('Path'),
    creationInfo: info && {
      ownerUid: Number(info.requiredString('OwnerUid')),
      ownerGid: Number(info.requiredString('OwnerGid')),
      permissions: info.requiredString('Permissions'),
    },
  };
}

function userOf(reader: PropertyReader | undefined): AccessPoint['posixUser'] {
  return (
    reader && {
      uid: Number(reader.requiredString('Uid')),
      gid: Number(reader.requiredString('Gid')),
      secondaryGids: reader.strings('SecondaryGids')?.map(Number),
    }
  );
}

function liveAccessPoint(point: AccessPoint, fileSystem: TemplateValue | undefined) {
  const { creationInfo, path, posixUser } = point;
  return {
    AccessPointTags: tagList(point.tags),
    ClientToken: point.clientToken,
    FileSystemId: spelledAs(fileSystem, point.fileSystemId, idOf),
    PosixUser: posixUser && {
      Gid: String(posixUser.gid),
      SecondaryGids: (posixUser.secondaryGids ?? []).map(String),
      Uid: String(posixUser.uid),
    },
    RootDirectory: {
      Path: path,
      ...(creationInfo && {
        CreationInfo: {
          OwnerGid: String(creationInfo.ownerGid),
          OwnerUid: String(creationInfo.ownerUid),
          Permissions: creationInfo.permissions,
        },
      }),
    },
  };
}
