import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AutoScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { groupMetric, PERIOD, waiting } from './queue-metrics';
import type { ScalingBindOptions } from './scaling-contract';

/**
 * Adds the first instance of a group that has none as soon as a message waits.
 *
 * It looks at the desired capacity, which says 1 from the moment the instance is asked for: by the instances in service it would ask
 * again each minute while the first one boots. A group without instances may publish nothing, hence `FILL`.
 *
 * SQS stops publishing metrics of a queue that nobody has used for 6 hours, and takes up to 15 minutes to begin again: so long the
 * first message after a quiet night may wait.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
export function wakeFromZero(
  scope: Construct,
  { group, queue }: Pick<ScalingBindOptions, 'group' | 'queue'>,
): void {
  const policy = new autoscaling.StepScalingAction(scope, 'WakePolicy', {
    autoScalingGroup: group,
    adjustmentType: autoscaling.AdjustmentType.CHANGE_IN_CAPACITY,
    metricAggregationType: autoscaling.MetricAggregationType.MAXIMUM,
  });
  policy.addAdjustment({ adjustment: 1, lowerBound: 0 });
  new cloudwatch.Alarm(scope, 'WakeAlarm', {
    metric: new cloudwatch.MathExpression({
      expression: 'IF(FILL(desired, 0) < 1, waiting, 0)',
      label: 'Messages waiting while there is no instance',
      period: PERIOD,
      usingMetrics: {
        waiting: waiting(queue),
        desired: groupMetric(group, 'GroupDesiredCapacity'),
      },
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: 'Not a fault: adds the first instance, as messages wait and there is none.',
  }).addAlarmAction(new AutoScalingAction(policy));
}
