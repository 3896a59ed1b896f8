import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';

/**
 * What producers need to put records into a stream, by what they put them with.
 *
 * `grantWrite` of aws-cdk-lib lets them do more than that, and encrypt with the key of the stream themselves.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 */
export class ProducerGrants {
  /** The SDK: PutRecord and PutRecords, and the stream's key. */
  public static sdk(stream: kinesis.IStream, grantee: iam.IGrantable): iam.Grant {
    stream.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');
    return stream.grant(grantee, 'kinesis:PutRecord', 'kinesis:PutRecords');
  }

  /**
   * The Kinesis Producer Library, which also looks at the shards to spread records over them, and publishes metrics of its own.
   *
   * @param metricsNamespace - what the library is told, if not its own default
   * @see https://docs.aws.amazon.com/streams/latest/dev/kinesis-kpl-permissions.html
   */
  public static kpl(
    stream: kinesis.IStream,
    grantee: iam.IGrantable,
    metricsNamespace = 'KinesisProducerLibrary',
  ): iam.Grant {
    grantPutMetrics(grantee, metricsNamespace);
    return ProducerGrants.sdk(stream, grantee).combine(
      stream.grant(
        grantee,
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:ListShards',
      ),
    );
  }

  /**
   * The Kinesis Agent, which follows files and publishes metrics of its own.
   *
   * @see https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
   */
  public static agent(stream: kinesis.IStream, grantee: iam.IGrantable): iam.Grant {
    grantPutMetrics(grantee, 'AWSKinesisAgent');
    return ProducerGrants.sdk(stream, grantee);
  }

  private constructor() {}
}

/** CloudWatch has no resources to name: it is the namespace that the right is for. */
export function grantPutMetrics(grantee: iam.IGrantable, namespace: string): void {
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['cloudwatch:PutMetricData'],
    resourceArns: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
  });
  if (Construct.isConstruct(grantee)) {
    Validations.of(grantee).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'CloudWatch has no resources to name; the right is for one namespace.',
    });
  }
}
