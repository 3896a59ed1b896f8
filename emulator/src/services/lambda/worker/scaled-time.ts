import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { hostTime } from './host-time';

/**
 * Makes setTimeout, setInterval, their promise forms and Date of this thread follow a clock that runs `rate` times
 * as fast as the host's. Time-outs of sockets, `performance` and AbortSignal.timeout stay real: they guard real input and output.
 *
 * @returns the emulated time
 */
export function installScaledTime(rate: number, start: number): () => number {
  const origin = hostTime.now();
  const now = (): number => Math.floor(start + (hostTime.now() - origin) * rate);
  const scale = (delay: number | undefined): number => (delay ?? 0) / rate;
  globalThis.Date = scaledDate(now);
  scaleTimers(scale);
  scalePromises(scale);
  return now;
}

function scaledDate(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : Reflect.get(target, property, receiver),
  });
}

function scaleTimers(scale: (delay: number | undefined) => number): void {
  const scaled = (target: typeof setTimeout | typeof setInterval) =>
    new Proxy(target, {
      apply: (original, self, [callback, delay, ...args]) =>
        Reflect.apply(original, self, [callback, scale(delay), ...args]),
    });
  globalThis.setTimeout = scaled(globalThis.setTimeout) as typeof setTimeout;
  globalThis.setInterval = scaled(globalThis.setInterval) as typeof setInterval;
  timers.setTimeout = globalThis.setTimeout;
  timers.setInterval = globalThis.setInterval;
}

function scalePromises(scale: (delay: number | undefined) => number): void {
  const { setTimeout: sleep, setInterval: every } = timersPromises;
  timersPromises.setTimeout = (delay, value, options) => sleep(scale(delay), value, options);
  timersPromises.setInterval = (delay, value, options) => every(scale(delay), value, options);
}
