const minute = 60_000;

/** How many minutes with activity are kept: two weeks if there is some in every minute. */
const recordsKept = 14 * 24 * 60;

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

/** One metric of one minute, as a statistic set. */
export interface SnsDatapoint {
  readonly metric: SnsMetricName;
  readonly unit: 'Count' | 'Bytes';
  /** Start of the minute, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sampleCount: number;
}

interface Statistic {
  sum: number;
  minimum: number;
  maximum: number;
  sampleCount: number;
}

/** What a topic publishes for every minute in which something was done; nothing for the others. */
export class TopicMetrics {
  private minutes: Map<number, Map<SnsMetricName, Statistic>> | undefined;

  constructor(readonly createdAt: number) {}

  /** Adds a sample: one message or notification, or the bytes of one. */
  add(metric: SnsMetricName, now: number, value = 1): void {
    const start = Math.floor(now / minute) * minute;
    this.minutes ??= new Map();
    let statistics = this.minutes.get(start);
    if (!statistics) {
      statistics = new Map();
      this.minutes.set(start, statistics);
      if (this.minutes.size > recordsKept) this.forgetOldest(this.minutes);
    }
    const statistic = statistics.get(metric);
    if (!statistic) {
      statistics.set(metric, { sum: value, minimum: value, maximum: value, sampleCount: 1 });
      return;
    }
    statistic.sum += value;
    statistic.minimum = Math.min(statistic.minimum, value);
    statistic.maximum = Math.max(statistic.maximum, value);
    statistic.sampleCount += 1;
  }

  /** The datapoints of all complete minutes that start in [from, to). */
  datapoints(from: number, to: number, now: number): SnsDatapoint[] {
    const points: SnsDatapoint[] = [];
    for (const [timestamp, statistics] of this.minutes ?? []) {
      if (timestamp < from || timestamp >= to || timestamp + minute > now) continue;
      for (const [metric, statistic] of statistics) {
        const unit = metric === 'PublishSize' ? 'Bytes' : 'Count';
        points.push({ metric, unit, timestamp, ...statistic });
      }
    }
    return points;
  }

  private forgetOldest(minutes: Map<number, unknown>): void {
    const [oldest] = minutes.keys();
    if (oldest !== undefined) minutes.delete(oldest);
  }
}
