import type { Caller } from '../../iam/caller';
import { policyProblem } from '../../iam/policy-grammar';
import { ServiceError } from '../../protocol/errors';
import type { Bucket } from './bucket';

const sizeLimit = 20 * 1024;

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

/**
 * Puts a policy on a bucket.
 *
 * @throws MalformedPolicy; PolicyTooLarge above 20 KB; AccessDenied for a public policy where public access is blocked
 */
export function putBucketPolicy(bucket: Bucket, policy: string, caller: Caller): void {
  if (Buffer.byteLength(policy) > sizeLimit)
    throw malformed('PolicyTooLarge', 'The policy exceeds the maximum allowed document size.');
  if (!policy.trimStart().startsWith('{'))
    throw malformed(
      'MalformedPolicy',
      "Policies must be valid JSON and the first byte must be '{'",
    );
  const problem = policyProblem(policy, 'resource');
  if (problem !== undefined) throw malformed('MalformedPolicy', problem);
  for (const statement of statementsOf(policy)) {
    const resources = [statement.Resource ?? statement.NotResource].flat();
    if (!resources.every((resource) => isWithin(bucket, String(resource))))
      throw malformed('MalformedPolicy', 'Policy has invalid resource');
  }
  if (bucket.settings.publicAccessBlock?.BlockPublicPolicy && isPublic(policy))
    throw new ServiceError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      { status: 403 },
    );
  bucket.settings.policy = policy;
}

/**
 * Whether a policy lets anybody in without a condition.
 *
 * AWS knows more: a condition counts only if it fixes the caller to certain values. See
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function isPublic(policy: string): boolean {
  return statementsOf(policy).some((statement) => {
    const { Effect: effect, Principal: principal, Condition: condition } = statement;
    if (effect !== 'Allow' || condition !== undefined) return false;
    const named: unknown =
      typeof principal === 'object' && principal !== null && 'AWS' in principal
        ? principal.AWS
        : principal;
    return [named].flat().includes('*');
  });
}

function statementsOf(policy: string): Statement[] {
  const { Statement: statements } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  return Array.isArray(statements) ? statements : [statements];
}

function isWithin(bucket: Bucket, resource: string): boolean {
  const [, name = ''] = /^arn:aws[a-z-]*:s3:::([^/]*)(?:\/.*)?$/s.exec(resource) ?? [];
  const pattern = name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return name !== '' && new RegExp(`^${pattern.replaceAll('?', '.')}$`).test(bucket.name);
}

function malformed(code: string, message: string): ServiceError {
  return new ServiceError(code, message, { status: 400 });
}
