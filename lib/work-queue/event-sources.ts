import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct, IDependable } from 'constructs';
import { allowUseOfKey } from '../encryption/key-use';

const WARNING = {
  id: 'cdk-decouple:queueKeyNotOurs',
  whose: "the queue's key",
  otherwise: 'its messages will not arrive',
};

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
  allowUseOfKey(
    queue,
    queue.encryptionMasterKey,
    new iam.ServicePrincipal(source.service),
    WARNING,
  );
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
  allowUseOfKey(queue, queue.encryptionMasterKey, principal, WARNING);
}

/** The account a resource belongs to, where it is another than the queue's or can only be said so. */
export function accountOf(scope: IConstruct, account: string | undefined): string {
  return account === undefined || Token.isUnresolved(account) ? Stack.of(scope).account : account;
}
