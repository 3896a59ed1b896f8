/**
 * Whether a test runner drives this process. Then nothing of the emulator keeps the process alive, so
 * that a test which failed before its `stop()` does not hang the whole run.
 */
export const underTestRunner =
  process.env.JEST_WORKER_ID !== undefined || process.env.VITEST !== undefined;
