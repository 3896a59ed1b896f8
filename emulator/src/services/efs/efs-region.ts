import type { Clock } from '../../clock/clock';
import { availabilityZones } from '../../network/availability-zones';
import type { UsableKeys } from '../key-use';
import type { ServiceEnvironment } from '../service';
import {
  accessPointNotFound,
  badRequest,
  fileSystemAlreadyExists,
  fileSystemInUse,
  fileSystemNotFound,
  mountTargetNotFound,
  tooManyRequests,
  unsupportedZone,
  wrongFileSystemState,
} from './errors';
import type { AccessPoint, FileSystem, MountTarget, Throughput } from './file-system';
import type { FileSystemFiles } from './files';
import type { Network } from './network';
import { checkedThroughput, checkTags } from './settings';
import { publishSize } from './storage-metrics';

/** Emulated milliseconds that a file system or an access point takes to be created or deleted through the API. */
export const transitionTime = 5_000;

const day = 86_400_000;

/** What EFS needs of others. */
export interface EfsDependencies {
  readonly keys: UsableKeys;
  readonly network: Network;
  /** The directory in which file systems are kept. */
  readonly storage: { path(): Promise<string>; remove(): Promise<void> };
}

/** A file system to be made. */
export interface FileSystemRequest {
  readonly creationToken: string;
  readonly performanceMode: string | undefined;
  readonly throughputMode: string | undefined;
  readonly provisionedThroughput: number | undefined;
  readonly encrypted: boolean | undefined;
  readonly kmsKeyId: string | undefined;
  readonly zone: string | undefined;
  readonly backup: boolean | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/** The file systems of one account in one region. */
export class EfsRegion {
  readonly fileSystems = new Map<string, FileSystem>();
  readonly mountTargets = new Map<string, MountTarget>();
  readonly accessPoints = new Map<string, AccessPoint>();
  readonly clock: Clock;
  readonly network: Network;

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly env: ServiceEnvironment,
    private readonly dependencies: EfsDependencies,
    private readonly files: FileSystemFiles,
  ) {
    this.clock = env.clock;
    this.network = dependencies.network;
  }

  /** @throws ServiceError FileSystemNotFound */
  fileSystem(idOrArn: string): FileSystem {
    const found = this.fileSystems.get(idOf(idOrArn));
    if (!found) throw fileSystemNotFound(idOf(idOrArn));
    return found;
  }

  /** @throws ServiceError FileSystemNotFound, IncorrectFileSystemLifeCycleState */
  availableFileSystem(idOrArn: string): FileSystem {
    const found = this.fileSystem(idOrArn);
    if (found.state !== 'available') throw wrongFileSystemState(found.id, found.state);
    return found;
  }

  /** @throws ServiceError MountTargetNotFound */
  mountTarget(id: string): MountTarget {
    const found = this.mountTargets.get(id);
    if (!found) throw mountTargetNotFound(id);
    return found;
  }

  /** @throws ServiceError AccessPointNotFound */
  accessPoint(idOrArn: string): AccessPoint {
    const found = this.accessPoints.get(idOf(idOrArn));
    if (!found) throw accessPointNotFound(idOf(idOrArn));
    return found;
  }

  mountTargetsOf({ id }: FileSystem): MountTarget[] {
    return [...this.mountTargets.values()].filter(({ fileSystemId }) => fileSystemId === id);
  }

  accessPointsOf({ id }: FileSystem): AccessPoint[] {
    return [...this.accessPoints.values()].filter(({ fileSystemId }) => fileSystemId === id);
  }

  fileSystemArn(id: string): string {
    return this.arn(`file-system/${id}`);
  }

  accessPointArn(id: string): string {
    return this.arn(`access-point/${id}`);
  }

  /** An id such as `fs-0123456789abcdef0`. */
  newId(prefix: 'fs' | 'fsap' | 'fsmt', purpose: string): string {
    const { account, region } = this;
    return `${prefix}-${this.env.random.stream(`efs/${account}/${region}/${prefix}/${purpose}`).hex(17)}`;
  }

  /**
   * Makes a file system with an empty directory, or with the one that a file system of that token has left.
   *
   * @param atOnce - whether no emulated time passes
   * @returns the file system, and when its directory is there
   * @throws ServiceError in AWS's codes.
   */
  createFileSystem(
    request: FileSystemRequest,
    { atOnce }: { readonly atOnce: boolean },
  ): { readonly fileSystem: FileSystem; readonly created: Promise<void> } {
    const { creationToken, zone } = request;
    if (creationToken.length < 1 || creationToken.length > 64)
      throw badRequest('CreationToken must be between 1 and 64 characters long.');
    const existing = [...this.fileSystems.values()].find(
      (one) => one.creationToken === creationToken,
    );
    if (existing) throw fileSystemAlreadyExists(existing.id, creationToken);
    checkTags(request.tags);
    const performanceMode = performanceModeOf(request);
    const throughput = checkedThroughput(request.throughputMode, request.provisionedThroughput);
    if (performanceMode === 'maxIO' && throughput.mode === 'elastic')
      throw badRequest('Performance mode maxIO does not support throughput mode elastic.');
    if (zone !== undefined && !availabilityZones(this.region).some(({ name }) => name === zone))
      throw unsupportedZone(zone);
    const id = this.newId('fs', creationToken);
    const backup = request.backup ?? (zone === undefined ? undefined : true);
    const fileSystem: FileSystem = {
      id,
      arn: this.fileSystemArn(id),
      creationToken,
      created: this.clock.now(),
      performanceMode,
      ...this.encryption(request),
      zone,
      tags: new Map(request.tags),
      state: 'creating',
      throughput,
      throughputChanged: undefined,
      policy: undefined,
      lifecycle: [],
      backup: backup === undefined ? undefined : backup ? 'ENABLED' : 'DISABLED',
      overwriteProtection: 'ENABLED',
    };
    this.fileSystems.set(id, fileSystem);
    const created = this.transition(`creation of ${id}`, atOnce, async () => {
      await this.files.create(fileSystem);
    }).then(
      () => {
        fileSystem.state = 'available';
        const { account, region } = this;
        publishSize(fileSystem, { account, region }, this.env, () =>
          this.files.meteredSize(fileSystem),
        );
      },
      (error: unknown) => {
        fileSystem.state = 'error';
        throw error;
      },
    );
    return { fileSystem, created };
  }

  /**
   * Gives a file system another throughput.
   *
   * @throws ServiceError TooManyRequests if it is lowered or of another mode a second time within a day.
   */
  changeThroughput(fileSystem: FileSystem, throughput: Throughput): void {
    const { throughput: before, performanceMode } = fileSystem;
    if (performanceMode === 'maxIO' && throughput.mode === 'elastic')
      throw badRequest('Performance mode maxIO does not support throughput mode elastic.');
    const restricted =
      throughput.mode !== before.mode || (throughput.provisioned ?? 0) < (before.provisioned ?? 0);
    const now = this.clock.now();
    if (restricted && now - (fileSystem.throughputChanged ?? Number.NEGATIVE_INFINITY) < day)
      throw tooManyRequests();
    if (restricted) fileSystem.throughputChanged = now;
    fileSystem.throughput = throughput;
  }

  /**
   * Deletes a file system with its access points and files.
   *
   * @returns when it is gone
   * @throws ServiceError FileSystemInUse while it has mount targets.
   */
  deleteFileSystem(
    fileSystem: FileSystem,
    { atOnce }: { readonly atOnce: boolean },
  ): Promise<void> {
    if (this.mountTargetsOf(fileSystem).length > 0) throw fileSystemInUse(fileSystem.id);
    fileSystem.state = 'deleting';
    for (const point of this.accessPointsOf(fileSystem)) point.state = 'deleting';
    return this.transition(`deletion of ${fileSystem.id}`, atOnce, async () => {
      await this.files.remove(fileSystem);
    }).then(() => {
      for (const { id } of this.accessPointsOf(fileSystem)) this.accessPoints.delete(id);
      this.fileSystems.delete(fileSystem.id);
    });
  }

  /** Does work that takes emulated time. @returns when both have passed */
  async transition(
    what: string,
    atOnce: boolean,
    work: () => Promise<void> = async () => undefined,
    time = transitionTime,
  ): Promise<void> {
    const passed = atOnce ? undefined : this.clock.sleep(time, what);
    await this.clock.work(what, work);
    await passed;
  }

  private encryption({
    encrypted = false,
    kmsKeyId,
  }: FileSystemRequest): Pick<FileSystem, 'encrypted' | 'kmsKeyArn'> {
    if (!encrypted && kmsKeyId !== undefined)
      throw badRequest('KmsKeyId can only be specified if Encrypted is true.');
    if (!encrypted) return { encrypted, kmsKeyArn: undefined };
    const { account, region } = this;
    const key = kmsKeyId ?? 'alias/aws/elasticfilesystem';
    return { encrypted, kmsKeyArn: this.dependencies.keys.usableKeyArn(key, account, region) };
  }

  private arn(resource: string): string {
    return `arn:aws:elasticfilesystem:${this.region}:${this.account}:${resource}`;
  }
}

/** The id in an ARN, or what is one already. */
export function idOf(idOrArn: string): string {
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
}

function performanceModeOf({
  performanceMode = 'generalPurpose',
  zone,
}: FileSystemRequest): FileSystem['performanceMode'] {
  if (performanceMode !== 'generalPurpose' && performanceMode !== 'maxIO')
    throw badRequest(`Performance mode '${performanceMode}' is not valid.`);
  if (performanceMode === 'maxIO' && zone !== undefined)
    throw badRequest('One Zone file systems do not support performance mode maxIO.');
  return performanceMode;
}
