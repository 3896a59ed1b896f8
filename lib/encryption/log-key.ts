import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * A key for log groups, once CloudWatch Logs may use it for this account's.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logKey(scope: Construct, key: kms.IKey | undefined): kms.IKey | undefined {
  const stack = Stack.of(scope);
  const service = `logs.${stack.region}.amazonaws.com`;
  const grant = key?.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(service)],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:DescribeKey',
      ],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
            service: 'logs',
            resource: '*',
          }),
        },
      },
    }),
  );
  if (grant !== undefined && !grant.statementAdded) {
    Annotations.of(scope).addWarningV2(
      'cdk-decouple:logKeyNotOurs',
      'The policy of logEncryptionKey cannot be changed from here: check that it lets CloudWatch Logs use the key, or the log group will not be made.',
    );
  }
  return key;
}
