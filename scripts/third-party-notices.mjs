// The licences of what a bundle holds.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Name, version, licence and its text, of every package that one of the files of a bundle belongs to.
 *
 * @param root directory that the files are relative to
 * @param bundle name of the file that they are in
 */
export function notices(root, bundle, files) {
  const folders = new Set(
    files.filter((file) => file.includes('node_modules/')).map((file) => packageFolder(root, file)),
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
  return `This file names the third-party packages in ${bundle} and their licences.\n\n${sections.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function packageFolder(root, file) {
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
