import { syncBuiltinESMExports } from 'node:module';
import type { FunctionClock } from './messages';

/** The function's time, as the rest of the worker sees it. */
export interface FunctionTime {
  now(): number;
  /** When the function's earliest timer is due; null without one or where the host's timers run. */
  nextTimer(): number | null;
  /** Takes over the emulator's time, before code of the function runs. */
  catchUp(): void;
  /** Fires the timers that are due. */
  tick(): void;
  /**
   * Takes over the time that has passed between two invocations, during which the function was
   * frozen: timers that would have fired meanwhile fire once.
   */
  thaw(): void;
}

/**
 * Installs the clock that the function is to see, before any of its code is loaded.
 *
 * @param waiting - whether any connection to somewhere else than the emulator waits for an answer
 */
export function installTime(clock: FunctionClock, waiting: () => boolean): FunctionTime {
  switch (clock.kind) {
    case 'real':
      return unattended(() => Date.now());
    case 'scaled': {
      const { installScaledTime } =
        require('../../../user-code/scaled-time') as typeof import('../../../user-code/scaled-time');
      const now = installScaledTime(clock.rate, clock.now, waiting);
      syncBuiltinESMExports();
      return unattended(now);
    }
    case 'emulated': {
      const { installEmulatedTime } =
        require('./emulated-time') as typeof import('./emulated-time');
      const time = installEmulatedTime(new Float64Array(clock.time));
      syncBuiltinESMExports();
      return time;
    }
  }
}

/** Time that passes without being told to. */
function unattended(now: () => number): FunctionTime {
  return {
    now,
    nextTimer: () => null,
    catchUp: () => undefined,
    tick: () => undefined,
    thaw: () => undefined,
  };
}
