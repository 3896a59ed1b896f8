import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** The alarms of a `WriteBuffer`; those of its queue are in `workQueue.alarms`. */
export interface WriteBufferAlarms {
  /** Goes off when the function crashes or runs out of memory or time. */
  readonly functionErrors: cloudwatch.Alarm;
  /** Goes off when the sink turns batches away; undefined for a function of one's own, which does not count them. */
  readonly sinkErrors?: cloudwatch.Alarm;
  /** Goes off when the sink's database throttles; undefined for one that does not count that. */
  readonly sinkThrottles?: cloudwatch.Alarm;
}

/** The alarms of an `InstanceWriteBuffer`; those of its queue and of its instances are in `workQueue.alarms` and `workers.alarms`. */
export interface InstanceWriteBufferAlarms {
  /** Goes off when the sink turns batches away. */
  readonly sinkErrors: cloudwatch.Alarm;
  /** Goes off when the sink's database throttles; undefined for one that does not count that. */
  readonly sinkThrottles?: cloudwatch.Alarm;
}

/**
 * Goes off when the sink turned batches away in two visibility timeouts out of three: it is down, throttles or times out.
 *
 * A message that failed is tried again once in a visibility timeout. Where few messages wait, shorter periods would
 * mostly have no data, and the alarm would stay silent for the whole of an outage.
 *
 * The age of the oldest message would not tell: SQS leaves messages out of it that were received three times.
 */
export function sinkErrorsAlarm(
  scope: Construct,
  sinkErrors: cloudwatch.Metric,
  visibilityTimeout: Duration,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'SinkErrorsAlarm', {
    ...inTwoOfThree(sinkErrors, visibilityTimeout),
    alarmDescription:
      'The sink cannot be reached, throttles or times out. Messages wait in the queue; none is lost.',
  });
}

/**
 * Goes off when the database throttled in two visibility timeouts out of three: it takes less than is sent.
 */
export function sinkThrottlesAlarm(
  scope: Construct,
  throttles: cloudwatch.Metric,
  visibilityTimeout: Duration,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'SinkThrottlesAlarm', {
    ...inTwoOfThree(throttles, visibilityTimeout),
    alarmDescription:
      'The table throttles what is written: messages wait in the queue. Give it more capacity, or the sink less concurrency.',
  });
}

/**
 * Goes off when the function itself failed in two visibility timeouts out of three: it crashed, ran out of memory
 * or of time, or could not start.
 */
export function functionErrorsAlarm(
  scope: Construct,
  fn: lambda.IFunction,
  visibilityTimeout: Duration,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'FunctionErrorsAlarm', {
    ...inTwoOfThree(fn.metricErrors(), visibilityTimeout),
    alarmDescription: 'The function that writes fails: it crashes, or runs out of memory or time.',
  });
}

/** One error in each of two periods out of three, a period being as long as a message takes to come back. */
function inTwoOfThree(errors: cloudwatch.Metric, visibilityTimeout: Duration) {
  const minutes = Math.max(1, Math.ceil(visibilityTimeout.toSeconds() / 60));
  return {
    metric: errors.with({
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(minutes),
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  };
}
