import type { MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import type { DeliveryStreamAddress } from './names';

/** Where records are delivered to, as names of metrics begin. */
const deliveries = [
  'BackupToS3',
  'DeliveryToAmazonOpenSearchServerless',
  'DeliveryToAmazonOpenSearchService',
  'DeliveryToElasticsearch',
  'DeliveryToHttpEndpoint',
  'DeliveryToRedshift',
  'DeliveryToS3',
  'DeliveryToSplunk',
] as const;

const deliveryMetrics = ['Bytes', 'DataFreshness', 'Records', 'Success'] as const;

const otherMetrics = [
  'BytesPerSecondLimit',
  'DataReadFromKinesisStream.Bytes',
  'DataReadFromKinesisStream.Records',
  'DeliveryToHttpEndpoint.ProcessedBytes',
  'DeliveryToHttpEndpoint.ProcessedRecords',
  'DeliveryToS3.ObjectCount',
  'DeliveryToSplunk.DataAckLatency',
  'ExecuteProcessing.Duration',
  'ExecuteProcessing.Success',
  'FailedConversion.Bytes',
  'FailedConversion.Records',
  'IncomingBytes',
  'IncomingPutRequests',
  'IncomingRecords',
  'JQProcessing.Duration',
  'KinesisMillisBehindLatest',
  'OutputDecompressedBytes.Failed',
  'OutputDecompressedBytes.Success',
  'OutputDecompressedRecords.Failed',
  'OutputDecompressedRecords.Success',
  'PartitionCount',
  'PartitionCountExceeded',
  'PutRecord.Bytes',
  'PutRecord.Requests',
  'PutRecordBatch.Bytes',
  'PutRecordBatch.Records',
  'PutRecordBatch.Requests',
  'PutRequestsPerSecondLimit',
  'RecordsPerSecondLimit',
  'SucceedConversion.Bytes',
  'SucceedConversion.Records',
  'SucceedProcessing.Bytes',
  'SucceedProcessing.Records',
  'ThrottledGetRecords',
  'ThrottledRecords',
] as const;

/** How the names of the metrics of a kind of delivery begin. */
export type DeliveryMetricPrefix = (typeof deliveries)[number];

/**
 * Names of the metrics in namespace `AWS/Firehose`, with dimension `DeliveryStreamName`.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
export type FirehoseMetricName =
  | (typeof otherMetrics)[number]
  | `${DeliveryMetricPrefix}.${(typeof deliveryMetrics)[number]}`;

/** What a delivery stream publishes for every minute in which something was done with it. */
export type FirehoseMetrics = ResourceMetrics<FirehoseMetricName>;

const units: Partial<Record<FirehoseMetricName, string>> = {};
for (const delivery of deliveries) {
  units[`${delivery}.Bytes`] = 'Bytes';
  units[`${delivery}.DataFreshness`] = 'Seconds';
}
for (const name of otherMetrics) {
  if (name.includes('Bytes')) units[name] = 'Bytes';
  if (/Duration$|Latency$|Millis/.test(name)) units[name] = 'Milliseconds';
}

/** The metrics of a delivery stream. */
export function firehoseMetrics(sink: MetricSink, stream: DeliveryStreamAddress): FirehoseMetrics {
  return new ResourceMetrics({
    sink,
    place: stream,
    namespace: 'AWS/Firehose',
    dimensions: { DeliveryStreamName: stream.name },
    units,
  });
}
