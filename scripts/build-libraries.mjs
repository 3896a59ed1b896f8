// Bundles the ES modules that the emulator uses into one CommonJS file each, with their licences: the emulator is CommonJS, runs
// inside jest, and on versions of Node.js that cannot require an ES module.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './third-party-notices.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** File below `emulator/dist` to what it is made of. */
const libraries = {
  'services/firehose/conversion/hyparquet-writer.js':
    "export { ByteWriter, parquetWrite } from 'hyparquet-writer';",
};

for (const [file, contents] of Object.entries(libraries)) {
  const outfile = join(root, 'emulator', 'dist', file);
  mkdirSync(dirname(outfile), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: join(root, 'emulator') },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    charset: 'utf8',
    tsconfigRaw: {},
    metafile: true,
    logLevel: 'warning',
  });
  const name = file.slice(file.lastIndexOf('/') + 1);
  writeFileSync(
    `${outfile}.THIRD-PARTY-NOTICES`,
    notices(root, name, Object.keys(metafile.inputs)),
  );
}
