import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { grantSending } from '../encryption/queue-grants';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';

/** A role, or a policy of one. */
export type RightHolder = iam.IGrantable & IConstruct;

/**
 * Where Lambda tells of records that it gave up on.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export class FailureDestination {
  /** A standard queue. It gets where in the stream the records are, not the records: they have to be read again within its retention. */
  public static queue(queue: sqs.IQueue): FailureDestination {
    const failures = queue.fifo ? ['onFailure must be a standard queue: Lambda has no FIFO'] : [];
    return new FailureDestination(queue.queueArn, failures, (role) => grantSending(queue, role));
  }

  /** A standard topic. It gets where in the stream the records are, not the records. */
  public static topic(topic: sns.ITopic): FailureDestination {
    const failures = topic.fifo ? ['onFailure must be a standard topic: Lambda has no FIFO'] : [];
    return new FailureDestination(topic.topicArn, failures, (role) => {
      topic.masterKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
      topic.grantPublish(role);
    });
  }

  /** A bucket. It gets the records themselves, below `aws/lambda/`. */
  public static bucket(bucket: s3.IBucket): FailureDestination {
    return new FailureDestination(bucket.bucketArn, [], (role) => {
      const objects = bucket.arnForObjects('aws/lambda/*');
      bucket.encryptionKey?.grant(role, 'kms:GenerateDataKey');
      iam.Grant.addToPrincipalOrResource({
        grantee: role,
        actions: ['s3:ListBucket'],
        resourceArns: [bucket.bucketArn],
        resource: bucket,
      });
      iam.Grant.addToPrincipalOrResource({
        grantee: role,
        actions: ['s3:PutObject'],
        resourceArns: [objects],
        resource: bucket,
      });
      acknowledgeWildcard(role, objects, 'Lambda names the objects that it writes.');
    });
  }

  private constructor(
    /** ARN of the destination. */
    public readonly arn: string,
    /** What is wrong with it. */
    public readonly failures: readonly string[],
    /** Lets Lambda, as the function's role or by a policy of it, write there. */
    public readonly grantTo: (role: RightHolder) => void,
  ) {}
}
