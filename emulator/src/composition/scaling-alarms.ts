import type { AutoScalingService, ScalingAlarms, TrackingQuery } from '../services/autoscaling';
import type { AlarmScaling, AlarmSettings, CloudWatchService } from '../services/cloudwatch';

type Query = NonNullable<AlarmSettings['Metrics']>[number];

/** CloudWatch as scaling policies use it. */
export function scalingAlarms(cloudWatch: CloudWatchService): ScalingAlarms {
  return {
    put: (place, alarm) =>
      cloudWatch.putAlarm(place, {
        AlarmName: alarm.name,
        AlarmDescription: alarm.description,
        AlarmActions: [alarm.action],
        ComparisonOperator: alarm.comparison,
        Threshold: alarm.threshold,
        EvaluationPeriods: alarm.evaluationPeriods,
        Metrics: alarm.queries.map(alarmQuery),
      }),
    delete: (place, name) => cloudWatch.deleteAlarm(place, name),
    state: (place, name) => cloudWatch.alarmState(place, name),
    watching: (place, policyArn) => cloudWatch.alarmsOfAction(place, policyArn),
  };
}

/** Scaling policies as alarms run them. @param service - made after the alarms */
export function scalingOf(service: () => AutoScalingService): AlarmScaling {
  return {
    run: (policyArn, { alarmName: name, state, threshold, value }) =>
      service().runPolicy(policyArn, {
        alarm: { name, state },
        value,
        threshold,
        honorCooldown: true,
      }),
  };
}

/** Policies follow minutes where a query does not say otherwise. */
function alarmQuery({ MetricStat: stat, ReturnData = true, ...query }: TrackingQuery): Query {
  return {
    ...query,
    ReturnData,
    MetricStat: stat && {
      Metric: stat.Metric,
      Period: stat.Period ?? 60,
      Stat: stat.Stat,
      Unit: stat.Unit as AlarmUnit,
    },
  };
}

type AlarmUnit = NonNullable<Query['MetricStat']>['Unit'];
