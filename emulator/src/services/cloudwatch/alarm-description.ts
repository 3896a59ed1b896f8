import type { MetricPlace } from '../../metrics/metric-sink';
import type { OutputOf } from '../../protocol/handlers';
import type { Alarm } from './alarm';
import type { Api } from './api';

type Description = NonNullable<OutputOf<Api, 'DescribeAlarms'>['MetricAlarms']>[number];

/** ARN of an alarm. */
export function alarmArn({ account, region }: MetricPlace, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** An alarm as DescribeAlarms shows it. */
export function describeAlarm(alarm: Alarm): Description {
  const { Tags: _tags, ...settings } = alarm.definition.settings;
  const { reason, reasonData, updatedAt, value } = alarm.state;
  return {
    ...settings,
    Dimensions: settings.Metrics ? [] : (settings.Dimensions ?? []),
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    ActionsEnabled: alarm.actionsEnabled,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: value,
    StateReason: reason,
    StateReasonData: reasonData,
    StateUpdatedTimestamp: new Date(updatedAt),
    StateTransitionedTimestamp: new Date(alarm.transitionedAt),
  };
}
