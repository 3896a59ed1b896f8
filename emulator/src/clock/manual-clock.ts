import { AsyncLocalStorage } from 'node:async_hooks';
import { ActorRegistry } from './actor-registry';
import { type EndWork, type ManualClock, milliseconds, type Timer, type TimeSpan } from './clock';
import { Ledger } from './ledger';
import { eventLoopTurn, realTime } from './real-time';
import { TimerHeap } from './timer-heap';

/** Where the manual clock starts: always the same, and in the future, so that credentials do not look expired to a caller's own clock. */
export const manualClockStart = Date.UTC(2035, 0, 1);

const oneDay = 24 * 60 * 60 * 1000;
/** Labels that an error names. */
const mostShown = 5;

/** Options of {@link SteppedClock}. */
export interface SteppedClockOptions {
  /** Emulated time at the start, in milliseconds since the epoch. @default 2035-01-01T00:00:00Z */
  readonly start?: number;
  /** Real milliseconds without any progress after which a wait fails and names what it waits for. @default 10000 */
  readonly watchdog?: number;
}

/** Work in hand, as the code that does it can see it. */
interface Work {
  readonly label: string;
  end: EndWork;
}

/**
 * The manual clock: it stands still until told to move, and moves from instant to instant.
 *
 * An instant is *settled* when no work is in hand and every actor is parked, decided by counts and
 * never by grace times. Then the work that actors hold is let in, in a fixed order, until none is
 * left; then the timers due at that instant fire; only then does time move on.
 */
export class SteppedClock implements ManualClock {
  readonly kind = 'manual';
  readonly rate = 0;
  readonly actors = new ActorRegistry(true, () => this.progressed());
  private readonly ledger = new Ledger(() => this.progressed());
  private readonly heap = new TimerHeap();
  private readonly watchdog: number;
  private readonly insideWork = new AsyncLocalStorage<Work>();
  readonly sharedTime = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  private readonly timeCell = new Float64Array(this.sharedTime);
  private lastProgress = realTime.monotonic();
  private wakeSettling: (() => void) | undefined;
  /** Whoever drives the clock now: `advance`, `until`, `settle`, or the background pump. */
  private driver: Promise<void> | undefined;
  private moving = false;
  private stopped = false;
  private readonly looks = new Set<() => Promise<void>>();
  /** How often timers of each label have fired, for whoever waits for a promise. */
  private fired: Map<string, number> | undefined;

  constructor(options: SteppedClockOptions = {}) {
    this.time = options.start ?? manualClockStart;
    this.watchdog = options.watchdog ?? 10_000;
  }

  now(): number {
    return this.time;
  }

  private get time(): number {
    return this.timeCell[0] ?? 0;
  }

  private set time(time: number) {
    this.timeCell[0] = time;
  }

  at(due: number, label: string, callback: () => void): Timer {
    const timer = this.heap.add(Math.max(due, this.time), label, callback);
    this.progressed();
    return timer;
  }

  after(delay: number, label: string, callback: () => void): Timer {
    return this.at(this.time + delay, label, callback);
  }

  sleep(delay: number, label: string): Promise<void> {
    return new Promise((resolve) => {
      this.after(delay, label, resolve);
    });
  }

  begin(label: string): EndWork {
    return this.ledger.begin(label);
  }

  async work<T>(label: string, run: () => Promise<T>): Promise<T> {
    const work: Work = { label, end: this.begin(label) };
    try {
      return await this.insideWork.run(work, run);
    } finally {
      work.end();
    }
  }

  async park<T>(wait: () => Promise<T>): Promise<T> {
    const work = this.insideWork.getStore();
    if (!work) return wait();
    work.end();
    try {
      return await wait();
    } finally {
      work.end = this.begin(work.label);
    }
  }

  beforeMoving(look: () => Promise<void>): () => void {
    this.looks.add(look);
    return () => this.looks.delete(look);
  }

  async advance(span: TimeSpan): Promise<void> {
    const delta = milliseconds(span);
    if (!Number.isFinite(delta) || delta < 0)
      throw new RangeError(`Time moves forward, and not for ever: got ${delta} milliseconds`);
    await this.drive('advance', async () => {
      const end = this.time + delta;
      await this.settleInstant();
      while (this.nextDue() <= end) {
        this.time = Math.max(this.time, this.nextDue());
        await this.settleInstant();
      }
      this.time = end;
    });
  }

  async until<T>(promise: Promise<T>, limit: TimeSpan = oneDay): Promise<T> {
    let settled = false;
    const outcome = promise.finally(() => {
      settled = true;
      this.progressed();
    });
    outcome.catch(() => undefined);
    await this.drive('until', async () => {
      const end = this.time + milliseconds(limit);
      this.fired = new Map();
      for (;;) {
        await this.settleInstant(() => settled);
        if (settled) return;
        const due = this.nextDue();
        if (due > end) throw new Error(this.neverResolved(due, end));
        this.time = Math.max(this.time, due);
      }
    });
    return outcome;
  }

  async settle(): Promise<void> {
    await this.drive('settle', () => this.settleInstant());
  }

  pending(): string[] {
    return [
      ...this.ledger.labels().map((label) => `work: ${label}`),
      ...this.actors.describeBusy().map((line) => `actor: ${line}`),
      ...this.heap
        .earliest(10)
        .map((timer) => `timer: ${timer.label} at ${new Date(timer.due).toISOString()}`),
    ];
  }

  stop(): void {
    this.stopped = true;
    this.heap.clear();
    this.progressed();
  }

  /**
   * Lets held work in although nobody moves the clock, so that a call of a test can be answered whose
   * answer needs a function's calls to be let in. Timers wait for a test's own `advance`.
   */
  private pump(): void {
    if (this.driver || this.moving || this.stopped || !this.actors.anyHeld) return;
    const run = this.releaseRounds(() => false).catch(() => undefined);
    this.driver = run.finally(() => {
      this.driver = undefined;
      this.pump();
    });
  }

  private async drive(what: string, run: () => Promise<void>): Promise<void> {
    const work = this.insideWork.getStore();
    if (work !== undefined) {
      throw new Error(
        `clock.${what}() was called from inside work that it would wait for: ${work.label}`,
      );
    }
    if (this.moving) {
      throw new Error(
        `clock.${what}() was called while the clock is moving: await the earlier call`,
      );
    }
    this.moving = true;
    try {
      while (this.driver) await this.driver;
      for (const look of [...this.looks]) await look();
      const running = run();
      this.driver = running.then(
        () => undefined,
        () => undefined,
      );
      await running;
    } finally {
      this.driver = undefined;
      this.fired = undefined;
      this.moving = false;
      this.pump();
    }
  }

  private nextDue(): number {
    return Math.min(this.heap.nextDue(), this.actors.nextTimer());
  }

  /** Fires everything due at the current instant, in sub-rounds, each settled before the next. */
  private async settleInstant(enough: () => boolean = () => false): Promise<void> {
    for (;;) {
      await this.releaseRounds(enough);
      if (enough() || !this.fireDue()) return;
    }
  }

  private fireDue(): boolean {
    const before = this.heap.nextOrder;
    let fired = false;
    for (;;) {
      const timer = this.heap.takeDue(this.time, before);
      if (!timer) break;
      fired = true;
      this.fired?.set(timer.label, (this.fired.get(timer.label) ?? 0) + 1);
      timer.fire();
    }
    return this.actors.tick(this.time) || fired;
  }

  /** Waits until all is parked and lets held work in, round by round, until none is held. */
  private async releaseRounds(enough: () => boolean): Promise<void> {
    for (;;) {
      await this.allParked(enough);
      const held = this.actors.takeHeld();
      if (held.length === 0) return;
      for (const work of held) work.release();
    }
  }

  private async allParked(enough: () => boolean): Promise<void> {
    this.lastProgress = realTime.monotonic();
    for (;;) {
      await eventLoopTurn();
      if (this.stopped || enough()) return;
      if (this.idle) {
        const version = this.version;
        await eventLoopTurn();
        if (this.idle && version === this.version) return;
      } else {
        await this.nextProgress();
      }
    }
  }

  private get idle(): boolean {
    return this.ledger.empty && this.actors.allParked;
  }

  private get version(): number {
    return this.ledger.version + this.actors.version;
  }

  private progressed(): void {
    this.lastProgress = realTime.monotonic();
    this.wakeSettling?.();
    this.pump();
  }

  private nextProgress(): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const quiet = realTime.monotonic() - this.lastProgress;
        if (quiet >= this.watchdog) {
          this.wakeSettling = undefined;
          reject(new Error(this.stuck()));
        } else {
          alarm = realTime.setTimeout(check, this.watchdog - quiet);
        }
      };
      let alarm = realTime.setTimeout(check, this.watchdog);
      this.wakeSettling = () => {
        this.wakeSettling = undefined;
        realTime.clearTimeout(alarm);
        resolve();
      };
    });
  }

  private stuck(): string {
    return [
      `The clock cannot move: nothing has happened for ${this.watchdog} ms of real time. It waits for:`,
      ...this.pending().map((line) => `  ${line}`),
      'Something may be hanging in a busy loop or in real input and output; the option `watchdog` sets the time.',
    ].join('\n');
  }

  private neverResolved(due: number, end: number): string {
    const reason =
      due === Number.POSITIVE_INFINITY
        ? 'no timer is left that could resolve the promise'
        : `the next timer is due after the limit (${new Date(end).toISOString()})`;
    const most = [...(this.fired ?? [])].sort(([, a], [, b]) => b - a).slice(0, mostShown);
    return [
      `clock.until(): ${reason}.`,
      ...this.pending().map((line) => `  ${line}`),
      ...most.map(([label, times]) => `  fired meanwhile: ${label}, ${times} times`),
    ].join('\n');
  }
}
