import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** A delivery stream to a bucket, and the role that SNS writes to it as. */
export interface Archive {
  readonly deliveryStream: firehose.DeliveryStream;
  readonly role: iam.Role;
}

/**
 * What SNS needs to write messages to a bucket: a Firehose delivery stream, and a role.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html
 */
export function archiveTo(scope: Construct, bucket: s3.IBucket): Archive {
  const deliveryStream = new firehose.DeliveryStream(scope, 'DeliveryStream', {
    destination: new firehose.S3Bucket(bucket, { compression: firehose.Compression.GZIP }),
    encryption: firehose.StreamEncryption.awsOwnedKey(),
  });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('sns.amazonaws.com'),
    description: 'SNS writes messages to the delivery stream of an archive',
  });
  deliveryStream.grant(
    role,
    'firehose:DescribeDeliveryStream',
    'firehose:ListDeliveryStreams',
    'firehose:ListTagsForDeliveryStream',
    'firehose:PutRecord',
    'firehose:PutRecordBatch',
  );
  return { deliveryStream, role };
}
