// Starts a server as a process of its own and reads the CPU time that the operating system has counted for it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const ticksPerSecond = 100; // USER_HZ, what /proc/<pid>/stat counts in, on every Linux.

/** CPU time of a process so far. */
export function cpuSecondsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Spawns `node` with these arguments and waits until the port answers. */
export async function startServer(name, args, port, environment = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await firstAnswer(name, port, child);
  return {
    name,
    port,
    firstAnswerMs: performance.now() - started,
    cpuSeconds: () => cpuSecondsOf(child.pid),
    residentBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1024,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function firstAnswer(name, port, child) {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; ) {
    if (child.exitCode !== null) throw new Error(`${name} ended with exit code ${child.exitCode}`);
    try {
      await fetch(`http://127.0.0.1:${port}/_emulator/health`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  throw new Error(`${name} did not answer within 20 seconds`);
}
