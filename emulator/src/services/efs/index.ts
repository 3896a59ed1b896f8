import { Regional, type Service, type ServiceEnvironment } from '../service';
import { accessPointOperations } from './access-point-operations';
import { type FileSystemClients, fileSystemClients } from './clients';
import type { EfsApi } from './descriptions';
import { type EfsDependencies, EfsRegion } from './efs-region';
import { fileSystemOperations } from './file-system-operations';
import { policiesFor } from './file-system-policy';
import { FileSystemFiles } from './files';
import { mountTargetOperations } from './mount-target-operations';
import { policyOperations } from './policy-operations';
import { efsResources } from './resources';
import { tagOperations } from './tag-operations';

export type { FileSystemClients, MountedDirectory, ReachableFileSystem } from './clients';
export type { EfsDependencies } from './efs-region';
export type { Network } from './network';

/** File systems as directories of this machine. */
export interface FileSystemDirectories {
  /**
   * The directory that is a file system, or the root of an access point.
   *
   * @param idOrArn - of either
   * @throws Error if there is none, or no client could mount it yet
   */
  directory(idOrArn: string): Promise<string>;
}

/** Amazon EFS: file systems, each a directory. */
export interface EfsService extends Service<EfsApi>, FileSystemDirectories {
  readonly clients: FileSystemClients;
}

/** Makes Amazon EFS. */
export function createEfs(env: ServiceEnvironment, dependencies: EfsDependencies): EfsService {
  const files = new FileSystemFiles(() => dependencies.storage.path());
  const regions = new Regional(
    (account, region) => new EfsRegion(account, region, env, dependencies, files),
  );
  return {
    signingName: 'elasticfilesystem',
    loadClient: (): EfsApi => require('@aws-sdk/client-efs'),
    handlers: {
      ...accessPointOperations(regions),
      ...fileSystemOperations(regions, files),
      ...mountTargetOperations(regions),
      ...policyOperations(regions),
      ...tagOperations(regions),
    },
    resourceProviders: efsResources(regions, env),
    resourceRights(arn, action) {
      const [, , , region = '', account = '', resource = ''] = arn.split(':');
      const [kind, id = ''] = resource.split('/');
      const { accessPoints, fileSystems } = regions.in(account, region);
      const fileSystem = kind === 'file-system' ? fileSystems.get(id) : undefined;
      if (fileSystem)
        return { account, policies: policiesFor(fileSystem, action), tags: fileSystem.tags };
      const point = kind === 'access-point' ? accessPoints.get(id) : undefined;
      return point && { account, policies: [], tags: point.tags };
    },
    clients: fileSystemClients(regions, files, env.authorize),
    async directory(idOrArn) {
      const id = idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
      for (const { accessPoints, fileSystems } of regions.all()) {
        const point = accessPoints.get(id);
        const fileSystem = fileSystems.get(point?.fileSystemId ?? id);
        const found =
          point && fileSystem
            ? await files.ofAccessPoint(fileSystem, point)
            : fileSystem && (await files.of(fileSystem));
        if (found !== undefined) return found;
        if (point)
          throw new Error(
            `${point.path} is not there, and access point ${id} does not say how to create it`,
          );
      }
      throw new Error(`There is no file system and no access point ${idOrArn}`);
    },
    leaks: () =>
      regions
        .all()
        .flatMap(({ accessPoints, fileSystems, mountTargets }) => [
          ...[...fileSystems.values()].map(({ arn }) => `EFS file system ${arn}`),
          ...[...accessPoints.values()].map(({ arn }) => `EFS access point ${arn}`),
          ...[...mountTargets.keys()].map((id) => `EFS mount target ${id}`),
        ]),
    stop: () => dependencies.storage.remove(),
  };
}
