import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traversable, type UserIds, unprivilegedUser } from '../processes/unprivileged-user';

const ownerFile = 'owner.pid';

/**
 * Where PostgreSQL's lasting files live on this machine: `<tmp>/cdk-decouple-postgres-<uid>`. Never inside a project, which root's unprivileged user may not reach.
 *
 * @throws Error if the place belongs to somebody else or cannot be reached by the user PostgreSQL runs as.
 */
export function workDirectory(): string {
  const user = unprivilegedUser();
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find((folder) => traversable(folder, user));
  if (parent === undefined)
    throw new Error(
      `PostgreSQL runs as user ${user?.uid}, who can enter none of ${tmpdir()}, /tmp and /var/tmp; set TMPDIR to a folder that they can enter.`,
    );
  return ownDirectory(parent);
}

function ownDirectory(parent: string): string {
  const ownUid = process.getuid?.() ?? 0;
  const directory = join(parent, `cdk-decouple-postgres-${ownUid}`);
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const status = lstatSync(directory);
  if (!status.isDirectory() || status.uid !== ownUid)
    throw new Error(`${directory} belongs to another user or is no directory; remove it.`);
  // The umask may have taken the others' right to pass through.
  if ((status.mode & 0o777) !== 0o711) chmodSync(directory, 0o711);
  return directory;
}

/** Makes a folder for one server, marked as ours while this process lives. */
export function makeServerDirectory(user: UserIds | undefined): string {
  const [servers] = serversDirectories();
  const directory = mkdtempSync(join(servers, 's-'));
  writeFileSync(join(directory, ownerFile), String(process.pid));
  chmodSync(directory, user ? 0o711 : 0o700);
  removeAtExit(directory);
  return directory;
}

/** Removes the folders of servers whose parent process has gone without doing so, as after `kill -9`. */
export function sweepServerDirectories(): void {
  for (const servers of serversDirectories()) {
    for (const name of readdirSync(servers)) {
      const directory = join(servers, name);
      const owner = readOwner(directory);
      if (owner !== undefined && !alive(owner)) removeDirectory(directory);
    }
  }
}

const ownDirectories = new Set<string>();

/** For whoever forgets to stop a server: it ends with this process, and its files go with it. */
function removeAtExit(directory: string): void {
  if (ownDirectories.size === 0) process.once('exit', removeOwnDirectories);
  ownDirectories.add(directory);
}

function removeOwnDirectories(): void {
  for (const directory of ownDirectories) removeDirectory(directory);
}

/** Removes a server's folder and all in it. */
export function removeDirectory(directory: string): void {
  if (ownDirectories.delete(directory) && ownDirectories.size === 0)
    process.removeListener('exit', removeOwnDirectories);
  // A postmaster that was killed a moment ago may still be writing its last file.
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/**
 * The places for servers' folders, the best first: in memory where there is plenty of it, since a new database
 * is a thousand small files, which take 0.05 s there and up to 0.5 s on a disk.
 */
function serversDirectories(): [string, ...string[]] {
  const onDisk = makeServersDirectory(workDirectory());
  const memory = '/dev/shm';
  if (!existsSync(memory) || !traversable(memory, unprivilegedUser())) return [onDisk];
  const inMemory = makeServersDirectory(ownDirectory(memory));
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= plentyOfMemory ? [inMemory, onDisk] : [onDisk, inMemory];
}

const plentyOfMemory = 4 * 1024 ** 3;

function makeServersDirectory(parent: string): string {
  const servers = join(parent, 'servers');
  mkdirSync(servers, { recursive: true, mode: 0o711 });
  chmodSync(servers, 0o711);
  return servers;
}

/** Undefined while another process is making the folder, or has just removed it. */
function readOwner(directory: string): number | undefined {
  try {
    return Number(readFileSync(join(directory, ownerFile), 'utf8'));
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not instanceof: test runners give modules an Error of their own.
    return Object(error).code === 'EPERM';
  }
}
