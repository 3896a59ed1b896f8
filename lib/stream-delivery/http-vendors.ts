import { Duration, Size } from 'aws-cdk-lib';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { HttpDeliveryOptions, HttpDestinationOptions } from './http-endpoint-destination';

/**
 * Where Datadog takes what.
 *
 * @see https://docs.datadoghq.com/logs/guide/send-aws-services-logs-with-the-datadog-kinesis-firehose-destination/
 */
export enum DatadogEndpoint {
  LOGS_US1 = 'https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input',
  LOGS_US3 = 'https://aws-kinesis-http-intake.logs.us3.datadoghq.com/api/v2/logs?dd-protocol=aws-kinesis-firehose',
  LOGS_US5 = 'https://aws-kinesis-http-intake.logs.us5.datadoghq.com/api/v2/logs?dd-protocol=aws-kinesis-firehose',
  LOGS_AP1 = 'https://aws-kinesis-http-intake.logs.ap1.datadoghq.com/api/v2/logs?dd-protocol=aws-kinesis-firehose',
  LOGS_EU = 'https://aws-kinesis-http-intake.logs.datadoghq.eu/v1/input',
  METRICS_US = 'https://awsmetrics-intake.datadoghq.com/v1/input',
  METRICS_US5 = 'https://event-platform-intake.us5.datadoghq.com/api/v2/awsmetrics?dd-protocol=aws-kinesis-firehose',
  METRICS_AP1 = 'https://event-platform-intake.ap1.datadoghq.com/api/v2/awsmetrics?dd-protocol=aws-kinesis-firehose',
  METRICS_EU = 'https://awsmetrics-intake.datadoghq.eu/v1/input',
}

/**
 * Where New Relic takes what.
 *
 * @see https://docs.newrelic.com/docs/logs/forward-logs/stream-logs-using-kinesis-data-firehose/
 */
export enum NewRelicEndpoint {
  LOGS_US = 'https://aws-api.newrelic.com/firehose/v1',
  LOGS_EU = 'https://aws-api.eu.newrelic.com/firehose/v1',
  METRICS_US = 'https://aws-api.newrelic.com/cloudwatch-metrics/v1',
  METRICS_EU = 'https://aws-api.eu01.nr-data.net/cloudwatch-metrics/v1',
}

/** What a vendor can be told. */
export interface VendorOptions extends HttpDeliveryOptions {
  /** A secret of JSON with the key `api_key`: the key that the vendor knows you by. */
  readonly apiKey: secretsmanager.ISecret;
}

/** What {@link Destination.datadog} can be told. */
export interface DatadogOptions extends VendorOptions {
  readonly endpoint: DatadogEndpoint;
}

/** What {@link Destination.newRelic} can be told. */
export interface NewRelicOptions extends VendorOptions {
  readonly endpoint: NewRelicEndpoint;
}

/** What {@link Destination.mongoDb} can be told. */
export interface MongoDbOptions extends VendorOptions {
  /** The endpoint of your own that writes to the database: `https` only. */
  readonly url: string;
}

const A_MINUTE = Duration.minutes(1);

/** As Datadog asks for it: a minute or 4 MiB. */
export function datadog({ apiKey, endpoint, ...options }: DatadogOptions): HttpDestinationOptions {
  return {
    bufferingInterval: A_MINUTE,
    bufferingSize: Size.mebibytes(4),
    retryDuration: A_MINUTE,
    ...options,
    name: 'Datadog',
    url: endpoint,
    accessKey: apiKey,
  };
}

/** As New Relic asks for it: a minute or 1 MiB. */
export function newRelic({
  apiKey,
  endpoint,
  ...options
}: NewRelicOptions): HttpDestinationOptions {
  return {
    bufferingInterval: A_MINUTE,
    bufferingSize: Size.mebibytes(1),
    retryDuration: A_MINUTE,
    ...options,
    name: 'New Relic',
    url: endpoint,
    accessKey: apiKey,
  };
}

/** As AWS's page for MongoDB Cloud has it. */
export function mongoDb({ apiKey, url, ...options }: MongoDbOptions): HttpDestinationOptions {
  return {
    bufferingInterval: A_MINUTE,
    bufferingSize: Size.mebibytes(5),
    ...options,
    name: 'MongoDB Cloud',
    url,
    accessKey: apiKey,
  };
}
