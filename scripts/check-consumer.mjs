// Packs both packages as for publishing, unpacks them beside a small project, and type-checks and runs it there. Only what the
// packages declare is linked in, so a file or a dependency that they lack is found. No network is needed.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'consumer-'));
const modules = join(project, 'node_modules');
/** The project's own, beside what the packages need. */
const ownDependencies = ['@types/node'];
const patience = 120_000;

const run = (command, ...args) =>
  execFileSync(command, args, { cwd: project, stdio: 'inherit', timeout: patience });

function link(name) {
  const target = join(modules, name);
  mkdirSync(dirname(target), { recursive: true });
  try {
    symlinkSync(join(root, 'node_modules', name), target, 'junction');
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function install(directory) {
  const output = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', project],
    { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const parsed = JSON.parse(output);
  const [{ name, filename }] = Array.isArray(parsed) ? parsed : Object.values(parsed);
  const target = join(modules, name);
  mkdirSync(target, { recursive: true });
  run('tar', '-xzf', filename, '-C', target, '--strip-components=1');
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(target, 'package.json'), 'utf8'),
  );
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) link(dependency);
  return target;
}

try {
  install(root);
  const emulator = install(join(root, 'emulator'));
  for (const dependency of ownDependencies) link(dependency);
  cpSync(join(root, 'test/package/consumer.ts'), join(project, 'consumer.ts'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        strict: true,
        types: ['node'],
        outDir: 'out',
      },
      files: ['consumer.ts'],
    }),
  );
  run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  run(process.execPath, 'out/consumer.js');
  run(process.execPath, join(emulator, 'dist/cli.js'), '--version');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
