import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What is used of esbuild, whose types this package must not ask for: it is the user's, if they have it. */
interface Esbuild {
  buildSync(options: {
    readonly entryPoints: string[];
    readonly outfile: string;
    readonly bundle: boolean;
    readonly platform: 'node';
    readonly target: string;
    readonly format: 'esm';
    readonly mainFields: string[];
    readonly banner: { readonly js: string };
    readonly charset: 'utf8';
    readonly legalComments: 'eof';
    readonly logLevel: 'warning';
  }): unknown;
}

/**
 * The esbuild of the project that a file belongs to, else that of where the app is synthesised; undefined if there is none.
 */
export function esbuildFor(file: string): Esbuild | undefined {
  for (const from of [resolve(file), resolve('package.json')]) {
    const found = load(createRequire(from));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function load(require: NodeJS.Require): Esbuild | undefined {
  let path: string;
  try {
    path = require.resolve('esbuild');
  } catch {
    return undefined;
  }
  return require(path);
}
