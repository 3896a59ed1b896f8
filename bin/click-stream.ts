import {
  App,
  CfnOutput,
  Duration,
  RemovalPolicies,
  Size,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Destination, Processor, Source, StreamDelivery } from '../lib';

/**
 * Clicks on a website, kept in a bucket: a stream of two shards, a function that takes the address of the visitor away, and an object for
 * each minute or MiB.
 */
export class ClickStreamStack extends Stack {
  readonly clicks: StreamDelivery;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
    });
    this.clicks = new StreamDelivery(this, 'Clicks', {
      source: Source.stream({ shardCount: 2 }),
      processors: [
        Processor.jsonRecords({ removeFields: ['ip'], requiredFields: ['clickId', 'customerId'] }),
      ],
      destination: Destination.s3({
        bucket,
        prefix: 'clicks/',
        bufferingInterval: Duration.minutes(1),
        bufferingSize: Size.mebibytes(1),
      }),
    });

    // A reference app leaves nothing behind.
    RemovalPolicies.of(this).destroy();

    new CfnOutput(this, 'StreamName', { value: this.clicks.stream?.streamName ?? '' });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'DeliveryStreamName', {
      value: this.clicks.deliveryStream.deliveryStreamName,
    });
  }
}

if (require.main === module) {
  new ClickStreamStack(new App(), 'ClickStream');
}
