import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

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
}

/** A program in Java that is told what to do by its standard input, and ends with that. */
export class JavaProgram {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<unknown>;
  private errors = '';

  constructor({ source, classPath, properties = [], ...options }: JavaProgramOptions) {
    const { JAVA_HOME, PATH, TMPDIR } = process.env;
    this.child = spawn(
      JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java',
      [
        ...properties.map((property) => `-D${property}`),
        '-cp',
        classPath,
        join(__dirname, source),
        ...options.arguments,
      ],
      { env: { PATH, TMPDIR, ...options.environment } },
    );
    this.closed = once(this.child, 'close');
    this.child.stderr.on('data', (chunk) => {
      this.errors += chunk;
    });
    createInterface({ input: this.child.stdout }).on('line', options.onLine);
  }

  writeLine(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /**
   * Ends its input.
   *
   * @throws Error with what it printed if it ends with anything but 0.
   */
  async end(): Promise<void> {
    this.child.stdin.end();
    await this.closed;
    if (this.child.exitCode !== 0)
      throw new Error(`a program in Java ended with ${this.child.exitCode}: ${this.errors}`);
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
