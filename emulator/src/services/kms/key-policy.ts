import type { Caller } from '../../iam/caller';
import { policyProblem } from '../../iam/policy-grammar';
import { ServiceError } from '../../protocol/errors';

/** The policy of a key that is created without one: IAM policies of the account decide. */
export function defaultKeyPolicy(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/** The policy of the key behind `alias/aws/<service>`: whoever may use the service in the account. */
export function awsManagedKeyPolicy(account: string, region: string, service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `${service}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  });
}

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

/**
 * Checks a key policy before it is put.
 *
 * @param bypassLockoutCheck - otherwise the caller must still be able to change the policy afterwards:
 *   https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 * @throws MalformedPolicyDocumentException, LimitExceededException above 32 KiB
 */
export function checkKeyPolicy(
  policy: string,
  account: string,
  caller: Caller,
  bypassLockoutCheck: boolean,
): void {
  if (Buffer.byteLength(policy) > 32_768)
    throw new ServiceError('LimitExceededException', 'The key policy exceeds 32768 bytes.');
  const problem = policyProblem(policy, 'resource');
  if (problem !== undefined) throw new ServiceError('MalformedPolicyDocumentException', problem);
  if (!bypassLockoutCheck && !statementsOf(policy).some((one) => keepsAccess(one, account, caller)))
    throw new ServiceError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    );
}

function statementsOf(policy: string): Statement[] {
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  return Array.isArray(statements) ? statements : [statements];
}

function keepsAccess(statement: Statement, account: string, caller: Caller): boolean {
  if (statement.Effect !== 'Allow') return false;
  const actions = [statement.Action].flat().map(String);
  if (!actions.some((action) => wildcard(action).test('kms:PutKeyPolicy'))) return false;
  const { Principal: principal } = statement;
  const named: unknown =
    typeof principal === 'object' && principal !== null && 'AWS' in principal
      ? principal.AWS
      : principal;
  const accepted = ['*', account, `arn:aws:iam::${account}:root`, caller.arn];
  if (caller.kind === 'role-session') accepted.push(caller.roleArn);
  return [named].flat().some((name) => typeof name === 'string' && accepted.includes(name));
}

function wildcard(action: string): RegExp {
  const pattern = action.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern.replaceAll('?', '.')}$`, 'i');
}
