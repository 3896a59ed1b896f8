import fs, { constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fileError, outwardError } from './file-errors';
import { type FileFunction, fileFunctions, type PathUse } from './file-functions';
import { type Mount, MountedPaths, type Place } from './mounted-paths';

type AnyFunction = (...args: unknown[]) => unknown;
type Style = 'synchronous' | 'callback' | 'promise';

/** Those whose last argument is told of changes, not of the outcome. */
const listening = new Set(['unwatchFile', 'watch', 'watchFile']);

/**
 * Has this thread's `node:fs` and `node:fs/promises` find directories at the paths of mounts. Modules that have been imported as
 * ECMAScript before see it after `syncBuiltinESMExports()`.
 */
export function installMounts(mounts: readonly Mount[]): void {
  const paths = new MountedPaths(mounts);
  const module: Record<string, unknown> = Object(fs);
  const promises: Record<string, unknown> = Object(fs.promises);
  for (const [name, description] of Object.entries(fileFunctions)) {
    const waits = name === 'openAsBlob' ? 'promise' : 'callback';
    replace(module, name, description, listening.has(name) ? 'synchronous' : waits, paths);
    replace(module, `${name}Sync`, description, 'synchronous', paths, name);
    replace(promises, name, description, name === 'watch' ? 'synchronous' : 'promise', paths);
  }
}

function replace(
  owner: Record<string, unknown>,
  name: string,
  description: FileFunction,
  style: Style,
  paths: MountedPaths,
  plainName = name,
): void {
  const original = owner[name];
  if (!isFunction(original)) return;
  const translated = translating(original, plainName, description, style, paths);
  // Such as the promised form of `exists`, which util.promisify looks for.
  for (const key of Reflect.ownKeys(original)) {
    const value: unknown = Reflect.get(original, key);
    if (key === 'prototype' || !isFunction(value)) continue;
    const variant = key === 'native' ? style : 'promise';
    const wrapped = translating(value, plainName, description, variant, paths);
    Object.defineProperty(translated, key, { value: wrapped, configurable: true });
  }
  Object.defineProperty(translated, 'name', { value: name });
  owner[name] = translated;
}

function translating(
  original: AnyFunction,
  name: string,
  description: FileFunction,
  style: Style,
  paths: MountedPaths,
): AnyFunction {
  const outward = (result: unknown) => outwardResult(result, description.gives, paths);
  return function (this: unknown, ...given: unknown[]): unknown {
    let args: unknown[] | undefined;
    try {
      args = translate(given, name, description, paths);
    } catch (error) {
      return refuse(error, name, style, given);
    }
    if (!args) return Reflect.apply(original, this, given);
    const callback = args.at(-1);
    if (style === 'callback' && isFunction(callback))
      args[args.length - 1] = (error: unknown, ...results: unknown[]) =>
        callback(outwardError(error, paths), ...results.map(outward));
    try {
      const result = Reflect.apply(original, this, args);
      return style === 'promise' ? outwardPromise(result, outward, paths) : outward(result);
    } catch (error) {
      throw outwardError(error, paths);
    }
  };
}

async function outwardPromise(
  promise: unknown,
  outward: (result: unknown) => unknown,
  paths: MountedPaths,
): Promise<unknown> {
  try {
    return outward(await promise);
  } catch (error) {
    throw outwardError(error, paths);
  }
}

/** The arguments with the paths that the operating system knows; undefined if none is of a mount. */
function translate(
  given: readonly unknown[],
  name: string,
  { paths: uses, syscall = name, withinOneMount = false }: FileFunction,
  paths: MountedPaths,
): unknown[] | undefined {
  const args = [...given];
  const texts = uses.map(({ at }) => pathText(given[at]));
  const places = uses.map((use, index): Place | undefined => {
    const text = texts[index];
    const place = text === undefined ? undefined : paths.locate(text, use.follows);
    if (place?.mount?.readOnly && text !== undefined && writing(use, given[1]))
      throw fileError('EROFS', syscall, ...pair(texts, text));
    if (place) args[use.at] = place.path;
    return place;
  });
  const [first, second] = places;
  if (!first && !second) return undefined;
  if (withinOneMount && first?.mount !== second?.mount)
    throw fileError('EXDEV', syscall, ...pair(texts, ''));
  return args;
}

function pair(
  [path, dest]: readonly (string | undefined)[],
  otherwise: string,
): [path: string, dest?: string] {
  return dest === undefined ? [path ?? otherwise] : [path ?? otherwise, dest];
}

/** Undefined for file descriptors and handles. */
function pathText(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (given instanceof Uint8Array) return Buffer.from(given).toString();
  return given instanceof URL && given.protocol === 'file:' ? fileURLToPath(given) : undefined;
}

function writing({ writes }: PathUse, argument: unknown): boolean {
  if (writes === 'as asked') return (Number(argument ?? 0) & constants.W_OK) !== 0;
  if (writes !== 'as opened') return writes;
  if (typeof argument === 'string') return !/^(r|rs|sr)$/.test(argument);
  if (typeof argument !== 'number') return false;
  const changes = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
  return (argument & changes) !== 0;
}

/** A call that fails before it is made, in the way in which such calls fail. */
function refuse(error: unknown, name: string, style: Style, given: readonly unknown[]): unknown {
  if (style === 'promise') return Promise.reject(error);
  const callback = given.at(-1);
  if (style === 'synchronous' || !isFunction(callback)) throw error;
  process.nextTick(() => (name === 'exists' ? callback(false) : callback(error)));
  return undefined;
}

/** A result with the paths that the user's code knows. */
function outwardResult(
  result: unknown,
  gives: FileFunction['gives'],
  paths: MountedPaths,
): unknown {
  if (gives === 'path') return typeof result === 'string' ? paths.outward(result) : result;
  if (gives === 'entries')
    for (const entry of [result].flat()) {
      const members: Record<string, unknown> = Object(entry);
      for (const name of ['parentPath', 'path']) {
        const value = members[name];
        if (typeof entry === 'object' && typeof value === 'string')
          Object.defineProperty(entry, name, { value: paths.outward(value), configurable: true });
      }
      if (entry instanceof fs.Dir) outwardDirectory(entry, paths);
    }
  return result;
}

/** Has an open directory give its entries, one by one, as a listing gives them. */
function outwardDirectory(directory: fs.Dir, paths: MountedPaths): void {
  const outward = (entry: unknown) => outwardResult(entry, 'entries', paths);
  const { [Symbol.asyncIterator]: entries, read, readSync } = directory;
  async function* outwardEntries() {
    for await (const entry of Reflect.apply(entries, directory, [])) yield outward(entry);
  }
  Object.assign(directory, {
    entries: outwardEntries,
    [Symbol.asyncIterator]: outwardEntries,
    readSync: () => outward(Reflect.apply(readSync, directory, [])),
    read: (callback?: unknown) =>
      isFunction(callback)
        ? Reflect.apply(read, directory, [
            (error: unknown, entry: unknown) => callback(error, outward(entry)),
          ])
        : outwardPromise(Reflect.apply(read, directory, []), outward, paths),
  });
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}
