import { type Clock as FakeClock, install } from '@sinonjs/fake-timers';
import type { FunctionTime } from './function-time';

/** The library's heap of timers, which its types leave out. */
interface TimerHeap {
  timerHeap?: { peek(): { callAt: number } | undefined };
}

/**
 * Replaces Date, setTimeout, setInterval, performance.now, process.hrtime, `node:timers`,
 * `node:timers/promises` and AbortSignal.timeout of this thread by ones that follow the emulator's manual clock.
 *
 * @param time - holds the emulated time in its first element, in shared memory
 */
export function installEmulatedTime(time: Float64Array): FunctionTime {
  const current = (): number => time[0] ?? 0;
  const clock = install({
    now: current(),
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'Date',
      'performance',
      'hrtime',
    ],
    // Node's own sockets clear their timers through the replaced functions.
    shouldClearNativeTimers: true,
  }) as FakeClock & TimerHeap;
  replaceAbortTimeout();
  const nextTimer = (): number | null => clock.timerHeap?.peek()?.callAt ?? null;
  return {
    now: () => clock.now,
    nextTimer,
    catchUp: () => {
      // Time never passes a timer that has been reported, so none is skipped; one that is due now waits for its tick.
      clock.now = Math.max(clock.now, Math.min(current(), nextTimer() ?? Number.POSITIVE_INFINITY));
    },
    // The synchronous form: the other one uses real timers in between, and its outcome depends on their speed.
    tick: () => {
      clock.tick(Math.max(0, current() - clock.now));
    },
    thaw: () => {
      clock.jump(Math.max(0, current() - clock.now));
    },
  };
}

/** Node's own AbortSignal.timeout keeps to real time. */
function replaceAbortTimeout(): void {
  AbortSignal.timeout = (delay: number): AbortSignal => {
    const controller = new AbortController();
    setTimeout(
      () =>
        controller.abort(
          new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
        ),
      delay,
    );
    return controller.signal;
  };
}
