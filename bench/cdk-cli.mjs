// Wall time of the unmodified CDK CLI's commands on a stack of about 80 resources, and how much of it is the emulator's:
// measured against a server that gives the same answers at once.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { recordingProxy } from './lib/recording.mjs';
import { freePort, startServer } from './lib/server-process.mjs';
import { median } from './lib/sqs-load.mjs';

const require = createRequire(import.meta.url);
const { emulatorVariables } = require('../emulator/dist/cli/environment.js');
const cdkProgram = require.resolve('aws-cdk/bin/cdk');
const rounds = 5;

/** @returns the number of resources, and for each command milliseconds and the emulator's share of them */
export async function cdkCliTimes() {
  const directory = mkdtempSync(join(tmpdir(), 'cdk-cli-bench-'));
  try {
    const [first, second] = await Promise.all([
      synthesise(directory, 'first'),
      synthesise(directory, 'second'),
    ]);
    const recordFile = join(directory, 'record.json');
    await record(directory, { first, second }, recordFile);
    const runs = { emulator: [], atOnce: [] };
    for (let i = 0; i < rounds; i++) {
      // Taken in turns, so that what else the machine does is shared.
      runs.emulator.push(
        await against(['emulator/dist/cli.js', '--port'], directory, first, second),
      );
      runs.atOnce.push(
        await against(['bench/lib/replaying-server.mjs', recordFile], directory, first, second),
      );
    }
    const template = readFileSync(join(first, 'EightyResources.template.json'), 'utf8');
    return {
      resources: Object.keys(JSON.parse(template).Resources).length,
      ...summary(runs),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function summary({ atOnce, emulator }) {
  const commands = Object.keys(emulator[0]).map((command) => {
    const ms = median(emulator.map((times) => times[command]));
    return { command, ms, atOnceMs: median(atOnce.map((times) => times[command])) };
  });
  const sum = (field) => commands.reduce((total, times) => total + times[field], 0);
  return { commands, totalMs: sum('ms'), share: 1 - sum('atOnceMs') / sum('ms') };
}

/** One round of all commands on a server of its own. */
async function against(program, directory, first, second) {
  const port = await freePort();
  const server = await startServer('server', [...program, String(port)], port);
  try {
    return await commands(`http://127.0.0.1:${port}`, directory, first, second);
  } finally {
    await server.stop();
  }
}

/** Has the emulator answer all commands once, and writes down what. */
async function record(directory, { first, second }, file) {
  const port = await freePort();
  const server = await startServer(
    'emulator',
    ['emulator/dist/cli.js', '--port', String(port)],
    port,
  );
  const proxy = await recordingProxy(`http://127.0.0.1:${port}`);
  try {
    await commands(`http://127.0.0.1:${proxy.port}`, directory, first, second);
    writeFileSync(file, JSON.stringify(proxy.record));
  } finally {
    proxy.stop();
    await server.stop();
  }
}

async function commands(endpoint, directory, first, second) {
  const variables = emulatorVariables(endpoint, 'us-east-1');
  const timed = async (...args) => {
    const start = performance.now();
    await cdk(directory, args, variables);
    return performance.now() - start;
  };
  const deploy = ['deploy', '--require-approval', 'never', '--app'];
  return {
    bootstrap: await timed('bootstrap', 'aws://000000000000/us-east-1'),
    deploy: await timed(...deploy, first),
    diff: await timed('diff', '--app', first),
    update: await timed(...deploy, second),
    destroy: await timed('destroy', '--force', '--app', second),
  };
}

async function synthesise(directory, release) {
  const assembly = join(directory, release);
  const app = `node ${resolve('bench/eighty-resources.mjs')}`;
  await cdk(directory, ['synth', '--quiet', '--app', app, '--output', assembly], {
    RELEASE: release,
  });
  return assembly;
}

/** Runs the CLI in an empty directory, as users run it but for the validation of templates, which costs seconds. */
function cdk(directory, args, variables) {
  return new Promise((fulfil, reject) => {
    const child = spawn(process.execPath, [cdkProgram, ...args], {
      cwd: directory,
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        CDK_VALIDATION: 'false',
        CI: 'true',
        NODE_NO_WARNINGS: '1',
        ...variables,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? fulfil() : reject(new Error(`cdk ${args.join(' ')}: ${output}`)),
    );
  });
}
