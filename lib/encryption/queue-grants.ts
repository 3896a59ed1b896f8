import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * Lets Lambda poll a queue as the grantee. `grantConsumeMessages` is for consumers of one's own, which find the queue by its name
 * and keep messages hidden for longer: pollers do neither.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function grantPolling(queue: sqs.IQueue, grantee: iam.IGrantable): iam.Grant {
  queue.encryptionMasterKey?.grantDecrypt(grantee);
  return queue.grant(grantee, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
}

/**
 * Lets the grantee send to a queue whose URL it knows, and nothing besides.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function grantSending(queue: sqs.IQueue, grantee: iam.IGrantable): iam.Grant {
  queue.encryptionMasterKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
  return queue.grant(grantee, 'sqs:SendMessage');
}

/**
 * Lets a program of one's own work off a queue whose URL it knows: receive, keep messages hidden while it works on them, delete.
 */
export function grantWorking(queue: sqs.IQueue, grantee: iam.IGrantable): iam.Grant {
  queue.encryptionMasterKey?.grantDecrypt(grantee);
  return queue.grant(
    grantee,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  );
}
