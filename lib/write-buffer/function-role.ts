import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

const KEY_REASON =
  'Writing to an encrypted table needs the variants of this action, on the one key of the table.';

/**
 * A role for a function, without the AWS managed policies, which would let it write to every log group.
 *
 * @param inVpc whether the function has network interfaces
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function functionRole(scope: Construct, id: string, inVpc: boolean): iam.Role {
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  if (inVpc) {
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      }),
    );
  }
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'Lambda checks that the role of a function in a VPC may use network interfaces of any name, and X-Ray has no resources to name; both are all that the wildcard is for.',
  });
  acknowledgeKeyVariants(role);
  return role;
}

/** Tells cdk-nag of the wildcards that writing to an encrypted table needs. */
export function acknowledgeKeyVariants(role: iam.Role): void {
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]', reason: KEY_REASON },
    { id: 'AwsSolutions-IAM5[Action::kms:ReEncrypt*]', reason: KEY_REASON },
  );
}
