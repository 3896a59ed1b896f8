import type { Clock } from '../../clock/clock';
import type { Journal } from '../../journal/journal';
import type { FunctionRegistry } from './function-registry';
import type { Invoker } from './invoker';

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const defaultRetries = 2;
const defaultAge = 6 * 60 * 60;
const minute = 60_000;
const firstThrottleDelay = 1000;
const longestThrottleDelay = 5 * minute;

interface QueuedEvent {
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly requestId: string;
  readonly payload: string;
  readonly clientContext: string | undefined;
  /** Emulated time. */
  readonly queuedAt: number;
}

/**
 * Invocations that nobody waits for. After an error of the function they are repeated, by default twice,
 * after one minute and after two; throttled ones are tried again for as long as the event may wait. The
 * journal knows an event by the id of its request.
 */
export class AsynchronousInvocations {
  constructor(
    private readonly clock: Clock,
    private readonly functions: FunctionRegistry,
    private readonly invoker: Invoker,
    private readonly journal: Journal,
  ) {}

  /** Takes an event in, to be run soon. */
  queue(event: Omit<QueuedEvent, 'queuedAt'>): void {
    const queued = { ...event, queuedAt: this.clock.now() };
    this.later(0, queued, () => this.attempt(queued, 0, firstThrottleDelay));
  }

  private attempt(event: QueuedEvent, errors: number, throttleDelay: number): void {
    const fn = this.functions.find(event.functionName);
    const version = fn?.resolve(event.qualifier, () => 0);
    if (!fn || !version) return;
    const settings = fn.eventInvoke.get(event.qualifier ?? '$LATEST');
    const { maximumRetryAttempts = defaultRetries, maximumEventAge = defaultAge } = settings ?? {};
    const { requestId, payload, clientContext } = event;
    if (this.clock.now() - event.queuedAt > maximumEventAge * 1000) {
      this.journal.record('expired', requestId, fn.arn);
      return;
    }
    if (this.invoker.reserve(fn.name)) {
      this.journal.record('throttled', requestId, fn.arn);
      const next = Math.min(longestThrottleDelay, throttleDelay * 2);
      this.later(throttleDelay, event, () => this.attempt(event, errors, next));
      return;
    }
    this.journal.record('invoked', requestId, fn.arn);
    void this.invoker.run(version, { requestId, payload, clientContext }).then((result) => {
      this.journal.record(result.functionError ? 'failed' : 'succeeded', requestId, fn.arn);
      if (!result.functionError || errors >= maximumRetryAttempts) return;
      this.later((errors + 1) * minute, event, () =>
        this.attempt(event, errors + 1, firstThrottleDelay),
      );
    });
  }

  private later(delay: number, event: QueuedEvent, run: () => void): void {
    this.clock.after(delay, `asynchronous invocation of ${event.functionName}`, run);
  }
}
