import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * A file that only the built package has. Under a test runner that compiles on the fly the code that asks for it runs from `src`,
 * and the built package's file is taken.
 *
 * @param directory - of the module that asks
 * @param name - path from there, without `.js`
 * @throws Error if the package has not been built
 */
export function builtFile(directory: string, name: string): string {
  const here = path.join(directory, `${name}.js`);
  const source = path.join('emulator', 'src') + path.sep;
  const file = here.replace(source, path.join('emulator', 'dist') + path.sep);
  if (!existsSync(file))
    throw new Error(`${file} is missing: build the emulator first (npm run build)`);
  return file;
}
