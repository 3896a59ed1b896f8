import type { Clock } from '../../clock/clock';
import { NotImplementedError, type ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import type { Concurrency } from './concurrency';
import { EnvironmentPool, type PoolHost } from './environment-pool';
import { type ThrottleReason, throttled } from './errors';
import type { EnvironmentOutcome, ExecutionEnvironment } from './execution-environment';
import type { FunctionVersion } from './function';
import { functionArn } from './function-arn';
import type { FunctionMetrics } from './function-metrics';
import type { RuntimeNotice } from './runtimes';
import type { ReportedError } from './worker/messages';

/** Bytes of a synchronous answer. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const responseLimit = 6_291_556;

/** What is to be run. */
export interface InvocationRequest {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  /** ARN as the caller named it, qualifier included. */
  readonly invokedArn?: string;
  /** JSON. */
  readonly clientContext?: string;
}

/** What came of an invocation that was not turned away. */
export interface InvocationResult {
  /** JSON: the handler's result or, with {@link functionError}, a description of the error. */
  readonly payload: string;
  readonly functionError: 'Unhandled' | undefined;
  /** What whoever invokes the function directly gets in place of an answer: Lambda could not set it up. */
  readonly refusal: ServiceError | undefined;
  readonly executedVersion: string;
  /** The last 4 KB of the log. */
  readonly logTail: Uint8Array;
}

/** Runs functions of an account in a region: finds them a place, an environment, and the words for what went wrong. */
export class Invoker {
  private readonly pools = new Map<FunctionVersion, EnvironmentPool>();
  /** Those of versions that are no more, while an invocation has not ended. */
  private readonly retiring = new Set<EnvironmentPool>();
  private poolCount = 0;

  constructor(
    private readonly concurrency: Concurrency,
    private readonly host: PoolHost & { readonly clock: Clock; readonly random: RandomSource },
    private readonly notice: RuntimeNotice,
    private readonly metrics: FunctionMetrics,
  ) {}

  /**
   * Takes a place for an invocation of a function, which {@link run} gives back.
   *
   * @returns why there is none
   */
  reserve(name: string): ThrottleReason | undefined {
    const reason = this.concurrency.acquire(name);
    const now = this.host.clock.now();
    if (reason) this.metrics.throttled(name, now);
    else this.metrics.admitted(name, now, this.concurrency.runningOf(name));
    return reason;
  }

  /** A batch of a stream is handed to a function. @param age - milliseconds since the stream took its last record */
  handedOver(name: string, age: number): void {
    this.metrics.handedOver(name, this.host.clock.now(), age);
  }

  /** @throws ServiceError TooManyRequestsException */
  async invoke(version: FunctionVersion, request: InvocationRequest): Promise<InvocationResult> {
    const reason = this.reserve(version.functionName);
    if (reason) throw throttled(reason);
    return this.run(version, request);
  }

  /** Runs an invocation for which a place has been taken. */
  async run(version: FunctionVersion, request: InvocationRequest): Promise<InvocationResult> {
    try {
      refuseRecorded(version);
      this.notice.tell(version.settings.runtime);
      return await this.runInPool(this.poolOf(version), request);
    } finally {
      this.concurrency.release(version.functionName);
    }
  }

  /** How many environments have been started for a version since it was made. */
  coldStarts(version: FunctionVersion): number {
    return this.pools.get(version)?.started ?? 0;
  }

  /** Lets go of the environments of versions that are no more. */
  async retire(versions: Iterable<FunctionVersion>): Promise<void> {
    for (const version of versions) {
      const pool = this.pools.get(version);
      if (!pool) continue;
      this.pools.delete(version);
      if (pool.isBusy) this.retiring.add(pool);
      await pool.close();
    }
  }

  /** Kills every environment of a function. */
  async kill(functionName: string): Promise<void> {
    for (const [version, pool] of this.pools)
      if (version.functionName === functionName) await pool.kill();
  }

  async stop(): Promise<void> {
    const pools = [...this.pools.values(), ...this.retiring];
    this.pools.clear();
    this.retiring.clear();
    await Promise.all(
      pools.map(async (pool) => {
        await pool.close();
        await pool.kill();
      }),
    );
  }

  private async runInPool(
    pool: EnvironmentPool,
    request: InvocationRequest,
  ): Promise<InvocationResult> {
    const { environment, fresh } = pool.take();
    try {
      return await this.runIn(environment, fresh, request);
    } finally {
      pool.release(environment);
      if (!pool.isBusy) this.retiring.delete(pool);
    }
  }

  private async runIn(
    environment: ExecutionEnvironment,
    fresh: boolean,
    request: InvocationRequest,
  ): Promise<InvocationResult> {
    const { clock } = this.host;
    const { version, log } = environment;
    const { requestId } = request;
    const initStart = clock.now();
    if (fresh) log.initialise(initStart);
    const startError = fresh ? await environment.start() : undefined;
    const initDuration = fresh ? this.elapsed(initStart) : undefined;
    const start = clock.now();
    log.start(start, requestId);
    const outcome: EnvironmentOutcome = startError
      ? { kind: 'error', error: startError }
      : await environment.invoke(
          {
            kind: 'invoke',
            requestId,
            payload: request.payload,
            functionArn: request.invokedArn ?? arnOf(version),
            timeout: version.settings.timeout * 1000,
            clientContext: request.clientContext,
            traceId: this.traceId(),
          },
          // Emulated time on the manual clock; real time on the others, where a cold start takes real time too.
          version.settings.timeout * 1000 * (clock.rate || 1),
        );
    const error = this.errorOf(outcome, version, requestId);
    if (startError) log.write(clock.now(), `${startError.errorType} ${startError.errorMessage}`);
    if (outcome.kind === 'timeout') log.write(clock.now(), this.timeoutLine(version, requestId));
    const duration = this.elapsed(start);
    this.metrics.ended(version.functionName, start, duration, error !== undefined);
    const logTail = log.end(clock.now(), requestId, duration, initDuration, outcome.kind);
    return {
      payload: error
        ? JSON.stringify(error)
        : outcome.kind === 'success'
          ? outcome.payload
          : 'null',
      functionError: error ? 'Unhandled' : undefined,
      refusal: environment.refusal,
      executedVersion: version.version,
      logTail,
    };
  }

  /** The error document that the caller gets. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
  private errorOf(
    outcome: EnvironmentOutcome,
    version: FunctionVersion,
    requestId: string,
  ): Partial<ReportedError> | undefined {
    switch (outcome.kind) {
      case 'timeout':
        return {
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${requestId} Error: Task timed out after ${version.settings.timeout.toFixed(2)} seconds`,
        };
      case 'error': {
        const { errorType, errorMessage, trace } = outcome.error;
        return errorType === 'Runtime.ExitError' || errorType === 'Sandbox.Timedout'
          ? { errorType, errorMessage: `RequestId: ${requestId} ${errorMessage}` }
          : { errorType, errorMessage, trace };
      }
      case 'success':
        return Buffer.byteLength(outcome.payload) > responseLimit
          ? {
              errorType: 'Function.ResponseSizeTooLarge',
              errorMessage: `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`,
            }
          : undefined;
    }
  }

  private timeoutLine(version: FunctionVersion, requestId: string): string {
    const now = new Date(this.host.clock.now()).toISOString();
    return `${now} ${requestId} Task timed out after ${version.settings.timeout.toFixed(2)} seconds`;
  }

  /** Milliseconds: emulated on the manual clock, real on the others. */
  private elapsed(since: number): number {
    return (this.host.clock.now() - since) / (this.host.clock.rate || 1);
  }

  private traceId(): string {
    const random = this.host.random.stream('lambda/traces');
    const seconds = Math.floor(this.host.clock.now() / 1000).toString(16);
    return `Root=1-${seconds}-${random.hex(24)};Parent=${random.hex(16)};Sampled=0`;
  }

  private poolOf(version: FunctionVersion): EnvironmentPool {
    let pool = this.pools.get(version);
    if (!pool) {
      const { account, region, functionName } = version;
      this.poolCount += 1;
      const serial = String(this.poolCount).padStart(4, '0');
      pool = new EnvironmentPool(
        `lambda/${account}/${region}/${functionName}/${serial}`,
        version,
        this.host,
      );
      this.pools.set(version, pool);
    }
    return pool;
  }
}

/** @throws NotImplementedError for a function that is only recorded */
export function refuseRecorded({ functionName, settings }: FunctionVersion): void {
  if (settings.runs) return;
  throw new NotImplementedError(
    `the function ${functionName} (${settings.runtime}): it is only recorded, and the custom resources that it serves are handled without it`,
  );
}

function arnOf(version: FunctionVersion): string {
  return functionArn(
    version.account,
    version.region,
    version.functionName,
    version.version === '$LATEST' ? undefined : version.version,
  );
}
