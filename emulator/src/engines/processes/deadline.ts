import { realTime } from '../../clock/real-time';

/**
 * Waits for a promise in real time, keeping the process alive meanwhile.
 *
 * @throws Error of `message` when `limit` real milliseconds have passed.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  limit: number,
  message: () => string,
): Promise<T> {
  let timer: ReturnType<typeof realTime.setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = realTime.setTimeout(() => reject(new Error(message())), limit);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    realTime.clearTimeout(timer);
  }
}

/** Waits for a promise in real time, but no longer than `limit` milliseconds. @throws what it throws until then */
export async function waitAtMost(promise: Promise<unknown>, limit: number): Promise<void> {
  let timer: ReturnType<typeof realTime.setTimeout> | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = realTime.setTimeout(resolve, limit);
  });
  try {
    await Promise.race([promise, expired]);
  } finally {
    realTime.clearTimeout(timer);
  }
}

/** Resolves after `delay` real milliseconds. */
export function realDelay(delay: number): Promise<void> {
  return new Promise((resolve) => {
    realTime.setTimeout(resolve, delay);
  });
}
