/**
 * The host's own timers, captured when this module loads, so that a user's `jest.useFakeTimers()`
 * cannot freeze the emulator. Only `src/clock` may touch them (a lint rule holds this).
 */
export const realTime = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  setImmediate: globalThis.setImmediate.bind(globalThis),
  now: Date.now.bind(Date),
  /** Milliseconds from an arbitrary start, monotonic. */
  monotonic: performance.now.bind(performance),
} as const;

/** Resolves after one turn of the host's event loop, once every callback already queued has run. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    realTime.setImmediate(resolve);
  });
}

/**
 * Which instant of the host's clock an instant of an emulated one is, in milliseconds since the epoch: by it another
 * process can follow a clock that runs by itself.
 */
export function simultaneous(clock: { now(): number }): { real: number; emulated: number } {
  return { real: realTime.now(), emulated: clock.now() };
}
