// How long an emulator takes to start: in a process that has its modules loaded, and from the start of a process to
// the server's first answer.
import { Emulator } from 'cdk-decouple-emulator';
import { freePort, startServer } from './lib/server-process.mjs';
import { median } from './lib/sqs-load.mjs';

/** @returns milliseconds */
export async function startup() {
  const inProcess = [];
  for (let i = 0; i < 50; i++) {
    const start = performance.now();
    const aws = await Emulator.start({ clock: 'manual' });
    inProcess.push(performance.now() - start);
    await aws.stop();
  }
  const listening = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    const aws = await Emulator.start();
    await aws.endpoint();
    listening.push(performance.now() - start);
    await aws.stop();
  }
  const process = [];
  for (let i = 0; i < 7; i++) {
    const port = await freePort();
    const server = await startServer(
      'emulator',
      ['emulator/dist/cli.js', '--port', String(port)],
      port,
    );
    process.push(server.firstAnswerMs);
    await server.stop();
  }
  return {
    inProcessMs: median(inProcess),
    inProcessListeningMs: median(listening),
    processToFirstAnswerMs: median(process),
  };
}
