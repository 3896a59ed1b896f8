import type { Duration } from 'aws-cdk-lib';
import type { CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IDomain } from 'aws-cdk-lib/aws-opensearchservice';
import type { Construct } from 'constructs';
import { failuresOf } from '../validation';
import { backupMode } from './backup';
import type { DestinationContext, IDestination } from './destination-contract';
import { grantIndexing, networkOf } from './open-search-access';
import { type OpenSearchIndexOptions, openSearchRules } from './open-search-options';
import { processing } from './processing';
import { bufferingHints, DEFAULT_BUFFERING_INTERVAL, writeObjects } from './s3-objects';

/** How often a new index is begun: its name gets the time. */
export enum IndexRotation {
  NONE = 'NoRotation',
  HOURLY = 'OneHour',
  DAILY = 'OneDay',
  WEEKLY = 'OneWeek',
  MONTHLY = 'OneMonth',
}

/** What {@link Destination.openSearch} can be told. */
export interface OpenSearchOptions extends OpenSearchIndexOptions {
  /** The domain. With fine-grained access control, the delivery's role has to be mapped to one of the domain that may write. */
  readonly domain: IDomain;

  /**
   * How often a new index is begun.
   *
   * @default IndexRotation.DAILY
   */
  readonly indexRotation?: IndexRotation;

  /**
   * Whether the domain names documents instead of Firehose. It is faster; a document that is sent again is in the index twice.
   *
   * @default false
   */
  readonly domainNamesDocuments?: boolean;
}

const RULES = openSearchRules<OpenSearchOptions>();

/** An index of an OpenSearch domain. */
export class OpenSearchDestination implements IDestination {
  public readonly kind = 'OpenSearch';
  public readonly ownProcessors = 0;
  public readonly metrics = {
    freshness: 'DeliveryToAmazonOpenSearchService.DataFreshness',
    success: 'DeliveryToAmazonOpenSearchService.Success',
  };

  constructor(private readonly options: OpenSearchOptions) {}

  public get bufferingInterval(): Duration {
    return this.options.bufferingInterval ?? DEFAULT_BUFFERING_INTERVAL;
  }

  public validate(): readonly string[] {
    return failuresOf(this.options, RULES);
  }

  public bind(_scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps> {
    const { backup, domain, domainNamesDocuments, indexName, indexRotation, retryDuration } =
      this.options;
    const { role } = context;
    grantIndexing(role, domain.domainArn, indexName);
    return {
      amazonopensearchserviceDestinationConfiguration: {
        domainArn: domain.domainArn,
        roleArn: role.roleArn,
        indexName,
        indexRotationPeriod: indexRotation ?? IndexRotation.DAILY,
        documentIdOptions: {
          defaultDocumentIdFormat:
            domainNamesDocuments === true ? 'NO_DOCUMENT_ID' : 'FIREHOSE_DEFAULT',
        },
        vpcConfiguration: networkOf(role, this.options),
        bufferingHints: bufferingHints(this.options),
        retryOptions: { durationInSeconds: retryDuration?.toSeconds() ?? 300 },
        processingConfiguration: processing(context.processors),
        cloudWatchLoggingOptions: context.loggingTo('OpenSearchDestination'),
        s3BackupMode: backupMode('Documents', backup),
        s3Configuration: writeObjects(context, backup, 'S3Backup'),
      },
    };
  }
}
