import { Duration } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** The alarms of a group of instances. */
export interface InstanceAlarms {
  /** Goes off when an instance fails its status checks. */
  readonly statusCheck: cloudwatch.Alarm;
  /** Goes off when the group has been at its maximum for a while; undefined for a group of one size. */
  readonly atMaximum?: cloudwatch.Alarm;
}

/** Auto Scaling and EC2's status checks publish once a minute. */
const PERIOD = Duration.minutes(1);

/**
 * Goes off when the group has been as large as it may become for a quarter of an hour: it cannot follow any further.
 */
export function atMaximumAlarm(
  scope: Construct,
  group: autoscaling.AutoScalingGroup,
  maxCapacity: number,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'AtMaximumAlarm', {
    metric: ofGroup(group, 'AWS/AutoScaling', 'GroupInServiceInstances', cloudwatch.Stats.MINIMUM),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: maxCapacity,
    evaluationPeriods: 15,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription:
      'The group has had as many instances as it may have for 15 minutes. If work still piles up, raise maxCapacity, or find out why an instance does so little.',
  });
}

/**
 * Goes off when an instance fails its status checks in two minutes out of three. Its group replaces it; one that fails
 * again and again does not start.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
export function statusCheckAlarm(
  scope: Construct,
  group: autoscaling.AutoScalingGroup,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'StatusCheckAlarm', {
    metric: ofGroup(group, 'AWS/EC2', 'StatusCheckFailed', cloudwatch.Stats.MAXIMUM),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: 'An instance fails its status checks; the group replaces it.',
  });
}

function ofGroup(
  group: autoscaling.AutoScalingGroup,
  namespace: string,
  metricName: string,
  statistic: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    dimensionsMap: { AutoScalingGroupName: group.autoScalingGroupName },
    statistic,
    period: PERIOD,
  });
}
