import type { Clock } from '../clock/clock';

/** What becomes of a wait: it is resumed once, or never if the machine has gone down. */
type Resume = () => void;

/**
 * A program's run on one machine: what it waits for ends only while the machine is up. A machine that is frozen has its
 * program go on later; one that is down drops it in the middle of whatever it does.
 */
export class Run {
  private readonly leaving = new AbortController();
  private readonly dropping = new AbortController();
  /** What goes on once the machine is no longer frozen. */
  private frozen: Resume[] | undefined;
  private readonly endings = new Set<() => void>();

  constructor(
    readonly clock: Clock,
    readonly label: string,
  ) {}

  /** Aborted when the instance is to leave. */
  get terminating(): AbortSignal {
    return this.leaving.signal;
  }

  /** Aborted when the machine is down. */
  get dropped(): AbortSignal {
    return this.dropping.signal;
  }

  /** Aborted when the program has nothing more to wait for: either of the two. */
  readonly ending = AbortSignal.any([this.leaving.signal, this.dropping.signal]);

  /** Whether nothing goes on at the moment, or ever. */
  get stands(): boolean {
    return this.frozen !== undefined || this.dropped.aborted;
  }

  /** Tells the program that its instance is to leave. */
  terminate(): void {
    this.leaving.abort();
  }

  /** Ends the program in the middle of whatever it does: it never hears of anything again. */
  drop(): void {
    this.dropping.abort();
    this.frozen = undefined;
    for (const end of [...this.endings]) end();
    this.endings.clear();
  }

  freeze(): void {
    this.frozen ??= [];
  }

  thaw(): void {
    const waiting = this.frozen ?? [];
    this.frozen = undefined;
    for (const resume of waiting) resume();
  }

  /** Has something go on: now, later, or never. */
  goOn(resume: Resume): void {
    if (this.dropped.aborted) return;
    if (this.frozen) this.frozen.push(resume);
    else resume();
  }

  /** Keeps what is to be ended when the machine goes down. Returns what forgets it. */
  onDrop(end: () => void): () => void {
    this.endings.add(end);
    return () => this.endings.delete(end);
  }
}

/**
 * One line of a program, which does one thing after the other. It is work in hand for the clock, except while it waits
 * for something that only the clock or another can bring about.
 */
export class Thread {
  private endWork: (() => void) | undefined;
  private waits = 0;
  private readonly forget: () => void;

  constructor(private readonly run: Run) {
    this.take();
    this.forget = run.onDrop(() => this.letGo());
  }

  /** Waits until `start` has its function called; for ever if the machine goes down before. */
  wait<T>(start: (resume: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve) => {
      this.waits += 1;
      this.letGo();
      start((value) => {
        this.run.goOn(() => {
          this.waits -= 1;
          if (this.waits === 0) this.take();
          resolve(value);
        });
      });
    });
  }

  /** The end of what it had to do. */
  end(): void {
    this.forget();
    this.letGo();
  }

  private take(): void {
    this.endWork ??= this.run.clock.begin(this.run.label);
  }

  private letGo(): void {
    this.endWork?.();
    this.endWork = undefined;
  }
}
