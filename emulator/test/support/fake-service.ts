import { SteppedClock } from '../../src/clock/manual-clock';
import { Dispatcher, type DispatcherOptions } from '../../src/gateway/dispatcher';
import { Identities } from '../../src/iam/identities';
import type { Handlers } from '../../src/protocol/handlers';
import { randomSource } from '../../src/random/random';
import type { Service } from '../../src/services/service';

/** A service that consists of some handlers. */
export function fakeService<M extends object>(
  signingName: string,
  client: M,
  handlers: Handlers<M>,
): Service<M> {
  return {
    signingName,
    loadClient: () => client,
    handlers,
    resourceProviders: [],
    leaks: () => [],
    stop: async () => {},
  };
}

/** A dispatcher of these services on a manual clock, with everything allowed. */
export function dispatcherOf(
  services: readonly Service[],
  options: Partial<DispatcherOptions> = {},
): { dispatcher: Dispatcher; clock: SteppedClock } {
  const clock = new SteppedClock();
  const random = randomSource(1);
  const identities = new Identities(clock, random);
  const dispatcher = new Dispatcher({
    services,
    clock,
    random,
    identities,
    authorize: () => {},
    ...options,
  });
  return { dispatcher, clock };
}

/** Settings under which an SDK client calls without retrying. */
export const clientSettings = {
  region: 'eu-west-1',
  endpoint: 'http://127.0.0.1:4566',
  credentials: { accessKeyId: '111122223333', secretAccessKey: 'secret' },
  maxAttempts: 1,
};
