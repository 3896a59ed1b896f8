import type { MetricStore } from '../../metrics/metric-store';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { AlarmActions, type AlarmTargets } from './alarm-actions';
import { alarmOperations } from './alarm-operations';
import { AlarmRegistry } from './alarm-registry';
import { alarmProvider } from './alarm-resource';
import type { Api } from './api';
import { metricOperations } from './metric-operations';

export type { AlarmFunctions, AlarmTargets, AlarmTopics } from './alarm-actions';

/** What CloudWatch needs of other services and of the emulator. */
export interface CloudWatchOptions extends AlarmTargets {
  /** Where all services publish their metrics. */
  readonly metrics: MetricStore;
}

/** Makes Amazon CloudWatch: metrics and alarms. */
export function createCloudWatch(
  env: ServiceEnvironment,
  options: CloudWatchOptions,
): Service<Api> {
  const { clock } = env;
  const actions = new AlarmActions(clock, options);
  const regions = new Regional(
    (account, region) => new AlarmRegistry({ account, region }, clock, options.metrics, actions),
  );
  const registryOf = ({ account, region }: { account: string; region: string }) =>
    regions.in(account, region);
  return {
    signingName: 'monitoring',
    loadClient: (): Api => require('@aws-sdk/client-cloudwatch'),
    handlers: {
      ...metricOperations(options.metrics, clock),
      ...alarmOperations(registryOf, clock),
    },
    resourceProviders: [alarmProvider(regions, env.authorize)],
    resourceRights(arn) {
      const [, region = '', account = '', name = ''] =
        /^arn:[^:]+:cloudwatch:([^:]*):([^:]*):alarm:(.+)$/.exec(arn) ?? [];
      const alarm = name === '' ? undefined : regions.in(account, region).find(name);
      return alarm && { account, policies: [], tags: alarm.tags };
    },
    leaks: () =>
      regions
        .all()
        .flatMap((registry) => registry.list())
        .map(({ arn }) => `CloudWatch alarm ${arn}`),
    async stop() {
      for (const registry of regions.all()) registry.close();
    },
  };
}
