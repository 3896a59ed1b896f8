import type { AuthorizationRequest } from '../../src/iam/caller';
import { Identities } from '../../src/iam/identities';
import { createJournal } from '../../src/journal/journal';
import { MetricStore } from '../../src/metrics/metric-store';
import { createClock } from '../../src/options';
import { randomSource } from '../../src/random/random';
import type { ServiceEnvironment } from '../../src/services/service';

/** A service's surroundings for tests that go below the SDK: providers, and what services offer each other. */
export function serviceEnvironment(scratch?: string): ServiceEnvironment & {
  readonly asked: AuthorizationRequest[];
} {
  const clock = createClock({ clock: 'manual' });
  const random = randomSource(1);
  const asked: AuthorizationRequest[] = [];
  return {
    clock,
    random,
    asked,
    journal: createJournal(100, () => clock.now()),
    metrics: new MetricStore(() => clock.now()),
    identities: new Identities(clock, random),
    authorize: (request) => {
      asked.push(request);
    },
    endpoint: async () => 'http://127.0.0.1:4566',
    scratchDirectory: async () => {
      if (scratch === undefined) throw new Error('this test has no scratch directory');
      return scratch;
    },
  };
}
