import type { Actors } from './actor';

/** A length of time: milliseconds, or anything that knows them, such as `Duration` of aws-cdk-lib. */
export type TimeSpan = number | { toMilliseconds(): number };

/** A scheduled callback. */
export interface Timer {
  /** Emulated time, in milliseconds since the epoch, at which it is due. */
  readonly due: number;
  /** What it is for, as shown by {@link ManualClock.pending}. */
  readonly label: string;
  /** Forgets the callback; does nothing once it has run. */
  cancel(): void;
}

/** Ends a piece of work that {@link Clock.begin} started; calling it twice does nothing. */
export type EndWork = () => void;

/**
 * The one source of time. Every wait, expiry and timestamp of the emulator comes from here.
 *
 * All times are emulated milliseconds since the epoch.
 */
export interface Clock {
  /** Which of the three clocks this is. */
  readonly kind: 'system' | 'accelerated' | 'manual';
  /** Emulated milliseconds per real millisecond; 1 on the system clock, 0 on the manual clock, which stands still. */
  readonly rate: number;
  /** The actors whose code the emulator does not drive: function workers and registered processes. */
  readonly actors: Actors;

  /** The current emulated time. */
  now(): number;
  /** Runs `callback` when the clock reaches `due`; at once (but never synchronously) if that has passed. */
  at(due: number, label: string, callback: () => void): Timer;
  /** Runs `callback` when `delay` milliseconds have passed. */
  after(delay: number, label: string, callback: () => void): Timer;
  /** Resolves when `delay` milliseconds have passed. */
  sleep(delay: number, label: string): Promise<void>;

  /**
   * Declares that work is in hand: the manual clock does not move before it has ended.
   *
   * Anything asynchronous that the emulator does of its own accord (a delivery, a step of a
   * deployment) is wrapped in it; a request being served already is.
   */
  begin(label: string): EndWork;
  /** {@link begin} around an asynchronous function. */
  work<T>(label: string, run: () => Promise<T>): Promise<T>;
  /**
   * Waits, inside {@link work}, for something that only emulated time or an actor can bring about: the
   * surrounding work does not count as in hand meanwhile.
   */
  park<T>(wait: () => Promise<T>): Promise<T>;
  /**
   * Has the manual clock look, each time before it is moved or settled, whether anything has come from outside that it
   * cannot know of, such as a message in a real broker. Other clocks never ask.
   *
   * @param look - must not fail, nor wait for emulated time
   * @returns the function that ends it
   */
  beforeMoving(look: () => Promise<void>): () => void;

  /** Stops all timers. Called once, when the emulator stops. */
  stop(): void;
}

/** A clock that moves only when told, so that every run sees the same time at the same point. */
export interface ManualClock extends Clock {
  readonly kind: 'manual';
  /** The current emulated time for other threads: one 64-bit floating-point number in shared memory. */
  readonly sharedTime: SharedArrayBuffer;
  /**
   * Moves time forward, firing all that is due on the way, instant by instant, each settled before the next.
   *
   * @throws Error naming all open work if something does not settle within the watchdog's real time,
   *   or when called from inside work that it would have to wait for.
   */
  advance(span: TimeSpan): Promise<void>;
  /**
   * Moves time from timer to timer until `promise` resolves, and returns its value.
   *
   * Alarms are evaluated every minute as long as there are any, instances and targets are checked again and again, and each such
   * look may be the one that resolves it: an alarm goes off when its data become too old, with nothing else happening. In a stack
   * that has them a next timer is always left, so that a promise that nothing resolves takes the whole limit: a day of alarms is a
   * fraction of a second of real time.
   *
   * @param limit - how much emulated time may pass at most. @default 1 day
   * @throws Error when the limit is reached or when nothing is left that could resolve it. It names what is pending, and what fired
   *   most often meanwhile.
   */
  until<T>(promise: Promise<T>, limit?: TimeSpan): Promise<T>;
  /** Waits until no work is in hand and every actor is parked, without moving time. */
  settle(): Promise<void>;
  /** What the clock waits for: open work, busy actors and the next timers, one line each. */
  pending(): string[];
}

/** Whether a clock is the manual one. */
export function isManual(clock: Clock): clock is ManualClock {
  return clock.kind === 'manual';
}

/** {@link TimeSpan} as milliseconds. */
export function milliseconds(span: TimeSpan): number {
  return typeof span === 'number' ? span : span.toMilliseconds();
}
