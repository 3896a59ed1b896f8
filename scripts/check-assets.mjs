// Builds the run-time assets twice and fails unless both builds are the same to the byte: their hash is
// part of every user's template, so a difference would redeploy functions for nothing.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function hashOf(directory) {
  const hash = createHash('sha256');
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return { files: files.length, digest: hash.digest('hex') };
}

const builds = [1, 2].map(() => {
  execFileSync(process.execPath, ['scripts/build-assets.mjs'], { stdio: 'inherit' });
  return hashOf('dist/assets');
});
const [first, second] = builds;
console.log(`${first.files} files, ${first.digest} and ${second.digest}`);
process.exitCode = first.files > 0 && first.digest === second.digest ? 0 : 1;
