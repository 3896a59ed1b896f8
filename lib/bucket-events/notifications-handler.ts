import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Id that aws-cdk-lib gives the function that sets the notifications of buckets, one in a stack. */
const HANDLER = /^BucketNotificationsHandler/;

/** Says of aws-cdk-lib's own function why it may have the policy that it has. */
export function acknowledgeNotificationsHandler(scope: IConstruct): void {
  const handler = Stack.of(scope).node.children.find(({ node }) => HANDLER.test(node.id));
  const role = handler?.node.tryFindChild('Role');
  if (role === undefined) return;
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    reason:
      'The role is that of the function with which aws-cdk-lib sets event notifications of buckets; the managed policy lets it write its logs.',
  });
}
