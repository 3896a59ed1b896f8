import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';

/**
 * Lets a producer put records into a stream by the SDK, and use its key for it.
 *
 * `grantWrite` of aws-cdk-lib is for more than that: it lets the producer list shards, and encrypt with the key itself.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 */
export function grantPutRecords(stream: kinesis.IStream, grantee: iam.IGrantable): iam.Grant {
  stream.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');
  return stream.grant(grantee, 'kinesis:PutRecord', 'kinesis:PutRecords');
}
