// Bundles the run-time code that the constructs ship into dist/assets, one folder each, with the
// licences of what is in it. Nothing of the machine or of the time gets into the files: the CDK takes the hash of
// their bytes for the version of a function, and two builds of one commit must not make two.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './third-party-notices.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const output = resolve(process.argv[2] ?? join(root, 'dist', 'assets'));

const bundles = {
  'mobile-push': 'lib/mobile-push/handler/index.ts',
  'stream-delivery-json-records': 'lib/stream-delivery/handler/index.ts',
  // What `cdk-decouple/worker` is.
  worker: 'lib/worker/index.ts',
  'write-buffer-dynamodb': 'lib/write-buffer/handler/dynamodb/index.ts',
  'write-buffer-postgres': 'lib/write-buffer/handler/postgres/index.ts',
};

for (const [name, entry] of Object.entries(bundles)) {
  const folder = join(output, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    // The functions deploy as nodejs24.x; the older target lets the same file run wherever the package does.
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    // Optional native bindings of pg, loaded only where a program asks for them.
    external: ['pg-native'],
    tsconfigRaw: {},
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(
    join(folder, 'THIRD-PARTY-NOTICES'),
    notices(root, 'index.js', Object.keys(metafile.inputs)),
  );
}
