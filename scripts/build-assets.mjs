// Bundles the run-time code that the constructs ship into dist/assets, one folder each, with the
// licences of what is in it. Nothing of the machine or of the time gets into the files: the CDK takes the hash of
// their bytes for the version of a function, and two builds of one commit must not make two.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES'), notices(Object.keys(metafile.inputs)));
}

/** Name, version, licence and its text, of every package that one of the files belongs to. */
function notices(files) {
  const folders = new Set(
    files.filter((file) => file.includes('node_modules/')).map(packageFolder),
  );
  const byText = new Map();
  for (const folder of folders) {
    const { name, version, license, author } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    const text = licenceText(join(root, folder)) ?? standardText(license, author);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`].sort());
  }
  const sections = [...byText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  return `This file names the third-party packages in index.js and their licences.\n\n${sections.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function packageFolder(file) {
  for (let folder = dirname(file); folder.includes('node_modules'); folder = dirname(folder)) {
    const manifest = join(root, folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version !== undefined) {
      return folder;
    }
  }
  throw new Error(`${relative(root, file)} belongs to no package`);
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  return file === undefined
    ? undefined
    : readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim();
}

/** For packages that name their licence only. */
function standardText(license, author) {
  if (license !== 'MIT') {
    return `Licensed under ${license}.`;
  }
  return `MIT License

Copyright (c) ${author?.name ?? author ?? 'the authors'}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
