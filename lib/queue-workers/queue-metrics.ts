import { Duration } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** SQS and Auto Scaling publish their metrics once a minute. */
export const PERIOD = Duration.minutes(1);

/**
 * Messages that wait for a consumer. Those that are delayed are not among them.
 */
export function waiting(queue: sqs.IQueue): cloudwatch.Metric {
  return queue.metricApproximateNumberOfMessagesVisible({
    statistic: cloudwatch.Stats.MAXIMUM,
    period: PERIOD,
  });
}

/**
 * Messages that wait or are in flight: what is left to do.
 */
export function outstanding(queue: sqs.IQueue): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: 'waiting + inFlight',
    label: 'Messages waiting or in flight',
    period: PERIOD,
    usingMetrics: {
      waiting: waiting(queue),
      inFlight: queue.metricApproximateNumberOfMessagesNotVisible({
        statistic: cloudwatch.Stats.MAXIMUM,
        period: PERIOD,
      }),
    },
  });
}

/**
 * A metric of a group, by its name: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
 */
export function groupMetric(
  group: autoscaling.AutoScalingGroup,
  metricName: 'GroupDesiredCapacity' | 'GroupInServiceInstances',
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/AutoScaling',
    metricName,
    dimensionsMap: { AutoScalingGroupName: group.autoScalingGroupName },
    statistic: cloudwatch.Stats.AVERAGE,
    period: PERIOD,
  });
}
