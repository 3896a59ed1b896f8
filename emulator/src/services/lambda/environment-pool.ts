import type { Identities } from '../../iam/identities';
import type { RandomSource } from '../../random/random';
import { type EnvironmentHost, ExecutionEnvironment } from './execution-environment';
import type { FunctionVersion } from './function';
import { FunctionLog } from './function-log';
import type { LogSink } from './log-sink';

/** Seconds for which the credentials of an environment are valid, at least. */
const credentialLifetime = 12 * 60 * 60;

/** What a pool makes environments with. */
export interface PoolHost extends EnvironmentHost {
  readonly identities: Identities;
  readonly random: RandomSource;
  readonly logs: LogSink;
  /** Shows a function's output; undefined to show none. */
  readonly print: ((line: string) => void) | undefined;
}

/** The execution environments of one version of a function: warm ones are used again, the latest first. */
export class EnvironmentPool {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly busy = new Set<ExecutionEnvironment>();
  private closed = false;
  private coldStarts = 0;

  /** @param prefix - of the environments' ids: unique to the pool, and the same in every run */
  constructor(
    private readonly prefix: string,
    private readonly version: FunctionVersion,
    private readonly host: PoolHost,
  ) {}

  /** How many environments have been started. */
  get started(): number {
    return this.coldStarts;
  }

  /** Whether an invocation has not ended. */
  get isBusy(): boolean {
    return this.busy.size > 0;
  }

  /**
   * A warm environment, or a new one that is yet to be started.
   *
   * @returns `fresh` tells that {@link ExecutionEnvironment.start} is due
   */
  take(): { environment: ExecutionEnvironment; fresh: boolean } {
    const soon = this.host.clock.now() + this.longestInvocation;
    for (;;) {
      const environment = this.idle.pop();
      if (!environment) break;
      if (environment.usable && environment.credentials.expiration > soon) {
        this.busy.add(environment);
        return { environment, fresh: false };
      }
      this.retire(environment);
    }
    const environment = this.create();
    this.busy.add(environment);
    return { environment, fresh: true };
  }

  /** Gives an environment back, to be used again if it still can be. */
  release(environment: ExecutionEnvironment): void {
    this.busy.delete(environment);
    if (environment.usable && !this.closed) this.idle.push(environment);
    else this.retire(environment);
  }

  /** Ends the idle environments now and the busy ones when they have finished. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map((environment) => this.retire(environment)));
  }

  /** Ends every environment in the middle of whatever it does. */
  async kill(): Promise<void> {
    const environments = [...this.idle.splice(0), ...this.busy];
    await Promise.all(environments.map((environment) => environment.kill()));
  }

  private retire(environment: ExecutionEnvironment): Promise<void> {
    this.host.identities.closeSession(environment.credentials.accessKeyId);
    return environment.terminate();
  }

  /** Emulated milliseconds: a timeout is real time where the clock runs by itself. */
  private get longestInvocation(): number {
    return this.version.settings.timeout * 1000 * (this.host.clock.rate || 1);
  }

  private create(): ExecutionEnvironment {
    const { version, host } = this;
    this.coldStarts += 1;
    const id = `${this.prefix}/${String(this.coldStarts).padStart(6, '0')}`;
    const credentials = host.identities.openSession(
      version.settings.role,
      version.functionName,
      credentialLifetime + this.longestInvocation / 1000,
    );
    const log = new FunctionLog(
      version,
      this.logStream(id),
      host.logs,
      credentials.caller,
      host.print,
    );
    return new ExecutionEnvironment(id, version, host, credentials, log);
  }

  /** Such as `2035/01/01/[$LATEST]0123456789abcdef0123456789abcdef`. */
  private logStream(id: string): string {
    const day = new Date(this.host.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    return `${day}/[${this.version.version}]${this.host.random.stream(id).hex(32)}`;
  }
}
