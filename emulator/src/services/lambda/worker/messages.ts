import type { IdleReport } from '../../../clock/call-gate';
import type { Mount } from '../../../user-code/mounts/mounted-paths';

/** How a function sees time. */
export type FunctionClock =
  /** As the host does. */
  | { readonly kind: 'real' }
  /** It passes `rate` times as fast as the host's. */
  | { readonly kind: 'scaled'; readonly rate: number; readonly now: number }
  /** It moves only when the emulator says so; `time` holds it, in shared memory. */
  | { readonly kind: 'emulated'; readonly time: SharedArrayBuffer };

/** What a worker is started with. */
export interface WorkerStart {
  /** Name of the actor that its calls are counted for; undefined where nothing is counted. */
  readonly actorId: string | undefined;
  readonly clock: FunctionClock;
  /** URL of the emulator: calls to any other place are outside input and output. */
  readonly endpoint: string;
  /** PEM of the local certificate authority, which the function trusts beside the public ones. */
  readonly certificateAuthority: string | undefined;
  /** File systems that the function finds below `/mnt`. */
  readonly mounts: readonly Mount[];
  /** Where the function's code is. */
  readonly codeDirectory: string;
  /** `file.export`. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memorySize: number;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logFormat: 'Text' | 'JSON';
  /** The lowest level that is logged in JSON format. */
  readonly logLevel: LogLevel;
  /** Whether the runtime still takes handlers with a callback: Node.js 22 and earlier. */
  readonly callbacks: boolean;
}

/** The levels of Lambda's application logs, lowest first. */
export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** A level of Lambda's application logs. */
export type LogLevel = (typeof logLevels)[number];

/** An event for the function. */
export interface InvokeMessage {
  readonly kind: 'invoke';
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly functionArn: string;
  /** How many milliseconds of the function's own time it may take. */
  readonly timeout: number;
  /** JSON; what the caller passed as ClientContext. */
  readonly clientContext: string | undefined;
  readonly traceId: string;
}

/** Fires the function's timers that are due. */
export interface TickMessage {
  readonly kind: 'tick';
}

export type MessageToWorker = InvokeMessage | TickMessage;

/** An error as Lambda's Node.js runtime reports it. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** The worker has loaded the function, or could not. */
export interface StartedMessage {
  readonly kind: 'started';
  /** Position among the function's calls to the emulator. */
  readonly sequence: number;
  readonly error: ReportedError | undefined;
}

/** One line of the function's log. */
export interface LogMessage {
  readonly kind: 'log';
  /** In the function's own time. */
  readonly time: number;
  readonly text: string;
}

/** What came of an invocation. */
export interface ResultMessage {
  readonly kind: 'result';
  readonly requestId: string;
  /** Position among the function's calls to the emulator. */
  readonly sequence: number;
  /** JSON; undefined on error. */
  readonly payload: string | undefined;
  readonly error: ReportedError | undefined;
  /** Whether the worker cannot go on, as after an unhandled rejection. */
  readonly fatal: boolean;
}

/** The worker has nothing to do. */
export interface IdleMessage {
  readonly kind: 'idle';
  readonly report: IdleReport;
}

export type MessageFromWorker = StartedMessage | LogMessage | ResultMessage | IdleMessage;
