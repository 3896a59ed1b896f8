import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { ServiceError } from '../../protocol/errors';
import type { ServiceEnvironment } from '../service';
import type { Buckets } from './buckets';
import { LazyContent, type ObjectContent, zipDirectory } from './content';
import type { StoredObject } from './stored-object';

/** A file or directory that an app's synthesis has left behind. */
export interface Asset {
  readonly bucket: string;
  readonly key: string;
  readonly account: string;
  readonly region: string;
  /** Path of the file or directory. */
  readonly path: string;
  /** `zip`: the directory is the content of a zip file. */
  readonly packaging: 'file' | 'zip';
}

/** Assets on their way from a directory to whoever uses them, zipped and unzipped only where somebody looks. */
export class Assets {
  private readonly directories = new WeakMap<ObjectContent, string>();
  private readonly unzipped = new Map<string, Promise<string>>();

  constructor(
    private readonly env: ServiceEnvironment,
    private readonly buckets: Buckets,
  ) {}

  /** Puts an asset, and the bucket if that is not there, without reading it yet. */
  put(asset: Asset): void {
    const bucket =
      this.buckets.find(asset.bucket) ??
      this.buckets.create(asset.bucket, asset.account, asset.region, true);
    const path = resolve(asset.path);
    const isDirectory = statSync(path).isDirectory();
    if (isDirectory !== (asset.packaging === 'zip') && isDirectory)
      throw new Error(`the asset ${path} is a directory and its packaging is not zip`);
    const content = new LazyContent(() => (isDirectory ? zipDirectory(path) : readFileSync(path)));
    if (isDirectory) this.directories.set(content, path);
    bucket.put(asset.key, content, {
      system: { ContentType: isDirectory ? 'application/zip' : 'binary/octet-stream' },
      user: {},
      tags: {},
      storageClass: 'STANDARD',
      encryption: bucket.settings.encryption,
      checksum: undefined,
    });
  }

  /** @throws NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed */
  object(bucketName: string, key: string, versionId?: string): StoredObject {
    return this.buckets.get(bucketName).object(key, versionId);
  }

  /**
   * A directory with the content of a zip file: the one that the asset was made of, or else a new
   * one, the same for everybody who asks for the same zip file. Nobody may write into it.
   *
   * @throws InvalidParameterValueException if it is no zip file
   */
  directory(bucketName: string, key: string, versionId?: string): Promise<string> {
    const { content } = this.object(bucketName, key, versionId);
    const original = this.directories.get(content);
    if (original !== undefined) return Promise.resolve(original);
    const digest = content.md5();
    let unzipped = this.unzipped.get(digest);
    if (!unzipped) {
      unzipped = this.unzip(content.bytes(), digest);
      this.unzipped.set(digest, unzipped);
    }
    return unzipped;
  }

  private async unzip(bytes: Uint8Array, digest: string): Promise<string> {
    const directory = join(await this.env.scratchDirectory(), 'assets', digest);
    await mkdir(directory, { recursive: true });
    for (const [name, content] of Object.entries(unzip(bytes))) {
      const path = resolve(directory, name);
      // A name with `..` in it must not lead out of the directory.
      if (!path.startsWith(directory + sep)) throw notZip();
      if (name.endsWith('/')) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      // Programs that a function starts are executable in its zip file; reading the modes is not
      // worth a second parser, and a mode too generous harms nobody in a scratch directory.
      await chmod(path, 0o755);
    }
    return directory;
  }
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch {
    throw notZip();
  }
}

function notZip(): ServiceError {
  return new ServiceError(
    'InvalidParameterValueException',
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
    { status: 400 },
  );
}
