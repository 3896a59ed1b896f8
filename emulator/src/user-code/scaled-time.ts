import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { hostTime } from './host-time';

/**
 * Makes setTimeout, setInterval, their promise forms and Date of this thread follow a clock that runs `rate` times
 * as fast as the host's. Time-outs of sockets, `performance` and AbortSignal.timeout stay real: they guard real input and output.
 *
 * Drivers guard their input and output with setTimeout too: at 60 times real time a database would have
 * 83 ms of the 5 s that its driver allows it. So a timer that is due while a connection waits for an
 * answer is put off until that has come, or until its whole delay has passed in real time.
 *
 * @param waiting - whether any connection to somewhere else than the emulator waits for an answer
 * @returns the emulated time
 */
export function installScaledTime(
  rate: number,
  start: number,
  waiting: () => boolean,
): () => number {
  const origin = hostTime.now();
  const now = (): number => Math.floor(start + (hostTime.now() - origin) * rate);
  const scale = (delay: number | undefined): number => (delay ?? 0) / rate;
  globalThis.Date = scaledDate(now);
  scaleTimers(scale, waiting);
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

function scaleTimers(scale: (delay: number | undefined) => number, waiting: () => boolean): void {
  globalThis.setTimeout = new Proxy(globalThis.setTimeout, {
    apply: (original, self, [callback, delay, ...args]) => {
      if (typeof callback !== 'function')
        return Reflect.apply(original, self, [callback, scale(delay), ...args]);
      const started = hostTime.now();
      const fire = (): void => {
        if (waiting() && hostTime.now() - started < delay) timer.refresh();
        else Reflect.apply(callback, timer, args);
      };
      const timer: NodeJS.Timeout = Reflect.apply(original, self, [fire, scale(delay)]);
      return timer;
    },
  });
  globalThis.setInterval = new Proxy(globalThis.setInterval, {
    apply: (original, self, [callback, delay, ...args]) =>
      Reflect.apply(original, self, [callback, scale(delay), ...args]),
  });
  timers.setTimeout = globalThis.setTimeout;
  timers.setInterval = globalThis.setInterval;
}

function scalePromises(scale: (delay: number | undefined) => number): void {
  const { setTimeout: sleep, setInterval: every } = timersPromises;
  timersPromises.setTimeout = (delay, value, options) => sleep(scale(delay), value, options);
  timersPromises.setInterval = (delay, value, options) => every(scale(delay), value, options);
}
