import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SupervisedProcess } from '../../../src/engines/processes/supervised-process';

const options = { environment: { PATH: process.env.PATH } };

test('a program has its exit code, its output and its signals for itself', async () => {
  let output = '';
  const program = await SupervisedProcess.start('sh', ['-c', 'echo out; echo err >&2; exit 3'], {
    ...options,
    onOutput: (text) => {
      output += text;
    },
  });
  expect(await program.printed('err')).toBe(true);
  await program.ended;
  expect(program.outcome).toBe(3);
  await program.printed('nothing more');
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
  const sleeper = await SupervisedProcess.start('sleep', ['1000'], options);
  sleeper.signal('SIGTERM');
  await sleeper.ended;
  expect(sleeper.outcome).toBe('SIGTERM');
});

test('a program with an input waits for its end', async () => {
  const program = await SupervisedProcess.start('sh', ['-c', 'echo waits >&2; cat; exit 4'], {
    ...options,
    input: true,
  });
  expect(await program.printed('waits')).toBe(true);
  expect(program.isRunning).toBe(true);
  program.endInput();
  await program.ended;
  expect(program.outcome).toBe(4);
});

test('a program that cannot be found ends as the shell has it', async () => {
  const program = await SupervisedProcess.start('no-such-program', [], options);
  await program.ended;
  expect(program.outcome).toBe(127);
});

/** Starts a program that connects to a port, and so does one that it starts; both are frozen then. */
const parent = `
import { SupervisedProcess } from '${join(__dirname, '../../../src/engines/processes/supervised-process')}';
const connect = "require('net').connect(" + process.argv[2] + ", '127.0.0.1');";
const both = "require('child_process').spawn(process.execPath, ['-e', process.env.CODE]);" + connect;
SupervisedProcess.start(process.execPath, ['-e', both], {
  environment: { PATH: process.env.PATH, CODE: connect },
}).then((program) => {
  process.stdin.once('data', () => {
    program.signalGroup('SIGSTOP');
    process.kill(process.pid, 'SIGKILL');
  });
});
`;

test('a program and what it has started are gone after their parent was killed, even frozen', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'supervised-process-'));
  writeFileSync(join(scratch, 'parent.ts'), parent);
  const bundle = join(scratch, 'parent.cjs');
  execFileSync(require.resolve('esbuild/bin/esbuild'), [
    join(scratch, 'parent.ts'),
    '--bundle',
    '--platform=node',
    `--outfile=${bundle}`,
    '--log-level=error',
  ]);
  const sockets: Promise<void>[] = [];
  const server = createServer();
  const connected = new Promise<void>((resolve) => {
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => undefined).resume();
      sockets.push(new Promise((closed) => socket.once('close', () => closed())));
      if (sockets.length === 2) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const child = spawn(process.execPath, [bundle, String(port)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await connected;
  child.stdin.write('now\n');
  await Promise.all(sockets);
  await new Promise((resolve) => server.close(resolve));
  rmSync(scratch, { recursive: true });
});
