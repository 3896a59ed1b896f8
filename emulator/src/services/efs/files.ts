import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessPoint, FileSystem } from './file-system';

const kibibyte = 1024;

/** The directories that file systems are. */
export class FileSystemFiles {
  /** @param directory - in which all are, made when it is first asked for */
  constructor(private readonly directory: () => Promise<string>) {}

  /** A file system's directory: the same for the same creation token, account and region. */
  async of({ arn, creationToken }: FileSystem): Promise<string> {
    const [, , , region = '', account = ''] = arn.split(':');
    const name = encodeURIComponent(creationToken).replaceAll('.', '%2E');
    return join(await this.directory(), 'efs', account, region, name);
  }

  async create(fileSystem: FileSystem): Promise<void> {
    await mkdir(await this.of(fileSystem), { recursive: true });
  }

  async remove(fileSystem: FileSystem): Promise<void> {
    await rm(await this.of(fileSystem), { recursive: true, force: true, maxRetries: 5 });
  }

  /**
   * The root directory of an access point. EFS makes it when a client connects, if it is not there and the access
   * point says with which owner and permissions; here everything belongs to the user who runs the emulator.
   *
   * @returns undefined if it is not there and nothing says how to make it, or a link is on the way: a client cannot mount it then
   * @see https://docs.aws.amazon.com/efs/latest/ug/enforce-root-directory.html
   */
  async ofAccessPoint(fileSystem: FileSystem, point: AccessPoint): Promise<string | undefined> {
    let at = await this.of(fileSystem);
    for (const name of point.path.split('/').filter((part) => part !== '')) {
      at = join(at, name);
      const found = await lstat(at).catch(() => undefined);
      if (!found && point.creationInfo) await mkdir(at, { recursive: true });
      else if (!found?.isDirectory()) return undefined;
    }
    return at;
  }

  /**
   * Bytes as EFS meters them: files and directories in units of 4 KiB, and 2 KiB for each of them.
   *
   * @see https://docs.aws.amazon.com/efs/latest/ug/metered-sizes.html
   */
  async meteredSize(fileSystem: FileSystem): Promise<number> {
    return sizeOf(await this.of(fileSystem));
  }
}

async function sizeOf(directory: string): Promise<number> {
  let size = 6 * kibibyte;
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) size += await sizeOf(path);
    else size += 2 * kibibyte + (await contentSize(path));
  }
  return size;
}

/** Whatever is gone by now has none. */
async function contentSize(path: string): Promise<number> {
  const { size } = (await lstat(path).catch(() => undefined)) ?? { size: 0 };
  return Math.ceil(size / (4 * kibibyte)) * 4 * kibibyte;
}
