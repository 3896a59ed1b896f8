import { Aws, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { isKnown } from '../validation';

/**
 * A role that SNS writes the delivery logs of an application as, into the two log groups of that application only.
 *
 * @param application - its platform and name, such as `GCM/shop`
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-msg-status.html
 */
export function deliveryLogsRole(scope: Construct, application: string): iam.Role {
  const role = new iam.Role(scope, 'DeliveryLogsRole', {
    assumedBy: new iam.ServicePrincipal('sns.amazonaws.com'),
  });
  const groups = [application, `${application}/Failure`];
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:PutMetricFilter',
        'logs:PutRetentionPolicy',
      ],
      resources: groups.map((group) => logGroupArn(Aws.PARTITION, group)),
    }),
  );
  if (isKnown(application)) {
    Validations.of(role).acknowledge(
      ...groups.map((group) => ({
        id: `AwsSolutions-IAM5[Resource::${logGroupArn('<AWS::Partition>', group)}]`,
        reason: 'SNS names the streams in the two log groups of the application.',
      })),
    );
  }
  return role;
}

/** SNS names groups by region, account and application: a role's own account is the only one that it can write to. */
function logGroupArn(partition: string, application: string): string {
  return `arn:${partition}:logs:*:*:log-group:sns/*/app/${application}:*`;
}
