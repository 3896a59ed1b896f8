import { format } from 'node:util';
import { type LogLevel, logLevels } from './messages';

/** What the function's output looks like. */
export interface OutputFormat {
  readonly format: 'Text' | 'JSON';
  /** The lowest level that is written in JSON format. */
  readonly level: LogLevel;
}

type ConsoleMethod = 'trace' | 'debug' | 'log' | 'info' | 'warn' | 'error';

const levelOf: Readonly<Record<ConsoleMethod, LogLevel>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
};

/**
 * The function's console and standard streams, as Lambda's Node.js runtime writes them to its log.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export class FunctionOutput {
  /** The invocation that is running; none while the function is being loaded. */
  requestId: string | undefined;
  private partial = '';

  constructor(
    private readonly options: OutputFormat,
    private readonly now: () => number,
    private readonly emit: (text: string) => void,
  ) {}

  /** Replaces the console's methods and what writes to the standard streams. */
  install(): void {
    for (const method of Object.keys(levelOf) as ConsoleMethod[])
      console[method] = (...values: unknown[]) => this.write(levelOf[method], values);
    Object.assign(console, { fatal: (...values: unknown[]) => this.write('FATAL', values) });
    for (const stream of [process.stdout, process.stderr]) {
      stream.write = (chunk: unknown, ...rest: unknown[]): boolean => {
        this.raw(chunk instanceof Uint8Array ? Buffer.from(chunk).toString('utf8') : String(chunk));
        const callback = rest.find((value) => typeof value === 'function');
        if (callback) process.nextTick(callback);
        return true;
      };
    }
  }

  /** Writes a line in the configured format. */
  write(level: LogLevel, values: readonly unknown[]): void {
    const timestamp = new Date(this.now()).toISOString();
    if (this.options.format === 'Text') {
      this.emit(`${timestamp}\t${this.requestId}\t${level}\t${format(...values)}`);
      return;
    }
    if (logLevels.indexOf(level) < logLevels.indexOf(this.options.level)) return;
    const error = values.find((value) => value instanceof Error);
    this.emit(
      JSON.stringify({
        timestamp,
        level,
        requestId: this.requestId,
        message: values.length === 1 && isPlainObject(values[0]) ? values[0] : format(...values),
        ...(error && {
          errorType: error.name,
          errorMessage: error.message,
          stackTrace: error.stack?.split('\n').slice(1) ?? [],
        }),
      }),
    );
  }

  /** What is left of a line that was never ended. */
  flush(): void {
    if (this.partial !== '') this.emit(this.partial);
    this.partial = '';
  }

  /** Text written to a standard stream: each line is an event of the log. */
  private raw(text: string): void {
    const lines = (this.partial + text).split('\n');
    this.partial = lines.pop() ?? '';
    for (const line of lines) this.emit(line);
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}
