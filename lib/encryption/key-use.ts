import { Annotations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/** What is said if the policy of a key cannot be changed from here. */
export interface KeyWarning {
  /** Such as `cdk-decouple:queueKeyNotOurs`: warnings are acknowledged by it. */
  readonly id: string;
  /** Whose key it is, such as `the queue's key`. */
  readonly whose: string;
  /** What happens if nobody sees to it. */
  readonly otherwise: string;
}

/**
 * Lets a principal that sends encrypted messages use a key for it, or warns that this cannot be done from here.
 *
 * The statement has no source condition: some services give KMS none, and a source that is encrypted with the same key
 * would close a circle in CloudFormation. The policy of the queue or topic has it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function allowUseOfKey(
  scope: IConstruct,
  key: kms.IKey | undefined,
  principal: iam.PrincipalBase,
  { id, otherwise, whose }: KeyWarning,
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
      id,
      `The policy of ${whose} cannot be changed from here: check that it lets ${principal} call kms:Decrypt and kms:GenerateDataKey*, or ${otherwise}.`,
    );
  }
}
