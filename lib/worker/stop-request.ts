const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** The longest that a timer waits. */
const ALWAYS_MILLISECONDS = 2 ** 31 - 1;

/** Somebody's wish that this process leaves: a signal of the operating system, or the caller's own. */
export class StopRequest {
  /** Resolves when it is made. */
  public readonly made: Promise<void>;
  private readonly end: () => void;

  constructor(own: AbortSignal | undefined) {
    let make: () => void = () => {};
    this.made = new Promise((resolve) => {
      make = resolve;
    });
    for (const signal of SIGNALS) process.once(signal, make);
    own?.addEventListener('abort', make, { once: true });
    if (own?.aborted === true) make();
    this.end = () => {
      for (const signal of SIGNALS) process.off(signal, make);
      own?.removeEventListener('abort', make);
    };
  }

  /** Waits for it in a process that would otherwise end, as nothing else is left to do. */
  public async park(): Promise<void> {
    const timer = setInterval(() => {}, ALWAYS_MILLISECONDS);
    await this.made;
    clearInterval(timer);
  }

  /** Gives the signals back. */
  public dispose(): void {
    this.end();
  }
}
