import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { programEnvironment } from './run-program';
import type { UserIds } from './unprivileged-user';

/** Waits until the guard is there, and becomes the program: process id, exit code and signals are the program's. */
const launcher = 'read -r line <&3 || exit 1; exec 3<&-; exec "$0" "$@"';

/**
 * The guard holds the other end of a pipe of ours, in a process group of its own, so that what stops or freezes the
 * program spares it. When we are gone, however that came about, the pipe ends and it stops the program and those that
 * it has started. A line in the pipe means that the program has ended by itself.
 */
const guardian = (signal: OrphanSignal) => `read -r line || kill -${signal} "-$0"`;

/** What a program and its children get when this process has gone. */
type OrphanSignal = 'KILL' | 'QUIT';

/** How a program is started. */
export interface SupervisionOptions {
  /** @default - our own user */
  readonly user?: UserIds;
  /** @default - that of {@link programEnvironment} */
  readonly environment?: NodeJS.ProcessEnv;
  /** What it gets when this process has gone. @default 'KILL' */
  readonly orphanSignal?: OrphanSignal;
  /** @default / */
  readonly cwd?: string;
  /** Whether it has a standard input, which stays open until {@link SupervisedProcess.endInput}. @default false */
  readonly input?: boolean;
  /** Called with each line that it prints to standard error. */
  readonly onLine?: (line: string) => void;
  /** Called with what it prints, to either stream. @default - nobody reads what it prints to standard output */
  readonly onOutput?: (text: string) => void;
}

/** A program that does not outlive this process, even if that is killed with SIGKILL. */
export class SupervisedProcess {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Resolves when it has ended and all that it printed has been read. */
  readonly closed: Promise<void>;
  private running = true;
  private frozen = false;
  private printing = true;
  private recent = '';
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly child: ChildProcess,
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
      // The guard has gone before us.
    });
    child.stdin?.on('error', () => {
      // It has ended before its input.
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
    const { environment = programEnvironment(), onLine, onOutput, user } = options;
    const child = spawn('/bin/sh', ['-c', launcher, program, ...args], {
      stdio: [options.input ? 'pipe' : 'ignore', onOutput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
      cwd: options.cwd ?? '/',
      env: environment,
      ...user,
    });
    await spawned(child);
    const { orphanSignal = 'KILL' } = options;
    const guard = spawn('/bin/sh', ['-c', guardian(orphanSignal), String(child.pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: programEnvironment(),
    });
    const [, stdout, stderr, start] = child.stdio;
    const supervised = new SupervisedProcess(child, guard.stdin, stderr as Readable, onLine);
    if (onOutput) {
      (stdout as Readable).setEncoding('utf8').on('data', onOutput);
      stderr?.on('data', onOutput);
    }
    await spawned(guard);
    start?.on('error', () => {
      // It has ended before it was read to the end.
    });
    (start as Writable).end('go\n');
    // Neither must keep a process alive that has nothing else to do.
    for (const one of [child, guard]) {
      one.unref();
      for (const stream of one.stdio) if (stream) unref(stream);
    }
    return supervised;
  }

  /** Whether it still runs. */
  get isRunning(): boolean {
    return this.running;
  }

  /** Whether it got SIGSTOP, and no SIGCONT since: it runs, and answers nobody. */
  get isFrozen(): boolean {
    return this.frozen && this.running;
  }

  /** The exit code, or the name of the signal that ended it; undefined while it runs. */
  get outcome(): number | NodeJS.Signals | undefined {
    return this.child.signalCode ?? this.child.exitCode ?? undefined;
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

  /** Has it read the end of its standard input. */
  endInput(): void {
    this.child.stdin?.end();
  }

  /** Sends a signal; does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (!this.running) return;
    if (signal === 'SIGSTOP') this.frozen = true;
    if (signal === 'SIGCONT') this.frozen = false;
    this.child.kill(signal);
  }

  /** Sends a signal to it and to those that it has started, which may outlive it. */
  signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // All of them have ended.
    }
  }

  private wake(): void {
    for (const look of [...this.waiting]) look();
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function unref(stream: object & { unref?: unknown }): void {
  if (typeof stream.unref === 'function') stream.unref();
}
