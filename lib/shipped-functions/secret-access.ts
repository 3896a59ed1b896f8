import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Lets somebody read a secret's value, and use the secret's key for it.
 *
 * `grantRead` of aws-cdk-lib lets them describe the secret too, and writes them into the key's policy. Where the key is of another
 * stack than a role, as with a database's own stack, that one would then depend on this one, which depends on it. The role's policy alone does
 * there: the policy that aws-cdk-lib gives the key leaves it to the account.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function grantReadSecret(
  grantee: iam.IGrantable,
  secret: secretsmanager.ISecret,
): iam.Grant {
  const grant = iam.Grant.addToPrincipalOrResource({
    grantee,
    actions: ['secretsmanager:GetSecretValue'],
    // The six characters at the end of the ARN are not known of a secret that is imported by its name.
    resourceArns: [secret.secretFullArn ?? `${secret.secretArn}-??????`],
    resource: secret,
  });
  const { grantPrincipal } = grantee;
  const key = secret.encryptionKey;
  const service = `secretsmanager.${Stack.of(secret).region}.amazonaws.com`;
  if (
    key instanceof kms.Key &&
    grantPrincipal instanceof iam.Role &&
    Stack.of(key) !== Stack.of(grantPrincipal)
  )
    grantPrincipal.addToPolicy(
      new iam.PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': service } },
      }),
    );
  else key?.grantDecrypt(new kms.ViaServicePrincipal(service, grantPrincipal));
  return grant;
}
