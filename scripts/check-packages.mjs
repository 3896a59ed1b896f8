// Checks both packages as they would be published: publint's rules, and the list of files that npm would pack.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What each package must contain, and what it must not. */
const packages = [
  {
    directory: '.',
    contains: [
      'dist/lib/index.js',
      'dist/lib/index.d.ts',
      'dist/lib/worker/index.d.ts',
      'dist/assets/worker/index.js',
      /^dist\/assets\/.*\/index\.js$/,
      /THIRD-PARTY-NOTICES/,
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ],
    lacks: [
      /^dist\/(bin|demo|scripts)\//,
      /^dist\/lib\/worker\/.*\.js$/,
      /\.test\./,
      /^(test|bench|emulator|lib|docs)\//,
      /tsbuildinfo$/,
    ],
    largest: 8 * 1024 * 1024,
  },
  {
    directory: 'emulator',
    contains: ['dist/index.js', 'dist/index.d.ts', 'dist/cli.js', 'LICENSE', 'README.md'],
    lacks: [/\.test\./, /^(test|src)\//, /tsbuildinfo$/],
    largest: 8 * 1024 * 1024,
  },
];

let problems = 0;
const complain = (text) => {
  problems += 1;
  console.error(text);
};
const matches = (path, pattern) =>
  typeof pattern === 'string' ? path === pattern : pattern.test(path);

for (const { directory, contains, lacks, largest } of packages) {
  const manifest = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
  const { messages } = await publint({ pkgDir: directory, strict: true, pack: 'npm' });
  for (const message of messages) complain(`${manifest.name}: ${formatMessage(message, manifest)}`);
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parsed = JSON.parse(packed);
  const [pack] = Array.isArray(parsed) ? parsed : Object.values(parsed);
  const paths = pack.files.map((file) => file.path);
  for (const pattern of contains) {
    if (!paths.some((path) => matches(path, pattern)))
      complain(`${manifest.name}: ${pattern} is not in the package`);
  }
  for (const path of paths) {
    if (lacks.some((pattern) => matches(path, pattern)))
      complain(`${manifest.name}: ${path} does not belong in the package`);
  }
  if (pack.unpackedSize > largest)
    complain(`${manifest.name}: ${pack.unpackedSize} bytes, more than ${largest}`);
  console.log(
    `${manifest.name}@${manifest.version}: ${paths.length} files, ${pack.unpackedSize} bytes`,
  );
}
process.exitCode = problems > 0 ? 1 : 0;
