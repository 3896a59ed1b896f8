import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { MountedPaths } from './mounted-paths';

/** An error as `node:fs` makes it, of a call that never reaches the operating system. */
export function fileError(
  code: 'ELOOP' | 'EROFS' | 'EXDEV',
  syscall: string,
  path: string,
  dest?: string,
): Error {
  const errno = -constants.errno[code];
  const [, text = code] = getSystemErrorMap().get(errno) ?? [];
  const where = dest === undefined ? `'${path}'` : `'${path}' -> '${dest}'`;
  const error = new Error(`${code}: ${text}, ${syscall} ${where}`);
  return Object.assign(error, { errno, code, syscall, path, ...(dest !== undefined && { dest }) });
}

/** Has an error of `node:fs` name the paths that the user's code knows. */
export function outwardError(error: unknown, paths: MountedPaths): unknown {
  if (!(error instanceof Error)) return error;
  const members: Record<string, unknown> = Object(error);
  for (const name of ['message', 'path', 'dest', 'stack']) {
    const text = members[name];
    if (typeof text === 'string') members[name] = paths.outward(text);
  }
  return error;
}
