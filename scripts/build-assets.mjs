// Bundles the run-time code that the constructs ship into dist/assets, one folder each, with the
// licences of what is in it. Nothing of the machine or of the time gets into the files: the CDK takes the hash of
// their bytes for the version of a function, and two builds of one commit must not make two.
// Arguments: another directory to write to, and the names of those to build, if not all.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './third-party-notices.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [, , directory = join(root, 'dist', 'assets'), ...names] = process.argv;
const output = resolve(directory);

const bundles = {
  'broker-logs': 'lib/broker/handler/index.ts',
  'mobile-push': 'lib/mobile-push/handler/index.ts',
  'stream-delivery-json-records': 'lib/stream-delivery/handler/index.ts',
  // What `cdk-decouple/worker` is.
  worker: 'lib/worker/index.ts',
  'write-buffer-dynamodb': 'lib/write-buffer/handler/dynamodb/index.ts',
  'write-buffer-dynamodb-worker': 'lib/write-buffer/handler/dynamodb/worker.ts',
  'write-buffer-postgres': 'lib/write-buffer/handler/postgres/index.ts',
  'write-buffer-postgres-worker': 'lib/write-buffer/handler/postgres/worker.ts',
};

for (const [name, entry] of Object.entries(bundles)) {
  if (names.length > 0 && !names.includes(name)) continue;
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
