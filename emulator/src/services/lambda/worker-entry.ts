import { builtFile } from '../built-file';

/**
 * The compiled file of a module of the worker: a thread cannot load TypeScript.
 *
 * @throws Error if the package has not been built
 */
export function workerModule(name: string): string {
  return builtFile(__dirname, `worker/${name}`);
}
