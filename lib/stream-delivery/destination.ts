import type { IDestination } from './destination-contract';
import { type HttpDestinationOptions, HttpEndpointDestination } from './http-endpoint-destination';
import {
  type DatadogOptions,
  datadog,
  type MongoDbOptions,
  mongoDb,
  type NewRelicOptions,
  newRelic,
} from './http-vendors';
import { OpenSearchDestination, type OpenSearchOptions } from './open-search-destination';
import {
  OpenSearchServerlessDestination,
  type OpenSearchServerlessOptions,
} from './open-search-serverless-destination';
import { RedshiftDestination, type RedshiftOptions } from './redshift-destination';
import { S3Destination, type S3DestinationOptions } from './s3-destination';
import { SplunkDestination, type SplunkOptions } from './splunk-destination';

/** Where a delivery stream can write to. All but a bucket need one for what they do not take. */
export class Destination {
  /** Objects in a bucket. */
  public static s3(options: S3DestinationOptions): IDestination {
    return new S3Destination(options);
  }

  /** A table of Redshift: objects in a bucket, and COPY from there. */
  public static redshift(options: RedshiftOptions): IDestination {
    return new RedshiftDestination(options);
  }

  /** An index of an OpenSearch domain; records have to be JSON. */
  public static openSearch(options: OpenSearchOptions): IDestination {
    return new OpenSearchDestination(options);
  }

  /** An index of an OpenSearch Serverless collection; records have to be JSON. */
  public static openSearchServerless(options: OpenSearchServerlessOptions): IDestination {
    return new OpenSearchServerlessDestination(options);
  }

  /** An index of Splunk, which tells when it has indexed what it was sent. */
  public static splunk(options: SplunkOptions): IDestination {
    return new SplunkDestination(options);
  }

  /** An endpoint of your own, or a vendor's, that speaks Firehose's protocol over HTTPS. */
  public static http(options: HttpDestinationOptions): IDestination {
    return new HttpEndpointDestination(options);
  }

  /** Datadog: logs or metrics. */
  public static datadog(options: DatadogOptions): IDestination {
    return new HttpEndpointDestination(datadog(options));
  }

  /** New Relic: logs or metrics. */
  public static newRelic(options: NewRelicOptions): IDestination {
    return new HttpEndpointDestination(newRelic(options));
  }

  /** MongoDB, by an endpoint of your own that writes to it. */
  public static mongoDb(options: MongoDbOptions): IDestination {
    return new HttpEndpointDestination(mongoDb(options));
  }

  private constructor() {}
}
