import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Destination, Source } from '../stream-delivery';
import { makeDeliveryStream } from '../stream-delivery/delivery-stream';

/** A delivery stream to a bucket, with a role and a log group of its own. */
export function archiveTo(scope: Construct, bucket: s3.IBucket): firehose.IDeliveryStream {
  return makeDeliveryStream(scope, 'DeliveryStream', {
    destination: Destination.s3({ bucket }),
    source: Source.directPut().bind(scope).properties,
  }).deliveryStream;
}

/**
 * The role that SNS writes to a delivery stream as.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html
 */
export function subscriptionRole(
  scope: Construct,
  deliveryStream: firehose.IDeliveryStream,
): iam.Role {
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
  return role;
}
