import type { ResourceProvider } from '../../cloudformation/provider';
import type { Regional, ServiceEnvironment } from '../service';
import { accessPointProvider } from './access-point-resource';
import type { EfsRegion } from './efs-region';
import { fileSystemProvider } from './file-system-resource';
import { mountTargetProvider } from './mount-target-resource';

/** The providers of `AWS::EFS::FileSystem`, `AWS::EFS::AccessPoint` and `AWS::EFS::MountTarget`. */
export function efsResources(
  regions: Regional<EfsRegion>,
  env: ServiceEnvironment,
): ResourceProvider[] {
  return [
    accessPointProvider(regions, env),
    fileSystemProvider(regions, env),
    mountTargetProvider(regions, env),
  ];
}
