import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct, IDependable } from 'constructs';

/** A service that sends to a queue on behalf of one of its resources. */
export interface EventSource {
  /** Its principal, such as `sns.amazonaws.com`. */
  readonly service: string;
  /** The topic, bucket or rule it acts for. */
  readonly sourceArn: string;
  /** The account that owns the resource; S3's ARNs do not say. */
  readonly sourceAccount?: string;
}

/**
 * Lets a service send to `queue` for one of its resources only, and use the queue's key for it.
 *
 * The key's statement has no source condition: EventBridge gives KMS none, and a topic or bucket
 * encrypted with the same key would close a circle in CloudFormation. The queue's policy has it.
 *
 * @returns the queue's policy, for what must not be made before it; undefined if it cannot be changed from here
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function allowEventSource(queue: sqs.IQueue, source: EventSource): IDependable | undefined {
  const sourceAccount =
    source.sourceAccount === undefined ? {} : { 'aws:SourceAccount': source.sourceAccount };
  const { policyDependable } = queue.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(source.service)],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnEquals: { 'aws:SourceArn': source.sourceArn },
        ...(source.sourceAccount === undefined ? {} : { StringEquals: sourceAccount }),
      },
    }),
  );
  allowUseOfKey(queue, queue.encryptionMasterKey, new iam.ServicePrincipal(source.service));
  return policyDependable;
}

/**
 * Lets another account's principals send to `queue`, as far as their own policies let them too.
 */
export function allowAccount(queue: sqs.IQueue, accountId: string): void {
  const principal = new iam.AccountPrincipal(accountId);
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [principal],
      actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
      resources: [queue.queueArn],
    }),
  );
  allowUseOfKey(queue, queue.encryptionMasterKey, principal);
}

/** The account a resource belongs to, where it is another than the queue's or can only be said so. */
export function accountOf(scope: IConstruct, account: string | undefined): string {
  return account === undefined || Token.isUnresolved(account) ? Stack.of(scope).account : account;
}

function allowUseOfKey(
  scope: IConstruct,
  key: kms.IKey | undefined,
  principal: iam.PrincipalBase,
): void {
  const grant = key?.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [principal],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
  );
  if (grant !== undefined && !grant.statementAdded) {
    Annotations.of(scope).addWarningV2(
      'cdk-decouple:queueKeyNotOurs',
      `The policy of the queue's key cannot be changed from here: check that it lets ${principal} call kms:Decrypt and kms:GenerateDataKey*, or its messages will not arrive.`,
    );
  }
}
