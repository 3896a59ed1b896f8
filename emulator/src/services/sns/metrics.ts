import type { MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import type { TopicAddress } from './names';

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

/** What a topic publishes for every minute in which something was done; nothing for the others. */
export type TopicMetrics = ResourceMetrics<SnsMetricName>;

/** The metrics of a topic. */
export function topicMetrics(sink: MetricSink, topic: TopicAddress): TopicMetrics {
  return new ResourceMetrics({
    sink,
    place: topic,
    namespace: 'AWS/SNS',
    dimensions: { TopicName: topic.name },
    units: { PublishSize: 'Bytes' },
  });
}
