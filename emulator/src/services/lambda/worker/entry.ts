import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { parentPort, workerData } from 'node:worker_threads';
import { emulatorAt } from '../../../user-code/emulator-address';
import { installMounts } from '../../../user-code/mounts/install-mounts';
import { Sockets } from '../../../user-code/sockets';
import { Activity } from './activity';
import { countCalls, redirectPortlessRequests } from './calls';
import { FunctionOutput } from './console';
import { loggedError, reportedError, runtimeError } from './errors';
import { type FunctionTime, installTime } from './function-time';
import { type Handler, loadHandler } from './handler';
import { runHandler } from './invocation';
import type {
  InvokeMessage,
  MessageFromWorker,
  MessageToWorker,
  ReportedError,
  WorkerStart,
} from './messages';
import { trustAuthority } from './trust';

/** The first code of a function's thread: prepares what the function finds, loads it, and serves invocations. */
class FunctionRuntime {
  private readonly time: FunctionTime;
  private readonly activity: Activity;
  private readonly output: FunctionOutput;
  private handler: Handler | undefined;
  private current: InvokeMessage | undefined;

  constructor(
    private readonly start: WorkerStart,
    private readonly post: (message: MessageFromWorker) => void,
  ) {
    const isEmulator = emulatorAt(start.endpoint);
    const sockets = new Sockets(isEmulator, () => {
      this.time.catchUp();
      this.activity.changed();
    });
    this.time = installTime(start.clock, () => sockets.openCount() > 0);
    const counting = start.actorId !== undefined;
    this.activity = new Activity(
      this.time,
      counting && start.clock.kind === 'real',
      () => sockets.openCount(),
      counting ? (report) => post({ kind: 'idle', report }) : undefined,
    );
    this.output = new FunctionOutput(
      { format: start.logFormat, level: start.logLevel },
      () => this.time.now(),
      (text) => post({ kind: 'log', time: this.time.now(), text }),
    );
    if (start.certificateAuthority !== undefined) trustAuthority(start.certificateAuthority);
    redirectPortlessRequests(start.endpoint);
    if (start.actorId !== undefined) {
      countCalls(start.actorId, isEmulator, this.activity);
    }
    if (counting || start.clock.kind === 'scaled') sockets.install();
    this.output.install();
    if (start.mounts.length > 0) installMounts(start.mounts);
    this.keepToOneself();
    syncBuiltinESMExports();
  }

  /** Loads the function: its initialisation. */
  async load(): Promise<void> {
    let error: ReportedError | undefined;
    try {
      this.handler = await loadHandler(this.start.codeDirectory, this.start.handler);
      if (!this.start.callbacks && this.handler.length > 2)
        error = {
          errorType: 'Runtime.CallbackHandlerDeprecated',
          errorMessage:
            'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
            'You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
          trace: [],
        };
    } catch (thrown) {
      error = reportedError(thrown);
    }
    if (error) this.output.write('ERROR', [`Uncaught Exception \t${loggedError(error)}`]);
    this.post({ kind: 'started', sequence: this.activity.nextSequence(), error });
    this.activity.freeze();
  }

  receive(message: MessageToWorker): void {
    if (message.kind === 'tick') {
      this.time.tick();
      this.activity.acknowledge();
      return;
    }
    this.time.thaw();
    this.activity.thaw();
    this.activity.acknowledge();
    void this.invoke(message);
  }

  private async invoke(message: InvokeMessage): Promise<void> {
    const { handler } = this;
    if (!handler) return;
    this.current = message;
    this.output.requestId = message.requestId;
    process.env._X_AMZN_TRACE_ID = message.traceId;
    const outcome = await runHandler(handler, message, this.start, () => this.time.now());
    if (outcome.error) this.output.write('ERROR', [`Invoke Error \t${loggedError(outcome.error)}`]);
    this.finish(message, outcome.payload, outcome.error, false);
  }

  private finish(
    message: InvokeMessage,
    payload: string | undefined,
    error: ReportedError | undefined,
    fatal: boolean,
  ): void {
    if (this.current !== message) return;
    this.current = undefined;
    this.output.flush();
    const sequence = this.activity.nextSequence();
    this.post({ kind: 'result', requestId: message.requestId, sequence, payload, error, fatal });
    this.activity.freeze();
  }

  /** What would reach beyond the thread, or end it without a reason being known. */
  private keepToOneself(): void {
    const kill = process.kill;
    process.kill = (pid, signal) => {
      // The thread shares its process with the emulator: a function that kills itself ends its thread.
      if (pid !== process.pid || signal === 0) return kill(pid, signal);
      process.exit(137);
    };
    process.removeAllListeners('warning');
    process.on('warning', ({ name, message }) => {
      // The SDK means the host's Node.js; what the function asked for is in its settings.
      if (!message.startsWith('NodeVersionSupportWarning'))
        process.stderr.write(`(node:2) ${name}: ${message}\n`);
    });
    process.on('unhandledRejection', (reason) =>
      this.crash(runtimeError('Runtime.UnhandledPromiseRejection', reason)),
    );
    process.on('uncaughtException', (error) => this.crash(reportedError(error)));
  }

  private crash(error: ReportedError): void {
    this.output.write('ERROR', [`Uncaught Exception \t${loggedError(error)}`]);
    if (this.current) this.finish(this.current, undefined, error, true);
    process.exit(128);
  }
}

function main(): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread');
  const start = workerData as WorkerStart;
  // On Lambda a function is the main thread of its process; our messages are not its business.
  Object.assign(workerThreads, { isMainThread: true, parentPort: null, workerData: null });
  const runtime = new FunctionRuntime(start, (message) => port.postMessage(message));
  port.on('message', (message: MessageToWorker) => runtime.receive(message));
  void runtime.load();
}

main();
