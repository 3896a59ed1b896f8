import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Goes off as soon as a dead-letter queue holds a message.
 *
 * It watches the messages that are there. `NumberOfMessagesSent` would not do: SQS does not count
 * messages there that its redrive policy moved.
 *
 * @param advice - what to do then, for the alarm's description
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html
 */
export function deadLettersAlarm(
  scope: Construct,
  id: string,
  deadLetterQueue: sqs.IQueue,
  advice: string,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      statistic: cloudwatch.Stats.MAXIMUM,
      // SQS publishes its metrics once a minute.
      period: Duration.minutes(1),
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: advice,
  });
}
