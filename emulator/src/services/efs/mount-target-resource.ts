import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { changedProperties, sameState } from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import { type EfsRegion, idOf } from './efs-region';
import type { MountTarget } from './file-system';
import { changeSecurityGroups, createMountTarget, deleteMountTarget } from './mount-targets';

const type = 'AWS::EFS::MountTarget';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-mounttarget.html */
export function mountTargetProvider(
  regions: Regional<EfsRegion>,
  { authorize }: ServiceEnvironment,
): ResourceProvider {
  const regionOf = ({ account, region }: Pick<ResourceRequest, 'account' | 'region'>) =>
    regions.in(account, region);
  const ask = (request: ResourceRequest, action: string) =>
    authorize({
      caller: request.caller,
      action: `elasticfilesystem:${action}`,
      resource: regionOf(request).fileSystemArn(idOf(String(request.properties.FileSystemId))),
    });
  return {
    type,
    level: 'emulated',
    unorderedProperties: ['SecurityGroups'],
    unsupported: (given) => [
      ...unsupportedProperties(type, given, [
        'FileSystemId',
        'IpAddress',
        'IpAddressType',
        'SecurityGroups',
        'SubnetId',
      ]),
      ...refusedAddresses(given),
    ],
    async create(request) {
      const reader = new PropertyReader(request.properties);
      ask(request, 'CreateMountTarget');
      const { created, mountTarget } = createMountTarget(
        regionOf(request),
        {
          fileSystemId: reader.requiredString('FileSystemId'),
          subnetId: reader.requiredString('SubnetId'),
          address: reader.string('IpAddress'),
          securityGroups: reader.strings('SecurityGroups'),
        },
        { atOnce: true },
      );
      await created;
      return mountTargetState(mountTarget);
    },
    async find({ account, region, identifier }) {
      const found = regions.in(account, region).mountTargets.get(identifier.Id ?? '');
      return found && mountTargetState(found);
    },
    async update(request) {
      const changed = changedProperties(request.previous.properties, request.properties);
      if (changed.has('SecurityGroups')) {
        const region = regionOf(request);
        ask(request, 'ModifyMountTargetSecurityGroups');
        changeSecurityGroups(
          region,
          region.mountTarget(request.physicalId),
          new PropertyReader(request.properties).strings('SecurityGroups') ?? [],
        );
      }
      return sameState(request);
    },
    async delete(request) {
      const region = regionOf(request);
      ask(request, 'DeleteMountTarget');
      const mountTarget = region.mountTargets.get(request.physicalId);
      if (mountTarget) await deleteMountTarget(region, mountTarget, { atOnce: true });
    },
    async read(request) {
      ask(request, 'DescribeMountTargets');
      const found = regionOf(request).mountTargets.get(request.physicalId);
      if (!found || found.state === 'deleting') return undefined;
      return {
        FileSystemId: found.fileSystemId,
        IpAddress: found.address,
        IpAddressType: 'IPV4_ONLY',
        SecurityGroups: [...found.securityGroups],
        SubnetId: found.subnetId,
      };
    },
  };
}

function refusedAddresses({ IpAddressType: given }: ResourceProperties): string[] {
  return typeof given === 'string' && given !== 'IPV4_ONLY'
    ? [`${type} does not support IpAddressType ${given}`]
    : [];
}

function mountTargetState({ address, id }: MountTarget): ResourceState {
  return { physicalId: id, attributes: { Id: id, IpAddress: address } };
}
