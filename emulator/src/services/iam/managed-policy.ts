import { ServiceError } from '../../protocol/errors';

/** One version of a managed policy. */
export interface PolicyVersion {
  /** `v1`, `v2` and so on; numbers are never used again. */
  readonly id: string;
  /** JSON text as it was given. */
  readonly document: string;
  readonly createdAt: number;
}

const versionLimit = 5;

/** A managed policy: up to five versions of a document, one of them the default. */
export class ManagedPolicy {
  readonly tags: Map<string, string>;
  private readonly versionsById = new Map<string, PolicyVersion>();
  private nextVersion = 1;
  private defaultId = 'v1';
  updatedAt: number;

  constructor(
    readonly name: string,
    readonly path: string,
    readonly arn: string,
    /** `ANPA…` */
    readonly id: string,
    readonly description: string | undefined,
    readonly createdAt: number,
    document: string,
    tags: Readonly<Record<string, string>> = {},
  ) {
    this.tags = new Map(Object.entries(tags));
    this.updatedAt = createdAt;
    this.addVersion(document, true, createdAt);
  }

  get defaultVersion(): PolicyVersion {
    return this.version(this.defaultId);
  }

  /** Oldest first. */
  get versions(): PolicyVersion[] {
    return [...this.versionsById.values()];
  }

  isDefault(versionId: string): boolean {
    return versionId === this.defaultId;
  }

  /** @throws NoSuchEntity */
  version(id: string): PolicyVersion {
    const version = this.versionsById.get(id);
    if (!version)
      throw new ServiceError(
        'NoSuchEntityException',
        `Policy ${this.arn} version ${id} does not exist or is not attachable.`,
      );
    return version;
  }

  /** @throws LimitExceeded at the sixth version */
  addVersion(document: string, setAsDefault: boolean, now: number): PolicyVersion {
    if (this.versionsById.size >= versionLimit)
      throw new ServiceError(
        'LimitExceededException',
        `A managed policy can have up to ${versionLimit} versions. Before you create a new version, you must delete an existing version.`,
      );
    const version = { id: `v${this.nextVersion}`, document, createdAt: now };
    this.nextVersion += 1;
    this.versionsById.set(version.id, version);
    if (setAsDefault) this.setDefault(version.id, now);
    return version;
  }

  setDefault(versionId: string, now: number): void {
    this.defaultId = this.version(versionId).id;
    this.updatedAt = now;
  }

  /** @throws DeleteConflict for the default version */
  deleteVersion(versionId: string): void {
    this.version(versionId);
    if (this.isDefault(versionId))
      throw new ServiceError(
        'DeleteConflictException',
        'Cannot delete the default version of a policy.',
      );
    this.versionsById.delete(versionId);
  }
}
