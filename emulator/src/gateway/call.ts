import type { Clock, EndWork } from '../clock/clock';
import type { Authorize, Caller, ConditionKeys } from '../iam/caller';
import type { CallContext } from '../protocol/handlers';
import type { WireRequest } from '../protocol/message';
import type { BoundOperation } from './service-entry';

/** One call in the making. It counts as work in hand from its creation to {@link end}, except while it is parked. */
export class Call implements CallContext {
  private endWork: EndWork | undefined;
  private ended = false;

  constructor(
    private readonly bound: BoundOperation,
    private readonly request: WireRequest,
    readonly requestId: string,
    readonly caller: Caller,
    readonly region: string,
    private readonly clock: Clock,
    private readonly askAuthorization: Authorize,
    private readonly encrypted: 'loopback' | 'tls',
  ) {
    this.endWork = clock.begin(bound.label);
  }

  get account(): string {
    return this.caller.account;
  }

  get signed(): boolean {
    const { headers, query } = this.request;
    return headers.authorization !== undefined || /Amz-Credential|AWSAccessKeyId/.test(query);
  }

  get service(): string {
    return this.bound.entry.model.signingName;
  }

  get operation(): string {
    return this.bound.operation.name;
  }

  get origin(): string {
    return this.request.origin;
  }

  get userAgent(): string | undefined {
    return this.request.headers['user-agent'];
  }

  /** Loopback counts as transport that nobody can listen in on, unless the emulator was told otherwise. */
  get secureTransport(): boolean {
    return this.encrypted === 'loopback' || this.origin.startsWith('https:');
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }

  authorize(action: string, resource: string, context?: ConditionKeys): void {
    this.askAuthorization({
      caller: this.caller,
      action,
      resource,
      context,
      call: this,
    });
  }

  park<T>(wait: (wake: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve) => {
      let woken = false;
      wait((value) => {
        if (woken) return;
        woken = true;
        this.takeWork();
        resolve(value);
      });
      if (!woken) this.releaseWork();
    });
  }

  /** The answer is made. */
  end(): void {
    this.ended = true;
    this.releaseWork();
  }

  private takeWork(): void {
    if (!this.ended) this.endWork ??= this.clock.begin(this.bound.label);
  }

  private releaseWork(): void {
    this.endWork?.();
    this.endWork = undefined;
  }
}
