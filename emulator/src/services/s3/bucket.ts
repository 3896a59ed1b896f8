import type { Clock } from '../../clock/clock';
import type { RandomStream } from '../../random/random';
import { BucketSettings } from './bucket-settings';
import type { ObjectContent } from './content';
import { methodNotAllowed, noSuchKey, noSuchVersion } from './errors';
import { sortKeys } from './key-order';
import type { MultipartUpload } from './multipart-upload';
import {
  type DeleteMarker,
  type ObjectDescription,
  type ObjectVersion,
  StoredObject,
} from './stored-object';

const nullVersion = 'null';
const versionAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';

/** A bucket: its settings and, for each key, its versions, the newest first. */
export class Bucket {
  readonly settings = new BucketSettings();
  readonly uploads = new Map<string, MultipartUpload>();
  private readonly versionsByKey = new Map<string, ObjectVersion[]>();
  private sortedKeys: string[] | undefined;

  constructor(
    readonly name: string,
    readonly account: string,
    readonly region: string,
    /** Emulated milliseconds since the epoch. */
    readonly createdAt: number,
    /** Made for assets of an in-process deployment, not by anybody who would delete it. */
    readonly implied: boolean,
    private readonly clock: Clock,
    private readonly random: RandomStream,
  ) {}

  get arn(): string {
    return `arn:aws:s3:::${this.name}`;
  }

  get empty(): boolean {
    return this.versionsByKey.size === 0;
  }

  /** Every key that has a version, in the order of listings. */
  keys(): readonly string[] {
    this.sortedKeys ??= sortKeys([...this.versionsByKey.keys()]);
    return this.sortedKeys;
  }

  /** Newest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.versionsByKey.get(key) ?? [];
  }

  put(
    key: string,
    content: ObjectContent,
    description: ObjectDescription,
    multipart?: StoredObject['multipart'],
  ): StoredObject {
    const versionId = this.newVersionId();
    const object = new StoredObject(key, versionId, this.now(), content, description, multipart);
    this.add(object);
    return object;
  }

  /** The current version; undefined if there is none or a delete marker hides it. */
  current(key: string): StoredObject | undefined {
    const [latest] = this.versions(key);
    return latest?.kind === 'object' ? latest : undefined;
  }

  /**
   * An object, or a certain version of it, which may be a delete marker.
   *
   * @throws NoSuchKey, NoSuchVersion
   */
  version(key: string, versionId: string | undefined): ObjectVersion {
    const versions = this.versions(key);
    if (versionId === undefined) {
      const [latest] = versions;
      if (!latest) throw noSuchKey();
      return latest;
    }
    const version = versions.find((candidate) => candidate.versionId === versionId);
    if (!version) throw noSuchVersion();
    return version;
  }

  /**
   * {@link version}, which must not be a delete marker.
   *
   * @throws NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker that is named by its version
   */
  object(key: string, versionId: string | undefined): StoredObject {
    const version = this.version(key, versionId);
    if (version.kind === 'object') return version;
    throw versionId === undefined ? noSuchKey() : methodNotAllowed();
  }

  /** Hides the object in a bucket with versioning, removes it in one without; returns the marker if it left one. */
  delete(key: string): DeleteMarker | undefined {
    if (this.settings.versioning === undefined) {
      this.remove(key, nullVersion);
      return undefined;
    }
    const marker: DeleteMarker = {
      kind: 'delete-marker',
      key,
      versionId: this.newVersionId(),
      modifiedAt: this.now(),
    };
    this.add(marker);
    return marker;
  }

  /** Removes one version for good; returns what it was. */
  deleteVersion(key: string, versionId: string): ObjectVersion | undefined {
    const version = this.versions(key).find((candidate) => candidate.versionId === versionId);
    if (version) this.remove(key, versionId);
    return version;
  }

  /** S3 keeps time in whole seconds. */
  private now(): number {
    return Math.floor(this.clock.now() / 1000) * 1000;
  }

  private newVersionId(): string {
    return this.settings.versioning === 'Enabled'
      ? this.random.characters(32, versionAlphabet)
      : nullVersion;
  }

  /** There is at most one version called `null`: what is put without versioning replaces it. */
  private add(version: ObjectVersion): void {
    const others = this.versions(version.key).filter(
      (other) => other.versionId !== version.versionId,
    );
    if (!this.versionsByKey.has(version.key)) this.sortedKeys = undefined;
    this.versionsByKey.set(version.key, [version, ...others]);
  }

  private remove(key: string, versionId: string): void {
    const rest = this.versions(key).filter((version) => version.versionId !== versionId);
    if (rest.length > 0) this.versionsByKey.set(key, rest);
    else if (this.versionsByKey.delete(key)) this.sortedKeys = undefined;
  }
}
