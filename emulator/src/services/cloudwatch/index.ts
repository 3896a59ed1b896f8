import type { MetricPlace } from '../../metrics/metric-sink';
import type { MetricStore } from '../../metrics/metric-store';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { AlarmActions, type AlarmTargets } from './alarm-actions';
import { alarmOperations } from './alarm-operations';
import { AlarmRegistry } from './alarm-registry';
import { alarmProvider } from './alarm-resource';
import { defineAlarm } from './alarm-settings';
import type { AlarmSettings, Api } from './api';
import { metricOperations } from './metric-operations';
import type { AlarmState } from './missing-data';

export type {
  AlarmFunctions,
  AlarmScaling,
  AlarmTargets,
  AlarmTopics,
  ScalingTrigger,
} from './alarm-actions';
export type { AlarmSettings, MetricQuery } from './api';

/** Amazon CloudWatch. */
export interface CloudWatchService extends Service<Api> {
  /** Makes an alarm, or gives the one of that name other settings. @throws ServiceError what PutMetricAlarm does */
  putAlarm(place: MetricPlace, settings: AlarmSettings): void;
  deleteAlarm(place: MetricPlace, name: string): void;
  /** Undefined if there is no such alarm. */
  alarmState(place: MetricPlace, name: string): AlarmState | undefined;
  /** The alarms that have `action` among their actions. */
  alarmsOfAction(
    place: MetricPlace,
    action: string,
  ): readonly { readonly name: string; readonly arn: string }[];
}

/** What CloudWatch needs of other services and of the emulator. */
export interface CloudWatchOptions extends AlarmTargets {
  /** Where all services publish their metrics. */
  readonly metrics: MetricStore;
}

/** Makes Amazon CloudWatch: metrics and alarms. */
export function createCloudWatch(
  env: ServiceEnvironment,
  options: CloudWatchOptions,
): CloudWatchService {
  const { clock } = env;
  const actions = new AlarmActions(clock, options.metrics, options);
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
    putAlarm: (place, settings) => void registryOf(place).put(defineAlarm(settings)),
    deleteAlarm: (place, name) => registryOf(place).delete(name),
    alarmState: (place, name) => registryOf(place).find(name)?.state.value,
    alarmsOfAction: (place, action) =>
      registryOf(place)
        .list()
        .filter(({ definition: { settings } }) =>
          [settings.AlarmActions, settings.OKActions, settings.InsufficientDataActions].some(
            (actions) => actions?.includes(action),
          ),
        ),
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
