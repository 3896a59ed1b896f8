import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';

const PACKAGE = 'cdk-decouple';

/**
 * The code of a function that is shipped with this package, bundled when the package was built.
 *
 * @param name of the folder under `dist/assets`
 */
export function shippedCode(name: string): lambda.AssetCode {
  return lambda.Code.fromAsset(shippedDirectory(name));
}

/**
 * The directory of a shipped bundle.
 *
 * It is found from the package's root, as this file runs both from `dist/lib` and, in tests, from `lib`.
 *
 * @param name of the folder under `dist/assets`
 */
export function shippedDirectory(name: string): string {
  const directory = join(packageRoot(__dirname), 'dist', 'assets', name);
  if (!existsSync(join(directory, 'index.js'))) {
    throw new Error(`${directory} has no index.js: run 'npm run build' in ${PACKAGE} first`);
  }
  return directory;
}

function packageRoot(from: string): string {
  for (let directory = from; directory !== dirname(directory); directory = dirname(directory)) {
    const manifest = join(directory, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === PACKAGE) {
      return directory;
    }
  }
  throw new Error(
    `no package.json of ${PACKAGE} above ${from}: its functions cannot be bundled with an app`,
  );
}
