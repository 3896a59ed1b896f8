import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How much of what a program prints is kept for the error that it ended: characters. */
const kept = 4000;

/** How a program in Java is run. */
export interface JavaProgramOptions {
  /** A source file in this folder, which Java compiles as it starts. */
  readonly source: string;
  readonly classPath: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Such as `java.home=/usr`. */
  readonly properties?: readonly string[];
  /** Called with each line that it prints. */
  readonly onLine: (line: string) => void;
  /** Called if it ends before it was told to, with what it printed last. */
  readonly onFailure: (reason: Error) => void;
}

/** A program in Java that is told what to do by its standard input, and ends with that. */
export class JavaProgram {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<unknown>;
  private told = false;
  private printed = '';

  constructor(private readonly options: JavaProgramOptions) {
    const { JAVA_HOME, PATH, TMPDIR } = process.env;
    const { classPath, environment, onFailure, onLine, properties = [], source } = options;
    this.child = spawn(
      JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java',
      [
        ...properties.map((property) => `-D${property}`),
        '-cp',
        classPath,
        join(__dirname, source),
        ...options.arguments,
      ],
      { env: { PATH, TMPDIR, ...environment } },
    );
    this.closed = once(this.child, 'close').then(() => {
      if (!this.told) onFailure(this.failure());
    }, onFailure);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (chunk) => {
        this.printed = (this.printed + chunk).slice(-kept);
      });
    createInterface({ input: this.child.stdout }).on('line', onLine);
  }

  writeLine(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /**
   * Ends its input.
   *
   * @throws Error with what it printed last if it ends with anything but 0.
   */
  async end(): Promise<void> {
    this.told = true;
    this.child.stdin.end();
    await this.closed;
    if (this.child.exitCode !== 0) throw this.failure();
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    this.told = true;
    this.child.kill('SIGKILL');
    await this.closed;
  }

  private failure(): Error {
    const { exitCode, signalCode } = this.child;
    return new Error(
      `${this.options.source} ended with ${exitCode ?? signalCode}: ${this.printed}`,
    );
  }
}
