import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { programEnvironment } from './run-program';
import type { UserIds } from './unprivileged-user';

/**
 * A bystander holds the other end of a pipe of ours. When we are gone, however that came about, the pipe ends
 * and it stops the program. A line in the pipe means that the program has ended by itself.
 * The shell then becomes the program, so that its process id, exit code and signals are the program's.
 */
const script =
  'P=$$; ( ( read -r line <&3 || kill -QUIT "$P" ) >/dev/null 2>&1 & ) ; exec "$0" "$@" 3<&-';

/** A program that does not outlive this process, even if that is killed with SIGKILL. */
export class SupervisedProcess {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  private running = true;
  private printing = true;
  private recent = '';
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    lifeline: Writable,
    stderr: Readable,
  ) {
    this.pid = child.pid ?? 0;
    stderr.on('data', (chunk: Buffer) => {
      this.recent = (this.recent + chunk.toString()).slice(-8192);
      this.wake();
    });
    lifeline.on('error', () => {
      // The bystander has gone with the program.
    });
    this.ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.running = false;
        lifeline.end('ended\n');
        resolve();
      });
    });
    // After the exit there may still be output to read.
    child.once('close', () => {
      this.printing = false;
      this.wake();
    });
    // Must not keep a process alive that has nothing else to do.
    child.unref();
    for (const stream of [lifeline, stderr]) if ('unref' in stream) unref(stream);
  }

  /**
   * Starts a program in a session of its own, so that Ctrl-C reaches only us.
   *
   * @throws Error if it cannot be started.
   */
  static async start(
    program: string,
    args: readonly string[],
    user: UserIds | undefined,
  ): Promise<SupervisedProcess> {
    const child = spawn('/bin/sh', ['-c', script, program, ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      detached: true,
      cwd: '/',
      env: programEnvironment(),
      ...user,
    });
    const [, , stderr, lifeline] = child.stdio;
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return new SupervisedProcess(child, lifeline as Writable, stderr as Readable);
  }

  /** Whether it still runs. */
  get isRunning(): boolean {
    return this.running;
  }

  /** The last 8 KiB of what it printed to standard error. */
  get output(): string {
    return this.recent;
  }

  /** Resolves with true once its output contains `text`, with false if it ends without having printed it. */
  printed(text: string): Promise<boolean> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.recent.includes(text);
        if (!found && this.printing) return;
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Sends a signal; does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  private wake(): void {
    for (const look of [...this.waiting]) look();
  }
}

function unref(stream: object & { unref?: unknown }): void {
  if (typeof stream.unref === 'function') stream.unref();
}
