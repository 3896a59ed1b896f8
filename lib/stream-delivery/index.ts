export { type BackedUpOptions, BackedUpRecords, type BackupOptions } from './backup';
export type { DeliveryLogsOptions } from './delivery-stream';
export { Destination } from './destination';
export type { DestinationContext, DestinationMetrics, IDestination } from './destination-contract';
export { Format, type FormatOptions, type TableName } from './format';
export type { FunctionProcessorOptions } from './function-processor';
export type { HttpDeliveryOptions, HttpDestinationOptions } from './http-endpoint-destination';
export {
  DatadogEndpoint,
  type DatadogOptions,
  type MongoDbOptions,
  NewRelicEndpoint,
  type NewRelicOptions,
  type VendorOptions,
} from './http-vendors';
export type { JsonRecordsOptions } from './json-records-processor';
export { IndexRotation, type OpenSearchOptions } from './open-search-destination';
export type { OpenSearchIndexOptions } from './open-search-options';
export type { Collection, OpenSearchServerlessOptions } from './open-search-serverless-destination';
export { Deaggregation, Partitioning, type PartitioningOptions } from './partitioning';
export { Processor } from './processor';
export type { IProcessor } from './processor-contract';
export type { RedshiftOptions } from './redshift-destination';
export type { S3DestinationOptions } from './s3-destination';
export type { S3ObjectsOptions } from './s3-objects';
export { type BoundSource, type DirectPutOptions, Source, type StreamOptions } from './source';
export type { SplunkOptions } from './splunk-destination';
export { StreamDelivery } from './stream-delivery';
export type { StreamDeliveryAlarms } from './stream-delivery-alarms';
export type { StreamDeliveryProps } from './stream-delivery-props';
