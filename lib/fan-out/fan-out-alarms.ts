import { Duration, type Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { isKnown } from '../validation';

/** The alarms of a topic. SNS publishes these metrics by topic, not by subscription: the dead-letter queues tell which. */
export interface FanOutAlarms {
  /** Goes off when deliveries fail, also those that are tried again. */
  readonly failed: cloudwatch.Alarm;
  /** Goes off when messages went to the dead-letter queue of their subscription. */
  readonly redriven: cloudwatch.Alarm;
  /** Goes off when messages could not even be moved to a dead-letter queue: they are lost. */
  readonly lost: cloudwatch.Alarm;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
export function fanOutAlarms(scope: Construct, topic: sns.ITopic): FanOutAlarms {
  const alarm = (id: string, metricName: string, alarmDescription: string) =>
    new cloudwatch.Alarm(scope, id, {
      metric: topic.metric(metricName, {
        statistic: cloudwatch.Stats.SUM,
        period: Duration.minutes(1),
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription,
    });
  return {
    failed: alarm(
      'FailedAlarm',
      'NumberOfNotificationsFailed',
      'SNS cannot deliver to a subscriber: it is down, or its policy does not admit the topic.',
    ),
    redriven: alarm(
      'RedrivenAlarm',
      'NumberOfNotificationsRedrivenToDlq',
      'SNS gave up on messages and moved them to the dead-letter queue of their subscription.',
    ),
    lost: alarm(
      'LostAlarm',
      'NumberOfNotificationsFailedToRedriveToDlq',
      'SNS could neither deliver messages nor move them to a dead-letter queue: look at the policies of queue and key.',
    ),
  };
}

/** Whether the topic's metrics are where the stack's alarms are. */
export function isOfStack(topic: sns.ITopic, { account, region }: Stack): boolean {
  return (
    (topic.env.account === account || !isKnown(topic.env.account)) &&
    (topic.env.region === region || !isKnown(topic.env.region))
  );
}
