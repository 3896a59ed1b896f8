import { MinuteStatistics, type StatisticSet } from '../minute-statistics';

/**
 * Names of the metrics in namespace `AWS/SNS`, with dimension `TopicName`.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export type SnsMetricName =
  | 'NumberOfMessagesPublished'
  | 'NumberOfNotificationsDelivered'
  | 'NumberOfNotificationsFailed'
  | 'NumberOfNotificationsFailedToRedriveToDlq'
  | 'NumberOfNotificationsFilteredOut'
  | 'NumberOfNotificationsFilteredOut-InvalidAttributes'
  | 'NumberOfNotificationsFilteredOut-InvalidMessageBody'
  | 'NumberOfNotificationsFilteredOut-MessageAttributes'
  | 'NumberOfNotificationsFilteredOut-MessageBody'
  | 'NumberOfNotificationsFilteredOut-NoMessageAttributes'
  | 'NumberOfNotificationsRedrivenToDlq'
  | 'PublishSize';

/** One metric of one minute. */
export interface SnsDatapoint extends StatisticSet<SnsMetricName> {
  readonly unit: 'Count' | 'Bytes';
}

/** What a topic publishes for every minute in which something was done; nothing for the others. */
export class TopicMetrics extends MinuteStatistics<SnsMetricName> {
  constructor(readonly createdAt: number) {
    super();
  }

  /** The datapoints of all complete minutes that start in [from, to). */
  datapoints(from: number, to: number, now: number): SnsDatapoint[] {
    return this.sets(from, to, now).map((set) => ({
      ...set,
      unit: set.metric === 'PublishSize' ? 'Bytes' : 'Count',
    }));
  }
}
