import { MinuteStatistics, type StatisticSet } from '../minute-statistics';

/**
 * Names of the metrics in namespace `AWS/Kinesis`, with dimension `StreamName`.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 */
export type KinesisMetricName =
  | 'GetRecords.Bytes'
  | 'GetRecords.IteratorAgeMilliseconds'
  | 'GetRecords.Records'
  | 'GetRecords.Success'
  | 'IncomingBytes'
  | 'IncomingRecords'
  | 'PutRecord.Bytes'
  | 'PutRecord.Success'
  | 'PutRecords.Bytes'
  | 'PutRecords.SuccessfulRecords'
  | 'PutRecords.FailedRecords'
  | 'PutRecords.Success'
  | 'PutRecords.ThrottledRecords'
  | 'PutRecords.TotalRecords'
  | 'ReadProvisionedThroughputExceeded'
  | 'SubscribeToShard.RateExceeded'
  | 'SubscribeToShard.Success'
  | 'SubscribeToShardEvent.Bytes'
  | 'SubscribeToShardEvent.MillisBehindLatest'
  | 'SubscribeToShardEvent.Records'
  | 'SubscribeToShardEvent.Success'
  | 'WriteProvisionedThroughputExceeded';

/** One metric of one minute, as a statistic set. */
export interface KinesisDatapoint extends StatisticSet<KinesisMetricName> {
  readonly unit: 'Bytes' | 'Count' | 'Milliseconds';
}

/** What a stream publishes for every minute in which something was done with it. */
export class StreamMetrics {
  private readonly statistics = new MinuteStatistics<KinesisMetricName>();

  add(metric: KinesisMetricName, now: number, value = 1): void {
    this.statistics.add(metric, now, value);
  }

  /** The datapoints of all complete minutes that start in [from, to). */
  datapoints(from: number, to: number, now: number): KinesisDatapoint[] {
    return this.statistics
      .sets(from, to, now)
      .map((point) => ({ ...point, unit: unitOf(point.metric) }));
  }
}

function unitOf(metric: KinesisMetricName): KinesisDatapoint['unit'] {
  if (metric.endsWith('Bytes')) return 'Bytes';
  return metric.includes('Millis') ? 'Milliseconds' : 'Count';
}
