/**
 * The worker's own timers and clock, captured before the function's are replaced: what counts and
 * reports must not stand still with emulated time.
 */
export const hostTime = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  setInterval: globalThis.setInterval.bind(globalThis),
  setImmediate: globalThis.setImmediate.bind(globalThis),
  now: Date.now.bind(Date),
} as const;
