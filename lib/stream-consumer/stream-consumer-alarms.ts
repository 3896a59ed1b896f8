import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { tooMuch } from '../streams/stream-alarms';

/** The alarms of a consumer. */
export interface StreamConsumerAlarms {
  /** Goes off when the function is called with records that are too old. */
  readonly iteratorAge: cloudwatch.Alarm;
  /** Goes off when the function fails: its shard waits. */
  readonly errors: cloudwatch.Alarm;
  /** Goes off when Lambda gave up on records; undefined if where it tells is not a queue of the construct's own. */
  readonly deadLetters?: cloudwatch.Alarm;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function consumerAlarms(
  scope: Construct,
  fn: lambda.IFunction,
  maxIteratorAge: Duration,
): Omit<StreamConsumerAlarms, 'deadLetters'> {
  const period = Duration.minutes(1);
  return {
    // Lambda's own, which there is with enhanced fan-out as well: Kinesis's counts only who polls.
    iteratorAge: tooMuch(scope, 'IteratorAgeAlarm', {
      metric: fn.metric('IteratorAge', { statistic: cloudwatch.Stats.MAXIMUM, period }),
      threshold: maxIteratorAge.toMilliseconds(),
      alarmDescription:
        'The consumer is far behind in the stream: what grows older than the retention of the stream is lost to it.',
    }),
    errors: tooMuch(scope, 'ErrorsAlarm', {
      metric: fn.metricErrors({ statistic: cloudwatch.Stats.SUM, period }),
      threshold: 1,
      alarmDescription:
        'The function fails. The batch is tried again, and what is behind it in its shard waits.',
    }),
  };
}
