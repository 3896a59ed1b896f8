import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { programEnvironment } from './run-program';
import type { UserIds } from './unprivileged-user';

/**
 * A bystander holds the other end of a pipe of ours. When we are gone, however that came about, the pipe ends
 * and it stops the program. A line in the pipe means that the program has ended by itself.
 * The shell then becomes the program, so that its process id, exit code and signals are the program's.
 */
const script = (signal: OrphanSignal) =>
  `P=$$; ( ( read -r line <&3 || kill -${signal} "$P" ) >/dev/null 2>&1 & ) ; exec "$0" "$@" 3<&-`;

/** What a program gets when this process has gone. */
type OrphanSignal = 'KILL' | 'QUIT';

/** How a program is started. */
export interface SupervisionOptions {
  /** @default - our own user */
  readonly user?: UserIds;
  /** @default - that of {@link programEnvironment} */
  readonly environment?: NodeJS.ProcessEnv;
  /** What it gets when this process has gone. @default 'KILL' */
  readonly orphanSignal?: OrphanSignal;
  /** Called with each line that it prints to standard error. */
  readonly onLine?: (line: string) => void;
}

/** A program that does not outlive this process, even if that is killed with SIGKILL. */
export class SupervisedProcess {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Resolves when it has ended and all that it printed has been read. */
  readonly closed: Promise<void>;
  private running = true;
  private printing = true;
  private recent = '';
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    lifeline: Writable,
    stderr: Readable,
    onLine: SupervisionOptions['onLine'],
  ) {
    this.pid = child.pid ?? 0;
    let unfinished = '';
    stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.recent = (this.recent + chunk).slice(-8192);
      if (onLine) {
        const lines = (unfinished + chunk).split('\n');
        unfinished = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      }
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
    this.closed = new Promise((resolve) => {
      child.once('close', () => {
        this.printing = false;
        this.wake();
        resolve();
      });
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
    options: SupervisionOptions = {},
  ): Promise<SupervisedProcess> {
    const { environment = programEnvironment(), onLine, orphanSignal = 'KILL', user } = options;
    const child = spawn('/bin/sh', ['-c', script(orphanSignal), program, ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      detached: true,
      cwd: '/',
      env: environment,
      ...user,
    });
    const [, , stderr, lifeline] = child.stdio;
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return new SupervisedProcess(child, lifeline as Writable, stderr as Readable, onLine);
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
