import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The compiled file of a module of the worker: a thread cannot load TypeScript, so that under a
 * test runner that compiles on the fly the built package's file is taken.
 *
 * @throws Error if the package has not been built
 */
export function workerModule(name: string): string {
  const here = path.join(__dirname, 'worker', `${name}.js`);
  const source = path.join('emulator', 'src', 'services');
  const file = here.replace(source, path.join('emulator', 'dist', 'services'));
  if (!existsSync(file))
    throw new Error(`${file} is missing: build the emulator first (npx tsc -b emulator)`);
  return file;
}
