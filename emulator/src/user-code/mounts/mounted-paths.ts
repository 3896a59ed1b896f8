import fs from 'node:fs';
import path from 'node:path';
import { fileError } from './file-errors';

/** A directory that user code sees at another path. */
export interface Mount {
  /** What the user's code calls it: absolute, such as `/mnt/orders`. */
  readonly path: string;
  /** Where it is. */
  readonly directory: string;
  /** Whether it may only be read. */
  readonly readOnly: boolean;
}

/** Where a path of the user's code leads. */
export interface Place {
  readonly path: string;
  /** Undefined if a link leads out of every mount. */
  readonly mount: Mount | undefined;
}

/** As Linux has it. https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const maximumLinks = 40;

const { lstatSync, readlinkSync, realpathSync } = fs;

/**
 * Leads the paths of mounts to their directories. `..` and links are followed in the names that the user's code knows, as a client of NFS
 * follows them: no path leads from a mount to what is beside its directory.
 */
export class MountedPaths {
  private readonly mounts: readonly Mount[];

  constructor(mounts: readonly Mount[]) {
    // As what the operating system tells of files names it.
    this.mounts = mounts.map((mount) => ({ ...mount, directory: realpathSync(mount.directory) }));
  }

  /**
   * Where a path leads; undefined if that is none of a mount.
   *
   * @param follows - whether a link at its end is followed
   * @throws Error ELOOP
   */
  locate(given: string, follows: boolean): Place | undefined {
    let at = path.resolve(given);
    for (let links = 0; links <= maximumLinks; links += 1) {
      const mount = this.mountOf(at);
      if (!mount) return links === 0 ? undefined : { path: at, mount };
      const names = path.relative(mount.path, at).split(path.sep);
      const next = afterFirstLink(mount, names, follows);
      if (next === undefined) return { path: path.join(mount.directory, ...names), mount };
      at = next;
    }
    throw fileError('ELOOP', 'open', given);
  }

  /** A path or a text with paths, in the names that the user's code knows. */
  outward(text: string): string {
    return this.mounts.reduce(
      (result, mount) => result.replaceAll(mount.directory, mount.path),
      text,
    );
  }

  private mountOf(at: string): Mount | undefined {
    return this.mounts.find((mount) => at === mount.path || at.startsWith(`${mount.path}/`));
  }
}

/** Where the first link on the way leads, with the rest of the way; undefined if there is none. */
function afterFirstLink(
  mount: Mount,
  names: readonly string[],
  follows: boolean,
): string | undefined {
  let real = mount.directory;
  for (const [index, name] of names.entries()) {
    if (index === names.length - 1 && !follows) return undefined;
    const parent = path.join(mount.path, ...names.slice(0, index));
    real = path.join(real, name);
    const found = lstatSync(real, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (found.isSymbolicLink())
      return path.resolve(parent, readlinkSync(real), ...names.slice(index + 1));
  }
  return undefined;
}
