import fs from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { RemoteActor, type RemoteActors } from '../../clock/call-gate';
import { type Clock, isManual, type Timer } from '../../clock/clock';
import { underTestRunner } from '../../clock/test-runner';
import type { Caller } from '../../iam/caller';
import type { SessionCredentials } from '../../iam/identities';
import { ServiceError } from '../../protocol/errors';
import type { Mount } from '../../user-code/mounts/mounted-paths';
import type { FunctionVersion } from './function';
import { functionEnvironment } from './function-environment';
import type { FunctionLog } from './function-log';
import { nodeMajor } from './runtimes';
import type {
  FunctionClock,
  InvokeMessage,
  MessageFromWorker,
  ReportedError,
  WorkerStart,
} from './worker/messages';
import { workerModule } from './worker-entry';

/** What every execution environment needs of its surroundings. */
export interface EnvironmentHost {
  readonly clock: Clock;
  readonly remoteActors: RemoteActors;
  /** Whether functions see emulated time or the host's. */
  readonly functionTime: 'emulated' | 'real';
  endpoint(): Promise<string>;
  scratchDirectory(): Promise<string>;
  /** PEM file of the local certificate authority. */
  certificateAuthorityFile(): Promise<string | undefined>;
  /**
   * Mounts the file system of a function on the rights of its role; undefined if it has none.
   *
   * @throws ServiceError if it cannot be mounted
   */
  mount(version: FunctionVersion, caller: Caller): Promise<Mount | undefined>;
}

/** What came of one invocation in an environment. */
export type EnvironmentOutcome =
  | { readonly kind: 'success'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: ReportedError }
  | { readonly kind: 'timeout' };

/** Sorts after everything that a function does itself. */
const lastSequence = Number.MAX_SAFE_INTEGER;

/** Real or, on the manual clock, emulated milliseconds. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const initialisationLimit = 10_000;

const initialisationTimeout: ReportedError = {
  errorType: 'Sandbox.Timedout',
  errorMessage: `Error: Task timed out after ${(initialisationLimit / 1000).toFixed(2)} seconds`,
  trace: [],
};

/** A thread with a function loaded, that serves one invocation at a time. */
export class ExecutionEnvironment {
  private readonly actor: RemoteActor;
  private worker: Worker | undefined;
  private loaded: ((error: ReportedError | undefined) => void) | undefined;
  private running: ((outcome: EnvironmentOutcome) => void) | undefined;
  private timer: Timer | undefined;
  private remove: (() => void) | undefined;
  private killed = false;
  private dead = false;
  /** Why it could not be set up, in words for whoever invokes the function. */
  private refused: ServiceError | undefined;

  /** @param id - unique, and the same in every run */
  constructor(
    readonly id: string,
    readonly version: FunctionVersion,
    private readonly host: EnvironmentHost,
    readonly credentials: SessionCredentials,
    readonly log: FunctionLog,
  ) {
    this.actor = new RemoteActor(id, host.clock.actors, () => {
      this.worker?.postMessage({ kind: 'tick' });
    });
  }

  /** Whether it can serve another invocation. */
  get usable(): boolean {
    return !this.dead;
  }

  /** Why Lambda could not mount the function's file system, which is no error of the function. */
  get refusal(): ServiceError | undefined {
    return this.refused;
  }

  /** Starts the thread and loads the function; the result is why that failed. */
  async start(): Promise<ReportedError | undefined> {
    const loaded = new Promise<ReportedError | undefined>((resolve) => {
      this.loaded = resolve;
    });
    // Only until the thread runs: what it does while it loads the function, calls of its own included, its reports tell.
    const failure = await this.host.clock.work(`start of ${this.id}`, () =>
      this.startThread().then(
        () => undefined,
        (reason: unknown) => {
          if (reason instanceof ServiceError) this.refused = reason;
          return startFailure(reason);
        },
      ),
    );
    const error = failure ?? (await loaded);
    this.timer?.cancel();
    if (error) await this.terminate();
    return error;
  }

  /** @param timeoutAfter - emulated milliseconds */
  invoke(message: InvokeMessage, timeoutAfter: number): Promise<EnvironmentOutcome> {
    return new Promise((resolve) => {
      this.running = resolve;
      this.timer = this.host.clock.after(timeoutAfter, `timeout of ${this.id}`, () =>
        this.timeout(),
      );
      this.actor.notePosted();
      this.worker?.postMessage(message);
    });
  }

  /** Kills the thread in the middle of whatever it does, as a fault of the machine would. */
  async kill(): Promise<void> {
    this.killed = true;
    await this.terminate();
  }

  /** Ends the thread, as Lambda does with an environment that it no longer needs. */
  async terminate(): Promise<void> {
    this.dead = true;
    this.actor.noteEnded();
    await this.host.clock.work(`end of ${this.id}`, async () => {
      await this.worker?.terminate();
    });
    this.forget();
  }

  private async startThread(): Promise<void> {
    const { env, data } = await this.prepare();
    const worker = new Worker(workerModule('entry'), {
      env,
      workerData: data,
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.version.settings.memorySize },
    });
    if (underTestRunner) worker.unref();
    this.worker = worker;
    this.remove = this.host.remoteActors.add(this.actor);
    this.timer = this.host.clock.after(
      initialisationLimit * (this.host.clock.rate || 1),
      `initialisation of ${this.id}`,
      () => this.loaded?.(initialisationTimeout),
    );
    worker.on('message', (message: MessageFromWorker) => this.receive(message));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', (code) => this.exited(code));
    // Whatever writes past the function's own streams.
    for (const stream of [worker.stdout, worker.stderr])
      stream.on('data', (chunk: Buffer) =>
        this.log.write(this.host.clock.now(), chunk.toString('utf8').trimEnd()),
      );
  }

  private async prepare(): Promise<{ env: NodeJS.ProcessEnv; data: WorkerStart }> {
    const { version, host } = this;
    const { settings } = version;
    const endpoint = await host.endpoint();
    const mount = await host.mount(version, this.credentials.caller);
    const authority = await host.certificateAuthorityFile();
    const temporary = path.join(await host.scratchDirectory(), 'lambda', 'tmp', this.id);
    await fs.mkdir(temporary, { recursive: true });
    return {
      env: functionEnvironment(version, this.credentials, {
        endpoint,
        temporary,
        certificateAuthorityFile: authority,
        logGroup: this.log.group,
        logStream: this.log.stream,
      }),
      data: {
        actorId: host.clock.actors.rounds ? this.actor.id : undefined,
        clock: this.functionClock(),
        endpoint,
        certificateAuthority:
          authority === undefined ? undefined : await fs.readFile(authority, 'utf8'),
        mounts: mount ? [mount] : [],
        codeDirectory: version.code.directory,
        handler: settings.handler,
        functionName: version.functionName,
        functionVersion: version.version,
        memorySize: settings.memorySize,
        logGroup: this.log.group,
        logStream: this.log.stream,
        logFormat: settings.logging.format,
        logLevel: settings.logging.applicationLevel,
        callbacks: nodeMajor(settings.runtime) < 24,
      },
    };
  }

  private functionClock(): FunctionClock {
    const { clock, functionTime } = this.host;
    if (functionTime === 'real') return { kind: 'real' };
    if (isManual(clock)) return { kind: 'emulated', time: clock.sharedTime };
    return clock.rate === 1
      ? { kind: 'real' }
      : { kind: 'scaled', rate: clock.rate, now: clock.now() };
  }

  private receive(message: MessageFromWorker): void {
    switch (message.kind) {
      case 'started':
        this.actor.hold(message.sequence, () => this.loaded?.(message.error));
        break;
      case 'log':
        this.log.write(message.time, message.text);
        break;
      case 'idle':
        this.actor.noteReport(message.report);
        break;
      case 'result': {
        const { error, payload = 'null' } = message;
        if (message.fatal) this.dead = true;
        this.timer?.cancel();
        this.actor.hold(message.sequence, () =>
          this.settle(error ? { kind: 'error', error } : { kind: 'success', payload }),
        );
      }
    }
  }

  private fail(error: Error & { code?: string }): void {
    this.killed ||= error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.log.write(this.host.clock.now(), `${error.stack ?? error}`);
  }

  /** The thread has ended by itself, or was ended. */
  private exited(code: number): void {
    this.dead = true;
    this.timer?.cancel();
    this.actor.noteEnded();
    const error = exitError(code, this.killed);
    this.actor.hold(lastSequence, () => {
      this.loaded?.(error);
      this.settle({ kind: 'error', error });
      this.forget();
    });
  }

  private timeout(): void {
    this.settle({ kind: 'timeout' });
    void this.terminate();
  }

  private settle(outcome: EnvironmentOutcome): void {
    this.timer?.cancel();
    const { running } = this;
    this.running = undefined;
    running?.(outcome);
  }

  private forget(): void {
    this.remove?.();
    this.remove = undefined;
  }
}

/** What kept the emulator from starting a thread, told to the caller and in the log rather than to nobody. */
function startFailure(reason: unknown): ReportedError {
  return {
    errorType: reason instanceof ServiceError ? reason.code : 'Sandbox.StartFailed',
    errorMessage: reason instanceof Error ? reason.message : String(reason),
    trace: [],
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
function exitError(code: number, killed: boolean): ReportedError {
  const reason =
    killed || code === 137
      ? 'Runtime exited with error: signal: killed'
      : code === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: exit status ${code}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `Error: ${reason}`, trace: [] };
}
