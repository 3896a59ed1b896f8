import type { Clock, Timer } from '../../../clock/clock';
import type { Caller } from '../../../iam/caller';
import { ServiceError } from '../../../protocol/errors';
import type { Instance } from '../instances/instance';
import type { ConsoleOutput } from './console-output';

/** One line that a program has printed. */
interface LogLine {
  /** Emulated milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** CloudWatch Logs, as far as instances need it. */
export interface InstanceLogs {
  /** Appends to a stream, which is made where it is missing. What the caller may not write is lost. */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly LogLine[],
    caller: Caller,
  ): void;
}

/** What an agent works with. */
export interface LogAgentSurroundings {
  readonly clock: Clock;
  readonly logs: InstanceLogs;
  readonly console: ConsoleOutput;
  /** The instance's role. @throws ServiceError if there is none */
  readonly caller: () => Caller;
}

/**
 * Emulated milliseconds for which lines are collected: `force_flush_interval`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
 */
const flushInterval = 5_000;

/**
 * Sends what an instance's program prints to a log group, line by line, as the instance's role, in a stream of the
 * instance's id: what the CloudWatch agent does on AWS.
 */
export class LogAgent {
  private lines: LogLine[] = [];
  /** The beginning of a line that has not ended. */
  private begun = '';
  private timer: Timer | undefined;

  constructor(
    private readonly instance: Instance,
    private readonly group: string,
    private readonly surroundings: LogAgentSurroundings,
  ) {}

  /** Takes what the program prints. */
  write(text: string): void {
    const { clock } = this.surroundings;
    const [begun = '', ...ended] = (this.begun + text).split(/\r?\n/).reverse();
    this.begun = begun;
    const timestamp = clock.now();
    for (const message of ended.reverse())
      if (message !== '') this.lines.push({ timestamp, message });
    if (this.lines.length > 0)
      this.timer ??= clock.after(flushInterval, `logs of ${this.instance.id}`, () => this.send());
  }

  /** Sends what it has, as an agent does that is told to leave. */
  flush(): void {
    if (this.begun !== '') this.write('\n');
    this.send();
  }

  /** Forgets what it has: a loss of power. */
  drop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.lines = [];
    this.begun = '';
  }

  private send(): void {
    const { caller, console, logs } = this.surroundings;
    const { account, id, region } = this.instance;
    const lines = this.lines;
    this.timer?.cancel();
    this.timer = undefined;
    this.lines = [];
    if (lines.length === 0) return;
    try {
      logs.write({ account, region, group: this.group, stream: id }, lines, caller());
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      console.say(`amazon-cloudwatch-agent: ${error.message}`);
    }
  }
}
