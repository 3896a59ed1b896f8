import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Goes off when the sink turned batches away in three minutes out of five: it is down, throttles or times out.
 *
 * The age of the oldest message would not tell: SQS leaves messages out of it that were received three times.
 */
export function sinkErrorsAlarm(
  scope: Construct,
  id: string,
  sinkErrors: cloudwatch.Metric,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: sinkErrors,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription:
      'The sink cannot be reached, throttles or times out. Messages wait in the queue; none is lost.',
  });
}

/**
 * Goes off when the function itself failed in three minutes out of five: it crashed, ran out of memory or
 * of time, or could not start.
 */
export function functionErrorsAlarm(
  scope: Construct,
  id: string,
  fn: lambda.IFunction,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: fn.metricErrors({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(1) }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: 'The function that writes fails: it crashes, or runs out of memory or time.',
  });
}
