import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Names of the AWS services that publish to topics. */
export type PublisherName =
  | 'autoScaling'
  | 'budgets'
  | 'cloudFormation'
  | 'cloudWatchAlarms'
  | 'databaseMigrationService'
  | 'dynamoDb'
  | 'lambda'
  | 'rdsEvents'
  | 's3';

/** How an AWS service publishes, and what a topic's policy has to say for it. */
export type Publisher =
  | {
      /** It comes as itself: the topic's policy, and its key's, must admit it. */
      readonly as: 'service';
      /** Such as `s3.amazonaws.com`. */
      readonly principal: string;
      /** Which of its resources publish; `{partition}`, `{region}` and `{account}` are the stack's. */
      readonly sourceArn: string;
      readonly page: string;
    }
  | {
      /** It comes as a role of the account that AWS has given the right to publish: only a key's policy must admit it. */
      readonly as: 'service-linked-role';
      /** ARN of the role below `arn:{partition}:iam::{account}:role`. */
      readonly role: string;
      readonly page: string;
    }
  | {
      /** It comes as a principal of yours: grant that one with `grantPublish`. */
      readonly as: 'your-principal';
      /** Which one. */
      readonly whose: string;
      readonly page: string;
    };

/**
 * Who publishes how. They are not alike: some come as a service, others as a role.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-event-sources.html
 */
export const PUBLISHERS: Readonly<Record<PublisherName, Publisher>> = {
  autoScaling: {
    as: 'service-linked-role',
    role: '/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    page: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html',
  },
  budgets: {
    as: 'service',
    principal: 'budgets.amazonaws.com',
    sourceArn: 'arn:{partition}:budgets::{account}:*',
    page: 'https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html',
  },
  cloudFormation: {
    as: 'your-principal',
    whose: 'whoever deploys the stack, or the role that CloudFormation is given',
    page: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html',
  },
  cloudWatchAlarms: {
    as: 'service',
    principal: 'cloudwatch.amazonaws.com',
    sourceArn: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:*',
    page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html',
  },
  databaseMigrationService: {
    as: 'service',
    principal: 'dms.amazonaws.com',
    sourceArn: 'arn:{partition}:dms:{region}:{account}:*',
    page: 'https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Events.html',
  },
  dynamoDb: {
    as: 'your-principal',
    whose:
      "the role of the function that reads the table's stream: DynamoDB itself publishes nothing",
    page: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.Lambda.html',
  },
  lambda: {
    as: 'your-principal',
    whose: "the function's role",
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  },
  rdsEvents: {
    as: 'service',
    principal: 'events.rds.amazonaws.com',
    sourceArn: 'arn:{partition}:rds:{region}:{account}:*',
    page: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html',
  },
  s3: {
    as: 'service',
    principal: 's3.amazonaws.com',
    sourceArn: 'arn:{partition}:s3:::*',
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html',
  },
};

/** What the policy of a topic says to let a service publish for resources of the stack's account only. */
export function publishStatement(
  scope: IConstruct,
  topicArn: string,
  { principal, sourceArn }: Extract<Publisher, { as: 'service' }>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(principal)],
    actions: ['sns:Publish'],
    resources: [topicArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
      ArnLike: { 'aws:SourceArn': inStackOf(scope, sourceArn) },
    },
  });
}

/** The principal that has to have the use of a topic's key; undefined where it is one of the user's own. */
export function keyUserOf(scope: IConstruct, publisher: Publisher): iam.PrincipalBase | undefined {
  switch (publisher.as) {
    case 'service':
      return new iam.ServicePrincipal(publisher.principal);
    case 'service-linked-role':
      return new iam.ArnPrincipal(
        inStackOf(scope, `arn:{partition}:iam::{account}:role${publisher.role}`),
      );
    case 'your-principal':
      return undefined;
  }
}

function inStackOf(scope: IConstruct, arn: string): string {
  const { account, partition, region } = Stack.of(scope);
  return arn
    .replace('{partition}', partition)
    .replace('{region}', region)
    .replace('{account}', account);
}
