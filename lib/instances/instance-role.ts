import { Validations } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';

/**
 * The role of instances: they fetch their program, write their logs, and let Session Manager in, so that nobody needs SSH.
 *
 * Not by the AWS managed policies, which would let them read every parameter and write to every log group of the account.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html
 */
export function instanceRole(
  scope: Construct,
  { asset, logGroup }: { readonly asset: Asset; readonly logGroup: logs.ILogGroup },
): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
  });
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [asset.bucket.arnForObjects(asset.s3ObjectKey)],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      resources: ['*'],
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: "Session Manager's actions have no resources to name.",
  });
  return role;
}

/**
 * Lets instances say of themselves that they are busy, and that they have finished.
 *
 * In a policy of its own, made after the group: the group waits for the role's other rights, which its instances need at boot.
 */
export function grantGroupMembership(
  scope: Construct,
  role: iam.IRole,
  group: autoscaling.AutoScalingGroup,
): void {
  const policy = new iam.Policy(scope, 'GroupMemberPolicy', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: [
          'autoscaling:CompleteLifecycleAction',
          'autoscaling:RecordLifecycleActionHeartbeat',
          'autoscaling:SetInstanceProtection',
        ],
        resources: [group.autoScalingGroupArn],
      }),
      new iam.PolicyStatement({
        actions: ['autoscaling:DescribeAutoScalingInstances'],
        resources: ['*'],
      }),
    ],
  });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'DescribeAutoScalingInstances has no resource to name.',
  });
  acknowledgeWildcard(
    policy,
    group.autoScalingGroupArn,
    "The group's ARN holds an id that CloudFormation does not give; its name is unique.",
  );
}
