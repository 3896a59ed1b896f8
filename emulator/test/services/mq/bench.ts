import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CreateBrokerRequest, Mq } from '@aws-sdk/client-mq';
import {
  type BrokerEngines,
  createMq,
  type RunningBroker,
  type StartRequest,
} from '../../../src/services/mq';
import { clientOf, environment, resources } from '../../support/service-harness';

/** Milliseconds that a broker is being created, rebooted or deleted. */
export const transition = 5000;

export const password = 'a long password';

/** A request for a broker that is in order. */
export const simpleBroker: CreateBrokerRequest = {
  BrokerName: 'orders',
  DeploymentMode: 'SINGLE_INSTANCE',
  EngineType: 'ACTIVEMQ',
  EngineVersion: '5.18',
  HostInstanceType: 'mq.m5.large',
  PubliclyAccessible: false,
  Users: [{ Username: 'shop', Password: password, Groups: ['apps'] }],
};

/** Amazon MQ with engines that run nothing and remember what they were told. */
export function mqBench() {
  const { asked, clock, env } = environment();
  const started: StartRequest[] = [];
  const reboots: Parameters<RunningBroker['reboot']>[0][] = [];
  const logged: string[] = [];
  let failure: Error | undefined;
  const engines: BrokerEngines = {
    async start(request) {
      if (failure) throw failure;
      started.push(request);
      return runningBroker(request, (settings) => reboots.push(settings));
    },
    stop: async () => undefined,
  };
  const storage = mkdtempSync(join(tmpdir(), 'mq-bench-'));
  const service = createMq(env, {
    engines,
    logs: {
      write: ({ group, stream }, lines) =>
        void logged.push(...lines.map(({ message }) => `${group} ${stream} ${message}`)),
    },
    storageDirectory: async () => storage,
  });
  return {
    asked,
    clock,
    logged,
    mq: new Mq(clientOf(env, [service])),
    provided: resources(service),
    reboots,
    service,
    started,
    /** Has no engine be found. */
    failWith: (error: Error) => {
      failure = error;
    },
    close: () => rmSync(storage, { recursive: true }),
  };
}

function runningBroker(
  { members }: StartRequest,
  onReboot: (settings: Parameters<RunningBroker['reboot']>[0]) => void,
): RunningBroker {
  const nothing = async () => undefined;
  const all = Array.from({ length: members }, (_, index) => ({
    state: index === 0 ? ('active' as const) : ('standby' as const),
    pid: undefined,
    endpoints: () => [`ssl://127.0.0.1:${20_000 + index}`],
    statistics: async () => undefined,
  }));
  const [first] = all;
  if (!first) throw new Error('a broker has members');
  return {
    members: all,
    active: first,
    endpoints: () => all.map((member) => member.endpoints()),
    consoleUrls: () => [],
    start: nothing,
    whenActive: async () => first,
    onChange: () => () => undefined,
    reboot: async (settings) => onReboot(settings),
    kill: nothing,
    loseMember: nothing,
    restoreMember: nothing,
    cutNetwork: nothing,
    isolate: nothing,
    restoreNetwork: nothing,
    loseStorage: nothing,
    restoreStorage: nothing,
    remove: nothing,
  };
}
