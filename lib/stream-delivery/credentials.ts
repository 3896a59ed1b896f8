import type * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { grantReadSecret } from '../shipped-functions/secret-access';

/**
 * Lets the role read credentials, so that they are not in the template.
 *
 * Firehose reads them again every 10 minutes.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/secrets-manager-whats-secret.html
 */
export function credentialsFrom(
  secret: secretsmanager.ISecret,
  role: iam.Role,
): CfnDeliveryStream.SecretsManagerConfigurationProperty {
  grantReadSecret(role, secret);
  return { enabled: true, secretArn: secret.secretArn, roleArn: role.roleArn };
}
