import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const cli = join(__dirname, '../../dist/cli.js');

/** The emulator as `npm run emulator` starts it. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** Starts it on a free port and waits for its first line. */
  static async start(...args: string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [cli, '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const endpoint = /^Listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(String(line))?.[1];
    if (!endpoint) throw new Error(`the first line was ${String(line)}`);
    return new ServerProcess(child, endpoint);
  }

  /** The same port over TLS. */
  get tlsEndpoint(): string {
    return this.endpoint.replace('http:', 'https:');
  }

  /** Asks it to stop and resolves with its exit code. */
  async stop(): Promise<number> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await exited;
    return Number(code);
  }
}

/** What a command line that ends by itself prints and returns. */
export async function runCli(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), stdout, stderr };
}
