import { createServer } from 'node:net';

/** Below the range out of which Linux (32768 and up) and macOS (49152 and up) take ports for outgoing connections. */
const lowest = 20_000;
const highest = 32_767;

let next: number | undefined;

/**
 * A TCP port of `host` that nobody listens on, between 20000 and 32767, and not one of the last that it gave out.
 *
 * Processes that start together begin at different places, so that they seldom meet.
 *
 * @throws Error if all are taken.
 */
export async function findFreePort(host: string): Promise<number> {
  const size = highest - lowest + 1;
  next ??= (process.pid * 7919) % size;
  for (let tries = 0; tries < size; tries++) {
    const port = lowest + next;
    next = (next + 1) % size;
    if (await isFree(host, port)) return port;
  }
  throw new Error(`no free TCP port between ${lowest} and ${highest} on ${host}`);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
