import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../processes/run-program';
import type { UserIds } from '../processes/unprivileged-user';
import { moveIntoPlace, type PostgresBinaries } from './binaries';
import { removeDirectory, workDirectory } from './work-directory';

/** The superuser of every server, named as RDS names its own; no client can log in as it. */
export const superuser = 'rdsadmin';

/** Small segments keep an unused server at 23 MB instead of 39, which is what its copy costs. */
const initdbFlags = [
  '--no-locale',
  '--encoding=UTF8',
  '--no-sync',
  '--wal-segsize=1',
  // Replaced before every start.
  '--auth=trust',
  '--no-instructions',
  `--username=${superuser}`,
];

/** Members of this role are let in with TLS only, also where others may do without. */
export const tlsRequiredRole = 'rds_tls_required';

/**
 * What is in every server: the role of RDS that master users have, and one of our own.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html
 */
const preparation = [
  'CREATE ROLE rds_superuser NOLOGIN',
  'GRANT pg_monitor, pg_signal_backend TO rds_superuser WITH ADMIN OPTION',
  `CREATE ROLE ${tlsRequiredRole} NOLOGIN`,
];

/**
 * A data directory fresh from `initdb`, made once per machine (0.5 s) and copied for each server (0.05 s).
 *
 * Safe against several processes at once: it is built aside and renamed.
 */
export async function dataTemplate(
  binaries: PostgresBinaries,
  user: UserIds | undefined,
): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([binaries, initdbFlags, preparation, user]))
    .digest('hex')
    .slice(0, 16);
  const place = join(workDirectory(), `template-${binaries.version}-${key}`);
  if (existsSync(place)) return place;
  const temporary = mkdtempSync(join(workDirectory(), 'tmp-'));
  try {
    chmodSync(temporary, 0o711);
    const data = join(temporary, 'data');
    makeDataDirectory(data, user);
    await runProgram(binaries.initdb, [...initdbFlags, '-D', data], { user });
    await runProgram(binaries.postgres, ['--single', '-F', '-D', data, 'postgres'], {
      user,
      input: `${preparation.join('\n')}\n`,
    });
    moveIntoPlace(data, place);
  } finally {
    removeDirectory(temporary);
  }
  return place;
}

/** Copies the template to `data`, owned by the user whom the server runs as. */
export async function copyTemplate(
  template: string,
  data: string,
  user: UserIds | undefined,
): Promise<void> {
  makeDataDirectory(data, user);
  await runProgram('cp', ['-Rp', `${template}/.`, data], { user });
}

function makeDataDirectory(data: string, user: UserIds | undefined): void {
  mkdirSync(data, { mode: 0o700 });
  if (user) chownSync(data, user.uid, user.gid);
}
