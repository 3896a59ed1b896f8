import type { Caller } from '../../iam/caller';
import type { FunctionVersion } from './function';
import type { LogLine, LogSink } from './log-sink';

const tailBytes = 4096;

/** Where an execution environment's output goes: its log stream, the tail of an invocation, the terminal. */
export class FunctionLog {
  private tail: string[] | undefined;

  /**
   * @param stream - name of the log stream
   * @param caller - the function's role, which needs the rights to write
   * @param print - shows a line on the terminal; undefined to show none
   */
  constructor(
    private readonly version: FunctionVersion,
    readonly stream: string,
    private readonly sink: LogSink,
    private readonly caller: Caller,
    private readonly print: ((line: string) => void) | undefined,
  ) {}

  get group(): string {
    return this.version.settings.logging.group;
  }

  write(timestamp: number, text: string): void {
    const line: LogLine = { timestamp, message: text };
    const { account, region } = this.version;
    this.sink.write(
      { account, region, group: this.group, stream: this.stream },
      [line],
      this.caller,
    );
    this.tail?.push(text);
    this.print?.(`[${this.version.functionName}] ${text}`);
  }

  /** Writes the line that opens the life of an environment; it says which Node.js really runs. */
  initialise(now: number): void {
    const runtimeVersion = `${this.version.settings.runtime} (on Node.js ${process.versions.node})`;
    this.platform(
      now,
      'platform.initStart',
      { initializationType: 'on-demand', phase: 'init', runtimeVersion },
      () => `INIT_START Runtime Version: ${runtimeVersion}`,
    );
  }

  /** Writes the line that opens an invocation, and keeps what follows. */
  start(now: number, requestId: string): void {
    this.tail = [];
    const { version } = this.version;
    this.platform(
      now,
      'platform.start',
      { requestId, version },
      () => `START RequestId: ${requestId} Version: ${version}`,
    );
  }

  /**
   * Writes the lines that close an invocation.
   *
   * @param duration - milliseconds
   * @param initDuration - milliseconds; undefined on a warm start
   * @returns the last 4 KB of what the invocation has written
   */
  end(
    now: number,
    requestId: string,
    duration: number,
    initDuration: number | undefined,
    status: 'success' | 'error' | 'timeout',
  ): Uint8Array {
    const billed = Math.ceil(duration + (initDuration ?? 0));
    const { memorySize } = this.version.settings;
    if (this.version.settings.logging.format === 'Text')
      this.write(now, `END RequestId: ${requestId}`);
    this.platform(
      now,
      'platform.report',
      {
        requestId,
        metrics: {
          durationMs: duration,
          billedDurationMs: billed,
          memorySizeMB: memorySize,
          ...(initDuration !== undefined && { initDurationMs: initDuration }),
        },
        status,
      },
      () =>
        [
          `REPORT RequestId: ${requestId}`,
          `Duration: ${duration.toFixed(2)} ms`,
          `Billed Duration: ${billed} ms`,
          `Memory Size: ${memorySize} MB`,
          ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
          ...(status === 'timeout' ? ['Status: timeout'] : []),
        ].join('\t'),
    );
    const text = Buffer.from(`${(this.tail ?? []).join('\n')}\n`);
    this.tail = undefined;
    return text.subarray(Math.max(0, text.length - tailBytes));
  }

  /** A line of Lambda's own, in the function's log format; in JSON format warnings alone when asked. */
  private platform(now: number, type: string, record: object, text: () => string): void {
    const { format, systemLevel } = this.version.settings.logging;
    if (format === 'Text') this.write(now, text());
    else if (systemLevel !== 'WARN')
      this.write(now, JSON.stringify({ time: new Date(now).toISOString(), type, record }));
  }
}
