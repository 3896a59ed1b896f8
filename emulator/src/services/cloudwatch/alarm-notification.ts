import type { Alarm, StateRecord } from './alarm';
import { instant } from './alarm-reason';
import { queriesOf } from './alarm-settings';
import { dimensionsOf, type GivenDimension } from './api';
import { regionTitle } from './region-title';

/** An alarm that has gone from one state to another. */
export interface Transition {
  readonly alarm: Alarm;
  readonly from: StateRecord;
  readonly to: StateRecord;
}

/**
 * What a topic gets.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function topicMessage({ alarm, from, to }: Transition): {
  Subject: string;
  Message: string;
} {
  const { account, region } = alarm.place;
  const { settings } = alarm.definition;
  const title = regionTitle(region);
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: instant(alarm.configuredAt),
    NewStateValue: to.value,
    NewStateReason: to.reason,
    StateChangeTime: instant(to.updatedAt),
    Region: title,
    AlarmArn: alarm.arn,
    OldStateValue: from.value,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    Trigger: triggerOf(alarm),
  };
  // SNS takes subjects of up to 100 characters.
  const subject = `${to.value}: "${alarm.name}" in ${title}`;
  return { Subject: subject.slice(0, 100), Message: JSON.stringify(message) };
}

function triggerOf({ definition }: Alarm): object {
  const { settings } = definition;
  const rest = {
    Period: definition.period,
    EvaluationPeriods: settings.EvaluationPeriods,
    ...(settings.DatapointsToAlarm !== undefined && {
      DatapointsToAlarm: settings.DatapointsToAlarm,
    }),
    ComparisonOperator: settings.ComparisonOperator,
    Threshold: settings.Threshold,
    TreatMissingData: settings.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: settings.EvaluateLowSampleCountPercentile ?? '',
  };
  if (!settings.Metrics)
    return {
      MetricName: settings.MetricName,
      Namespace: settings.Namespace,
      ...(settings.Statistic === undefined
        ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: settings.ExtendedStatistic }
        : { StatisticType: 'Statistic', Statistic: statisticNames[settings.Statistic] }),
      Unit: settings.Unit ?? null,
      Dimensions: lowerCase(settings.Dimensions),
      ...rest,
    };
  return {
    ...rest,
    Metrics: settings.Metrics.map(({ Expression, Id, Label, MetricStat, ReturnData = true }) => ({
      ...(Expression !== undefined && { Expression }),
      Id,
      ...(Label !== undefined && { Label }),
      ...(MetricStat && {
        MetricStat: {
          Metric: {
            Dimensions: lowerCase(MetricStat.Metric.Dimensions),
            MetricName: MetricStat.Metric.MetricName,
            Namespace: MetricStat.Metric.Namespace,
          },
          Period: MetricStat.Period,
          Stat: MetricStat.Stat,
          ...(MetricStat.Unit !== undefined && { Unit: MetricStat.Unit }),
        },
      }),
      ReturnData,
    })),
  };
}

const statisticNames: Readonly<Record<string, string>> = {
  Average: 'AVERAGE',
  Maximum: 'MAXIMUM',
  Minimum: 'MINIMUM',
  SampleCount: 'SAMPLE_COUNT',
  Sum: 'SUM',
};

function lowerCase(dimensions: readonly GivenDimension[] = []): { value: string; name: string }[] {
  return dimensions.map(({ Name, Value }) => ({ value: Value, name: Name }));
}

/**
 * What a function gets.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */
export function functionEvent({ alarm, from, to }: Transition): object {
  const { account, region } = alarm.place;
  const { settings } = alarm.definition;
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: account,
    time: instant(to.updatedAt),
    region,
    alarmData: {
      alarmName: alarm.name,
      state: stateOf(to),
      previousState: stateOf(from),
      configuration: {
        ...(settings.AlarmDescription !== undefined && { description: settings.AlarmDescription }),
        metrics: queriesOf(settings).map(
          ({ Expression, Id, Label, MetricStat, ReturnData = true }) => ({
            id: Id,
            ...(Expression !== undefined && { expression: Expression }),
            ...(Label !== undefined && { label: Label }),
            ...(MetricStat && {
              metricStat: {
                metric: {
                  namespace: MetricStat.Metric.Namespace,
                  name: MetricStat.Metric.MetricName,
                  dimensions: dimensionsOf(MetricStat.Metric.Dimensions),
                },
                period: MetricStat.Period,
                stat: MetricStat.Stat,
              },
            }),
            returnData: ReturnData,
          }),
        ),
      },
    },
  };
}

function stateOf({ reason, reasonData, updatedAt, value }: StateRecord): object {
  return {
    value,
    reason,
    ...(reasonData !== undefined && { reasonData }),
    timestamp: instant(updatedAt),
  };
}
