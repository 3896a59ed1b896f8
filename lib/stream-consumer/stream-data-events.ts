import { Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { throwIfAny } from '../validation';

const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

/** What {@link StreamDataEvents} can be told. */
export interface StreamDataEventsProps {
  /** The streams whose records are put and read. */
  readonly streams: readonly kinesis.IStream[];

  /**
   * Where the log files go: a bucket of this app, whose policy then lets CloudTrail write.
   *
   * @default - a bucket is made
   */
  readonly bucket?: s3.Bucket;
}

/**
 * Who puts records into streams and reads them: CloudTrail's data events, which are off unless asked for, and cost by their number.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/logging-using-cloudtrail.html
 */
export class StreamDataEvents extends Construct {
  /** The trail. */
  public readonly trail: CfnTrail;

  /** Where its log files go. */
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, { bucket, streams }: StreamDataEventsProps) {
    throwIfAny(
      scope,
      id,
      StreamDataEvents.name,
      streams.length === 0 ? ['streams must have at least one'] : [],
    );
    super(scope, id);
    this.bucket = bucket ?? this.makeBucket();
    // Known before the trail is made, for the bucket's policy.
    const trailName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    this.allowTrail(trailName);
    const arns = streams.map(({ streamArn }) => streamArn);
    this.trail = new CfnTrail(this, 'Resource', {
      trailName,
      isLogging: true,
      s3BucketName: this.bucket.bucketName,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      advancedEventSelectors: [
        selector('Streams', 'AWS::Kinesis::Stream', { equalTo: arns }),
        selector('Consumers', 'AWS::Kinesis::StreamConsumer', {
          startsWith: arns.map((arn) => `${arn}/consumer/`),
        }),
      ],
    });
    if (this.bucket.policy !== undefined) this.trail.node.addDependency(this.bucket.policy);
  }

  private makeBucket(): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'It holds logs: those of who reads them would need a bucket of their own, without an end.',
    });
    return bucket;
  }

  /** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
  private allowTrail(trailName: string): void {
    const stack = Stack.of(this);
    const trailArn = stack.formatArn({
      service: 'cloudtrail',
      resource: 'trail',
      resourceName: trailName,
    });
    const allow = (action: string, resource: string, equal: Record<string, string>) =>
      this.bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal(CLOUDTRAIL)],
          actions: [action],
          resources: [resource],
          conditions: { StringEquals: { 'aws:SourceArn': trailArn, ...equal } },
        }),
      );
    allow('s3:GetBucketAcl', this.bucket.bucketArn, {});
    allow('s3:PutObject', this.bucket.arnForObjects(`AWSLogs/${stack.account}/*`), {
      's3:x-amz-acl': 'bucket-owner-full-control',
    });
  }
}

function selector(
  name: string,
  type: string,
  arn: Pick<CfnTrail.AdvancedFieldSelectorProperty, 'equalTo' | 'startsWith'>,
): CfnTrail.AdvancedEventSelectorProperty {
  return {
    name,
    fieldSelectors: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: [type] },
      { field: 'resources.ARN', ...arn },
    ],
  };
}
