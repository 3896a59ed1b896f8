import { type Duration, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnAccessPolicy } from 'aws-cdk-lib/aws-opensearchserverless';
import type { Construct } from 'constructs';
import { failuresOf, isKnown, type ValidationRule } from '../validation';
import { backupMode } from './backup';
import type { DestinationContext, IDestination } from './destination-contract';
import { networkOf } from './open-search-access';
import { type OpenSearchIndexOptions, openSearchRules } from './open-search-options';
import { processing } from './processing';
import { bufferingHints, DEFAULT_BUFFERING_INTERVAL, writeObjects } from './s3-objects';

/** A collection of OpenSearch Serverless. */
export interface Collection {
  /** Its name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** Such as `https://abc.eu-west-1.aoss.amazonaws.com`. */
  readonly endpoint: string;
}

/** What {@link Destination.openSearchServerless} can be told. */
export interface OpenSearchServerlessOptions extends OpenSearchIndexOptions {
  /** The collection. An access policy is made that lets the delivery write to the one index. */
  readonly collection: Collection;
}

const RULES: ReadonlyArray<ValidationRule<OpenSearchServerlessOptions>> = [
  {
    fails: ({ collection: { endpoint } }) => isKnown(endpoint) && !/^https:\/\/./.test(endpoint),
    message: ({ collection: { endpoint } }) =>
      `collection.endpoint must begin with https://, got '${endpoint}'`,
  },
  ...openSearchRules<OpenSearchServerlessOptions>(),
];

/** An index of an OpenSearch Serverless collection. */
export class OpenSearchServerlessDestination implements IDestination {
  public readonly kind = 'OpenSearchServerless';
  public readonly ownProcessors = 0;
  public readonly metrics = {
    freshness: 'DeliveryToAmazonOpenSearchServerless.DataFreshness',
    success: 'DeliveryToAmazonOpenSearchServerless.Success',
  };

  constructor(private readonly options: OpenSearchServerlessOptions) {}

  public get bufferingInterval(): Duration {
    return this.options.bufferingInterval ?? DEFAULT_BUFFERING_INTERVAL;
  }

  public validate(): readonly string[] {
    return failuresOf(this.options, RULES);
  }

  public bind(scope: Construct, context: DestinationContext): Partial<CfnDeliveryStreamProps> {
    const { backup, collection, indexName, retryDuration } = this.options;
    const { role } = context;
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['aoss:APIAccessAll'], resources: [collection.arn] }),
    );
    this.allowIndexing(scope, role);
    return {
      amazonOpenSearchServerlessDestinationConfiguration: {
        collectionEndpoint: collection.endpoint,
        roleArn: role.roleArn,
        indexName,
        vpcConfiguration: networkOf(role, this.options),
        bufferingHints: bufferingHints(this.options),
        retryOptions: { durationInSeconds: retryDuration?.toSeconds() ?? 300 },
        processingConfiguration: processing(context.processors),
        cloudWatchLoggingOptions: context.loggingTo('OpenSearchServerlessDestination'),
        s3BackupMode: backupMode('Documents', backup),
        s3Configuration: writeObjects(context, backup, 'S3Backup'),
      },
    };
  }

  /** IAM alone does not do: a collection has access policies of its own. */
  private allowIndexing(scope: Construct, role: iam.Role): void {
    const { collection, indexName } = this.options;
    const name = Names.uniqueResourceName(scope, { maxLength: 32, separator: '-' }).toLowerCase();
    new CfnAccessPolicy(scope, 'AccessPolicy', {
      name,
      type: 'data',
      policy: Stack.of(scope).toJsonString([
        {
          Rules: [
            {
              ResourceType: 'index',
              Resource: [`index/${collection.name}/${indexName}`],
              Permission: [
                'aoss:CreateIndex',
                'aoss:DescribeIndex',
                'aoss:UpdateIndex',
                'aoss:WriteDocument',
              ],
            },
          ],
          Principal: [role.roleArn],
        },
      ]),
    });
  }
}
