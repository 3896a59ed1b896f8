import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { tooMuch } from '../streams/stream-alarms';

/** The alarms of an application. */
export interface StreamAnalyticsAlarms {
  /** Goes off when the application is down. */
  readonly downtime: cloudwatch.Alarm;
  /** Goes off when its state cannot be saved. */
  readonly checkpoints: cloudwatch.Alarm;
  /** Goes off when its processors are busy. */
  readonly cpu: cloudwatch.Alarm;
  /** Goes off when its memory is nearly full. */
  readonly memory: cloudwatch.Alarm;
}

/**
 * As AWS recommends them; the metrics are published by the name of the application.
 *
 * @see https://docs.aws.amazon.com/managed-flink/latest/java/monitoring-metrics-alarms.html
 */
export function analyticsAlarms(scope: Construct, application: string): StreamAnalyticsAlarms {
  const metric = (metricName: string, statistic: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/KinesisAnalytics',
      metricName,
      dimensionsMap: { Application: application },
      statistic,
      period: Duration.minutes(1),
    });
  return {
    downtime: tooMuch(scope, 'DowntimeAlarm', {
      metric: metric('downtime', cloudwatch.Stats.AVERAGE),
      threshold: 1,
      alarmDescription: 'The application is down: it failed, and is not running again yet.',
    }),
    checkpoints: tooMuch(scope, 'CheckpointsAlarm', {
      metric: new cloudwatch.MathExpression({
        expression: 'RATE(failed)',
        label: 'Failed checkpoints',
        period: Duration.minutes(1),
        usingMetrics: { failed: metric('numberOfFailedCheckpoints', cloudwatch.Stats.MAXIMUM) },
      }),
      threshold: Number.EPSILON,
      alarmDescription:
        'The state of the application cannot be saved: after a failure it would go on from long ago.',
    }),
    cpu: tooMuch(scope, 'CpuAlarm', {
      metric: metric('cpuUtilization', cloudwatch.Stats.MAXIMUM),
      threshold: 80,
      alarmDescription: 'The processors of the application are busy: give it more parallelism.',
    }),
    memory: tooMuch(scope, 'MemoryAlarm', {
      metric: metric('heapMemoryUtilization', cloudwatch.Stats.MAXIMUM),
      threshold: 90,
      alarmDescription:
        'The memory of the application is nearly full: it may fail. Give it more parallelism, or less state.',
    }),
  };
}
