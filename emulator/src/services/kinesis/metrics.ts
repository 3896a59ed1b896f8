import type { MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import type { StreamAddress } from './names';

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

/** What a stream publishes for every minute in which something was done with it. */
export type StreamMetrics = ResourceMetrics<KinesisMetricName>;

/** The metrics of a stream. */
export function streamMetrics(sink: MetricSink, stream: StreamAddress): StreamMetrics {
  return new ResourceMetrics({
    sink,
    place: stream,
    namespace: 'AWS/Kinesis',
    dimensions: { StreamName: stream.name },
    units: {
      'GetRecords.Bytes': 'Bytes',
      'GetRecords.IteratorAgeMilliseconds': 'Milliseconds',
      IncomingBytes: 'Bytes',
      'PutRecord.Bytes': 'Bytes',
      'PutRecords.Bytes': 'Bytes',
      'SubscribeToShardEvent.Bytes': 'Bytes',
      'SubscribeToShardEvent.MillisBehindLatest': 'Milliseconds',
    },
  });
}
