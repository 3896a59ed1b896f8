import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The alarms of a queue. */
export interface WorkQueueAlarms {
  /** Goes off when the dead-letter queue is not empty. */
  readonly deadLetters: cloudwatch.Alarm;
  /** Goes off when the oldest message waits longer than `maxAge`. */
  readonly age: cloudwatch.Alarm;
  /** Goes off when `maxDepth` messages wait or are in flight. */
  readonly depth: cloudwatch.Alarm;
}

/** SQS publishes its metrics once a minute. */
const PERIOD = Duration.minutes(1);

/**
 * Goes off when the oldest message has waited too long for three minutes out of five.
 *
 * SQS leaves messages out of this metric that were received three times or more, so it does not tell
 * of a consumer that keeps failing: that is what the depth alarm is for.
 */
export function ageAlarm(
  scope: Construct,
  id: string,
  queue: sqs.IQueue,
  maxAge: Duration,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: queue.metricApproximateAgeOfOldestMessage({
      statistic: cloudwatch.Stats.MAXIMUM,
      period: PERIOD,
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: maxAge.toSeconds(),
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: 'Messages wait too long: the consumer is slower than the producers.',
  });
}

/**
 * Goes off when too many messages are in the queue, waiting or in flight, for three minutes out of five.
 *
 * Those in flight count because a consumer that fails at once, as in an outage, keeps most of a backlog there: each
 * message is hidden for a whole visibility timeout after each attempt.
 */
export function depthAlarm(
  scope: Construct,
  id: string,
  queue: sqs.IQueue,
  maxDepth: number,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: new cloudwatch.MathExpression({
      expression: 'waiting + inFlight',
      label: 'Messages in the queue',
      period: PERIOD,
      usingMetrics: {
        waiting: queue.metricApproximateNumberOfMessagesVisible({
          statistic: cloudwatch.Stats.MAXIMUM,
        }),
        inFlight: queue.metricApproximateNumberOfMessagesNotVisible({
          statistic: cloudwatch.Stats.MAXIMUM,
        }),
      },
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: maxDepth,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription:
      'Too many messages in the queue: the consumer fails, or is slower than the producers.',
  });
}
