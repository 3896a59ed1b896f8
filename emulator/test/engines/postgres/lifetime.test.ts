import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { PostgresEngine } from '../../../src/engines/postgres';
import { sweepServerDirectories } from '../../../src/engines/postgres/work-directory';
import { throwawayAuthority } from './throwaway-authority';

/** A program that makes a database, prints its port and directory, and then lives on. */
const program = `
import { PostgresServer } from '${join(__dirname, '../../../src/engines/postgres/server')}';
(async () => {
  const certificate = JSON.parse(process.argv[2]);
  const server = await PostgresServer.create(certificate, { maxConnections: 10, forceSsl: true, parameters: {} });
  console.log(JSON.stringify({ port: server.port, pid: server.pid, directory: server.socketDirectory }));
  if (process.argv[3] === 'live') process.stdin.resume();
})();
`;

interface Announcement {
  readonly port: number;
  readonly pid: number;
  readonly directory: string;
}

let scratch: string;
let bundle: string;
let certificate: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'postgres-lifetime-'));
  bundle = join(scratch, 'program.cjs');
  writeFileSync(join(scratch, 'program.ts'), program);
  const esbuild = require.resolve('esbuild/bin/esbuild');
  execFileSync(esbuild, [
    join(scratch, 'program.ts'),
    '--bundle',
    '--platform=node',
    '--packages=external',
    `--outfile=${bundle}`,
    '--log-level=error',
  ]);
  const authority = await throwawayAuthority();
  certificate = JSON.stringify(await authority.issueCertificate(['localhost', '127.0.0.1']));
});

afterAll(() => rmSync(scratch, { recursive: true }));

function runParent(mode: 'live' | 'end') {
  const child = spawn(process.execPath, [bundle, certificate, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_PATH: join(__dirname, '../../../../node_modules') },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const announced = new Promise<Announcement>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString())));
  });
  return { child, exited, announced };
}

/** Resolves when the server at the other end has closed a connection that it had accepted. */
function disconnected(port: number): { connected: Promise<void>; closed: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  return {
    connected: new Promise((resolve) => socket.once('connect', () => resolve())),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

test('is gone after its parent has been killed with SIGKILL, and its data after the next sweep', async () => {
  const { child, exited, announced } = runParent('live');
  const { port, directory } = await announced;
  const connection = disconnected(port);
  await connection.connected;
  child.kill('SIGKILL');
  await exited;
  await connection.closed;
  while (!(await refusesConnections(port)));
  expect(existsSync(directory)).toBe(true);
  sweepServerDirectories();
  expect(existsSync(directory)).toBe(false);
});

test('neither keeps its parent alive nor leaves anything behind at its ordinary end', async () => {
  const { exited, announced } = runParent('end');
  const { port, directory } = await announced;
  await exited;
  expect(existsSync(directory)).toBe(false);
  while (!(await refusesConnections(port)));
});

test('leaves the servers of living processes alone when it sweeps', async () => {
  const { certificate: ca, issueCertificate } = await throwawayAuthority();
  const engine = new PostgresEngine({ issueCertificate });
  const { host, port } = await engine.provision({
    databaseName: 'app',
    username: 'app',
    password: 'password',
    maxConnections: 10,
    forceSsl: true,
    parameters: {},
  });
  sweepServerDirectories();
  const client = new Client({ host, port, user: 'app', password: 'password', ssl: { ca } });
  await client.connect();
  await client.query('CREATE TABLE written_after_the_sweep (id int)');
  await client.end();
  await engine.stop();
  expect(await refusesConnections(port)).toBe(true);
});
