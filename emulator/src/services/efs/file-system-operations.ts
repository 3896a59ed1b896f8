import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import type { Regional } from '../service';
import { describeFileSystem, type EfsApi, tagMap } from './descriptions';
import { type EfsRegion, idOf } from './efs-region';
import { badRequest } from './errors';
import type { FileSystem } from './file-system';
import type { FileSystemFiles } from './files';
import { checkedThroughput } from './settings';

const largestPage = 100;

/** Creating, describing, changing and deleting file systems. */
export function fileSystemOperations(regions: Regional<EfsRegion>, files: FileSystemFiles) {
  const regionOf = ({ account, region }: CallContext) => regions.in(account, region);
  const describe = async (region: EfsRegion, fileSystem: FileSystem) =>
    describeFileSystem(region, fileSystem, await files.meteredSize(fileSystem));
  return {
    async CreateFileSystem(input, context) {
      acceptOnly('CreateFileSystem', input, [
        'AvailabilityZoneName',
        'Backup',
        'CreationToken',
        'Encrypted',
        'KmsKeyId',
        'PerformanceMode',
        'ProvisionedThroughputInMibps',
        'Tags',
        'ThroughputMode',
      ]);
      const region = regionOf(context);
      context.authorize('elasticfilesystem:CreateFileSystem', region.fileSystemArn('*'));
      const { fileSystem, created } = region.createFileSystem(
        {
          creationToken: input.CreationToken ?? '',
          performanceMode: input.PerformanceMode,
          throughputMode: input.ThroughputMode,
          provisionedThroughput: input.ProvisionedThroughputInMibps,
          encrypted: input.Encrypted,
          kmsKeyId: input.KmsKeyId,
          zone: input.AvailabilityZoneName,
          backup: input.Backup,
          tags: tagMap(input.Tags),
        },
        { atOnce: false },
      );
      // What fails is in the file system's state.
      created.catch(() => undefined);
      return describe(region, fileSystem);
    },

    async DescribeFileSystems(input, context) {
      acceptOnly('DescribeFileSystems', input, [
        'CreationToken',
        'FileSystemId',
        'Marker',
        'MaxItems',
      ]);
      const region = regionOf(context);
      const { CreationToken: token, FileSystemId: id } = input;
      context.authorize(
        'elasticfilesystem:DescribeFileSystems',
        region.fileSystemArn(id === undefined ? '*' : idOf(id)),
      );
      if (id !== undefined && token !== undefined)
        throw badRequest('Specify either FileSystemId or CreationToken, not both.');
      if (id !== undefined) return { FileSystems: [await describe(region, region.fileSystem(id))] };
      const all = sortedBy(region.fileSystems.values(), (one) => one.id).filter(
        ({ creationToken }) => token === undefined || creationToken === token,
      );
      const page = pageOf(all, (one) => one.id, pageSize(input.MaxItems), input.Marker, badMarker);
      return {
        Marker: input.Marker,
        FileSystems: await Promise.all(page.items.map((one) => describe(region, one))),
        NextMarker: page.nextToken,
      };
    },

    async UpdateFileSystem(input, context) {
      acceptOnly('UpdateFileSystem', input, [
        'FileSystemId',
        'ProvisionedThroughputInMibps',
        'ThroughputMode',
      ]);
      const region = regionOf(context);
      const fileSystem = permitted(region, context, input.FileSystemId);
      region.availableFileSystem(fileSystem.id);
      const { ThroughputMode: mode, ProvisionedThroughputInMibps: provisioned } = input;
      if (mode !== undefined || provisioned !== undefined)
        region.changeThroughput(
          fileSystem,
          checkedThroughput(mode ?? fileSystem.throughput.mode, provisioned),
        );
      return describe(region, fileSystem);
    },

    UpdateFileSystemProtection(input, context) {
      acceptOnly('UpdateFileSystemProtection', input, [
        'FileSystemId',
        'ReplicationOverwriteProtection',
      ]);
      const fileSystem = permitted(regionOf(context), context, input.FileSystemId);
      const { ReplicationOverwriteProtection: wanted } = input;
      if (wanted !== undefined) fileSystem.overwriteProtection = protectionOf(wanted);
      return { ReplicationOverwriteProtection: fileSystem.overwriteProtection };
    },

    DeleteFileSystem(input, context) {
      acceptOnly('DeleteFileSystem', input, ['FileSystemId']);
      const region = regionOf(context);
      const fileSystem = permitted(region, context, input.FileSystemId);
      void region.deleteFileSystem(fileSystem, { atOnce: false });
      return {};
    },
  } satisfies Handlers<EfsApi>;
}

/**
 * The file system of a call, if the caller may do with it what the operation does.
 *
 * @throws ServiceError AccessDeniedException, FileSystemNotFound
 */
export function permitted(region: EfsRegion, context: CallContext, idOrArn: string): FileSystem {
  const action = `elasticfilesystem:${context.operation}`;
  context.authorize(action, region.fileSystemArn(idOf(idOrArn)));
  return region.fileSystem(idOrArn);
}

/** @throws ServiceError BadRequest */
export function protectionOf(text: string): FileSystem['overwriteProtection'] {
  if (text === 'ENABLED' || text === 'DISABLED') return text;
  throw badRequest(`ReplicationOverwriteProtection '${text}' is not valid.`);
}

/** Items a page: EFS gives 100 at most. @throws ServiceError BadRequest */
export function pageSize(asked: number | undefined): number {
  if (asked !== undefined && asked < 1)
    throw badRequest('The maximum number of items must be at least 1.');
  return Math.min(asked ?? largestPage, largestPage);
}

/** The answer to a marker that was never given out. */
export function badMarker(): Error {
  return badRequest('Invalid marker.');
}
