import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A user of the operating system under which a program runs. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user under which PostgreSQL has to run: undefined (our own) unless we are root, as whom it refuses to start.
 *
 * `initdb` needs an entry in the password file, so the user is `postgres` if there is one, else `nobody`.
 *
 * @throws Error if we are root and neither user exists.
 */
export function unprivilegedUser(): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = entries.find((entry) => entry.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody` to run it as. ' +
      'Create one (`useradd --system postgres`) or run as another user than root.',
  );
}

/** Whether `user` can reach the inside of `directory`: every folder on the way has to let them through. */
export function traversable(directory: string, user: UserIds | undefined): boolean {
  if (!user) return true;
  for (let folder = directory; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
