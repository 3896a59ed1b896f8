import type { Authorize, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { Regional } from '../service';
import { type EfsRegion, idOf } from './efs-region';
import type { AccessPoint, FileSystem, MountTarget } from './file-system';
import type { FileSystemFiles } from './files';

/** A file system as it can be reached by an access point. */
export interface ReachableFileSystem {
  readonly arn: string;
  readonly mountTargets: readonly (Pick<MountTarget, 'vpcId' | 'zone'> & {
    readonly available: boolean;
  })[];
}

/** A directory that a client has mounted. */
export interface MountedDirectory {
  readonly directory: string;
  /** Whether the client may only read. */
  readonly readOnly: boolean;
}

/** Those who mount file systems by access points. */
export interface FileSystemClients {
  /** Undefined if there is no such access point. */
  find(accessPointArn: string): ReachableFileSystem | undefined;
  /**
   * The directory of an access point, which is made if the access point says how.
   *
   * @param caller - on whose rights it is mounted
   * @returns undefined if the mount is refused
   */
  mount(accessPointArn: string, caller: Caller): Promise<MountedDirectory | undefined>;
}

export function fileSystemClients(
  regions: Regional<EfsRegion>,
  files: FileSystemFiles,
  authorize: Authorize,
): FileSystemClients {
  const find = (arn: string) => {
    const [, , service, region = '', account = ''] = arn.split(':');
    const place = service === 'elasticfilesystem' ? regions.in(account, region) : undefined;
    const point = place?.accessPoints.get(idOf(arn));
    const fileSystem = point && place?.fileSystems.get(point.fileSystemId);
    return point?.arn === arn && fileSystem ? { region: place, point, fileSystem } : undefined;
  };
  const may = (action: string, caller: Caller, point: AccessPoint, { arn }: FileSystem) => {
    const context = {
      'elasticfilesystem:AccessPointArn': point.arn,
      'elasticfilesystem:AccessedViaMountTarget': 'true',
    };
    return isAllowed(() =>
      authorize({ caller, action: `elasticfilesystem:${action}`, resource: arn, context }),
    );
  };
  return {
    find(arn) {
      const found = find(arn);
      return (
        found && {
          arn: found.fileSystem.arn,
          mountTargets: (found.region?.mountTargetsOf(found.fileSystem) ?? []).map(
            ({ state, vpcId, zone }) => ({ vpcId, zone, available: state === 'available' }),
          ),
        }
      );
    },
    async mount(arn, caller) {
      const found = find(arn);
      if (found?.point.state !== 'available') return undefined;
      const { fileSystem, point } = found;
      if (!may('ClientMount', caller, point, fileSystem)) return undefined;
      const directory = await files.ofAccessPoint(fileSystem, point);
      const readOnly = !may('ClientWrite', caller, point, fileSystem);
      return directory === undefined ? undefined : { directory, readOnly };
    },
  };
}

function isAllowed(ask: () => void): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
