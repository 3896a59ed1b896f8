import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';

/**
 * Lets the grantee poll a stream, and use its key for it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 */
export function grantReadStream(stream: kinesis.IStream, grantee: iam.IGrantable): void {
  stream.encryptionKey?.grant(grantee, 'kms:Decrypt');
  stream.grant(
    grantee,
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  );
}

/** Lets the grantee have records pushed as a consumer of a stream, and use the stream's key for it. */
export function grantSubscribe(
  consumer: kinesis.IStreamConsumer,
  stream: kinesis.IStream,
  grantee: iam.IGrantable,
): void {
  stream.encryptionKey?.grant(grantee, 'kms:Decrypt');
  stream.grant(
    grantee,
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:ListShards',
  );
  consumer.grant(grantee, 'kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard');
}
