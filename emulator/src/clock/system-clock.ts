import type { Actors } from './actor';
import { ActorRegistry } from './actor-registry';
import type { Clock, EndWork, Timer } from './clock';
import { realTime } from './real-time';
import { TimerHeap } from './timer-heap';

/** The longest delay that the host's own timers take; a longer wait is cut into pieces. */
const longestRealDelay = 2 ** 31 - 1;

/** Options of {@link SystemClock}. */
export interface SystemClockOptions {
  /** Emulated time passes this many times as fast as real time. @default 1 */
  readonly rate?: number;
}

/** A clock that runs by itself: in real time, or accelerated. */
export class SystemClock implements Clock {
  readonly kind: 'system' | 'accelerated';
  readonly rate: number;
  readonly actors: Actors = new ActorRegistry(false, () => undefined);
  private readonly epoch = realTime.now();
  private readonly origin = realTime.monotonic();
  private readonly heap = new TimerHeap();
  private alarm: NodeJS.Timeout | undefined;
  private alarmDue = Number.POSITIVE_INFINITY;
  private stopped = false;

  /** @throws RangeError if the rate is not a positive number. */
  constructor(options: SystemClockOptions = {}) {
    this.rate = options.rate ?? 1;
    if (!(this.rate > 0 && Number.isFinite(this.rate))) {
      throw new RangeError(`The rate of a clock must be a positive number, got ${this.rate}`);
    }
    this.kind = this.rate === 1 ? 'system' : 'accelerated';
  }

  now(): number {
    // Whole milliseconds: AWS's timestamps have no fraction, and a timer must find itself due.
    return Math.floor(this.epoch + (realTime.monotonic() - this.origin) * this.rate);
  }

  at(due: number, label: string, callback: () => void): Timer {
    const timer = this.heap.add(due, label, callback);
    if (!this.stopped && due < this.alarmDue) this.setAlarm();
    return timer;
  }

  after(delay: number, label: string, callback: () => void): Timer {
    return this.at(this.now() + delay, label, callback);
  }

  sleep(delay: number, label: string): Promise<void> {
    return new Promise((resolve) => {
      this.after(delay, label, resolve);
    });
  }

  begin(): EndWork {
    return () => undefined;
  }

  work<T>(_label: string, run: () => Promise<T>): Promise<T> {
    return run();
  }

  park<T>(wait: () => Promise<T>): Promise<T> {
    return wait();
  }

  beforeMoving(): () => void {
    return () => undefined;
  }

  stop(): void {
    this.stopped = true;
    if (this.alarm) realTime.clearTimeout(this.alarm);
    this.heap.clear();
  }

  private setAlarm(): void {
    if (this.alarm) realTime.clearTimeout(this.alarm);
    this.alarm = undefined;
    this.alarmDue = this.heap.nextDue();
    if (this.alarmDue === Number.POSITIVE_INFINITY) return;
    const delay = Math.ceil((this.alarmDue - this.now()) / this.rate);
    this.alarm = realTime.setTimeout(
      () => this.fireDue(),
      Math.min(Math.max(delay, 0), longestRealDelay),
    );
  }

  private fireDue(): void {
    const now = this.now();
    // Timers made by these callbacks wait for the next alarm, so that the event loop gets its turn.
    const before = this.heap.nextOrder;
    for (;;) {
      const timer = this.heap.takeDue(now, before);
      if (!timer) break;
      timer.fire();
    }
    if (!this.stopped) this.setAlarm();
  }
}
