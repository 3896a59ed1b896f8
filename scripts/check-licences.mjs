// Fails when a package in the lock file has a licence that this project does not accept.
import { readFileSync } from 'node:fs';

const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

/** Whether one of the alternatives (OR) has all of its parts (AND) accepted. */
function isAccepted(expression) {
  return expression
    .replaceAll(/[()]/g, '')
    .split(/\s+OR\s+/)
    .some((alternative) =>
      alternative.split(/\s+AND\s+/).every((part) => accepted.has(part.trim())),
    );
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.entries(lock.packages).filter(
  ([path, entry]) => path.startsWith('node_modules/') && !entry.link,
);
const refused = packages.filter(([, entry]) => !isAccepted(entry.license ?? 'unknown'));
for (const [path, entry] of refused) {
  console.error(
    `${path.replace(/^.*node_modules\//, '')}@${entry.version}: ${entry.license ?? 'no licence stated'}`,
  );
}
console.log(`${packages.length} packages, ${refused.length} with a licence that is not accepted`);
process.exitCode = refused.length > 0 ? 1 : 0;
