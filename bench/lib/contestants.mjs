// The servers that are measured side by side, each a process of its own.
import { freePort, startServer } from './server-process.mjs';

/** This emulator, as its command starts it. */
export const emulator = {
  name: 'cdk-decouple-emulator',
  command: (port) => ({ args: ['emulator/dist/cli.js', '--port', String(port)] }),
};

const fauxqs = {
  name: 'fauxqs 1.9.2',
  command: (port) => ({
    args: ['node_modules/fauxqs/dist/cli.js'],
    environment: { FAUXQS_PORT: String(port), FAUXQS_LOGGER: 'false', FAUXQS_HOST: '127.0.0.1' },
  }),
};

/** The emulator of Kinesis closest to this one: JavaScript, in one process, in memory. Streams are made at once. */
export const kinesalite = {
  name: 'kinesalite 3.3.3',
  command: (port) => ({
    args: [
      'node_modules/kinesalite/cli.js',
      ...['--port', String(port), '--shardLimit', '10000', '--createStreamMs', '0'],
    ],
  }),
};

/** A server that does nothing: the ceiling. */
export const bare = {
  name: 'bare node:http',
  command: (port) => ({ args: ['bench/lib/bare-server.mjs', String(port)] }),
};

/** Both emulators. */
export const emulators = [emulator, fauxqs];

/** Starts servers, hands them over, and stops them whatever comes of it. */
export async function withServers(contestants, use) {
  const servers = [];
  try {
    for (const { name, command } of contestants) {
      const port = await freePort();
      const { args, environment } = command(port);
      servers.push(await startServer(name, args, port, environment));
    }
    return await use(servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Runs a task so many times in so many loops at once. */
export async function inLoops(times, loops, task) {
  let left = times;
  const loop = async () => {
    while (left-- > 0) await task();
  };
  await Promise.all(Array.from({ length: loops }, loop));
}
