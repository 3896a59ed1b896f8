import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** The alarms of a platform application. */
export interface MobilePushAlarms {
  /** Goes off when pushes fail: a credential has expired, or the push service refuses what is sent. */
  readonly failed: cloudwatch.Alarm;
}

/**
 * SNS publishes what becomes of pushes by application and platform together, by their names.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export function mobilePushAlarms(
  scope: Construct,
  application: string,
  platform: string,
): MobilePushAlarms {
  return {
    failed: new cloudwatch.Alarm(scope, 'FailedAlarm', {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/SNS',
        metricName: 'NumberOfNotificationsFailed',
        dimensionsMap: { Application: application, Platform: platform },
        statistic: cloudwatch.Stats.SUM,
        period: Duration.minutes(5),
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'The push service does not take notifications: look into the delivery logs, and whether the credentials are still good.',
    }),
  };
}
