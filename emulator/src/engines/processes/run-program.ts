import { spawn } from 'node:child_process';
import type { UserIds } from './unprivileged-user';

/** What a program printed before it ended well. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly user?: UserIds;
  /** Written to its standard input. */
  readonly input?: string;
  /** @default - that of {@link programEnvironment} */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end.
 *
 * @throws Error with what it printed if it cannot be started or exits with anything but 0.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { environment = programEnvironment(), user, input }: RunOptions = {},
): Promise<ProgramOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
      env: environment,
      ...user,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => {
      // A program that ends without reading its input says why by its exit code.
    });
    child.once('error', (error) => reject(new Error(`${program}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve({ stdout, stderr });
      else
        reject(
          new Error(
            `${program} ended with ${signal ?? `code ${code}`}: ${(stderr || stdout).trim()}`,
          ),
        );
    });
    child.stdin.end(input);
  });
}

/** The environment for engines: none of the caller's `PG*`, `JAVA_*` and `LC_*`, which would change what they do and print. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', TMPDIR } = process.env;
  return { PATH, ...(TMPDIR !== undefined && { TMPDIR }), LC_ALL: 'C', TZ: 'UTC' };
}
