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
  return orLate(promise, limit, () => {
    throw new Error(message());
  });
}

/** Waits for a promise in real time, but no longer than `limit` milliseconds. @throws what it throws until then */
export async function waitAtMost(promise: Promise<unknown>, limit: number): Promise<void> {
  await orLate(promise, limit, () => undefined);
}

/** What a promise has, or what is made of it when `limit` real milliseconds have passed. */
async function orLate<T, L>(promise: Promise<T>, limit: number, late: () => L): Promise<T | L> {
  let timer: ReturnType<typeof realTime.setTimeout> | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = realTime.setTimeout(resolve, limit);
  });
  try {
    return await Promise.race([promise, expired.then(late)]);
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
