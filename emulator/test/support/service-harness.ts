import { SteppedClock } from '../../src/clock/manual-clock';
import type { ResourceProperties, ResourceRequest } from '../../src/cloudformation/provider';
import { Dispatcher } from '../../src/gateway/dispatcher';
import { InProcessTransport } from '../../src/gateway/in-process';
import type { AuthorizationRequest } from '../../src/iam/caller';
import { Identities } from '../../src/iam/identities';
import { createJournal } from '../../src/journal/journal';
import { MetricStore } from '../../src/metrics/metric-store';
import { randomSource } from '../../src/random/random';
import type { Service, ServiceEnvironment } from '../../src/services/service';

export const account = '111122223333';
export const region = 'eu-west-1';

/** What services need to run, with a record of what they asked permission for. */
export function environment() {
  const clock = new SteppedClock();
  const random = randomSource(1);
  const asked: AuthorizationRequest[] = [];
  const metrics = new MetricStore(() => clock.now());
  const env: ServiceEnvironment = {
    clock,
    random,
    journal: createJournal(0, () => clock.now()),
    metrics,
    identities: new Identities(clock, random),
    authorize: (request) => void asked.push(request),
    endpoint: () => Promise.resolve('http://127.0.0.1:4566'),
    scratchDirectory: () => Promise.reject(new Error('no files here')),
  };
  return { env, clock, asked, metrics };
}

/** Settings for an SDK client that talks to these services. */
export function clientOf(env: ServiceEnvironment, services: readonly Service[]) {
  const dispatcher = new Dispatcher({ ...env, services });
  return {
    region,
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId: account, secretAccessKey: 'secret' },
    requestHandler: new InProcessTransport(dispatcher),
    maxAttempts: 1,
  };
}

/** Creates and deletes resources as a deployment does. */
export function resources(service: Service) {
  const provider = (type: string) => {
    const found = service.resourceProviders.find((candidate) => candidate.type === type);
    if (!found) throw new Error(`no provider for ${type}`);
    return found;
  };
  const request = (properties: ResourceProperties): ResourceRequest => ({
    logicalId: 'Thing',
    stackName: 'Test',
    stackId: `arn:aws:cloudformation:${region}:${account}:stack/Test/1`,
    account,
    region,
    caller: { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` },
    properties,
    stackTags: { project: 'test' },
    origin: 'http://127.0.0.1:4566',
    generateName: (maxLength) => 'test-thing-abcdefghijkl'.slice(0, maxLength),
  });
  return {
    create: (type: string, properties: ResourceProperties) =>
      provider(type).create(request(properties)),
    delete: (type: string, physicalId: string, properties: ResourceProperties) =>
      provider(type).delete({ ...request(properties), physicalId }),
    unsupported: (type: string, properties: ResourceProperties) =>
      provider(type).unsupported?.(properties) ?? [],
  };
}
