import { policyProblem } from '../../iam/policy-grammar';
import { ServiceError } from '../../protocol/errors';
import { invalidPolicy } from './errors';
import type { FileSystem } from './file-system';

const maximumLength = 20_000;

/** Rights that clients of a file system need, in contrast to those of the API. */
const clientActions = new Set([
  'elasticfilesystem:ClientMount',
  'elasticfilesystem:ClientRootAccess',
  'elasticfilesystem:ClientWrite',
]);

/** EFS's own policy: whoever reaches a mount target may do everything. */
const defaultPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: '*' }, Action: [...clientActions], Resource: '*' },
  ],
});

/**
 * The policies in force on a file system. EFS's own is one for clients only, and goes when there is another.
 *
 * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function policiesFor({ policy }: FileSystem, action: string): string[] {
  if (policy !== undefined) return [policy];
  return clientActions.has(action) ? [defaultPolicy] : [];
}

/**
 * Gives a file system a policy.
 *
 * @param check.mayPutAgain - throws if the caller may not put another policy, once this one is in force
 * @throws ServiceError InvalidPolicyException for what is no policy, and for one that locks the caller out.
 */
export function putPolicy(
  fileSystem: FileSystem,
  text: string,
  check: { readonly bypassesCheck: boolean; readonly mayPutAgain: () => void },
): void {
  if (text.length < 1 || text.length > maximumLength)
    throw invalidPolicy(`A policy must be between 1 and ${maximumLength} characters long.`);
  const policy = withResource(text, fileSystem.arn);
  const problem = policyProblem(policy, 'resource');
  if (problem !== undefined) throw invalidPolicy(problem);
  const before = fileSystem.policy;
  fileSystem.policy = policy;
  if (check.bypassesCheck) return;
  try {
    check.mayPutAgain();
  } catch (error) {
    fileSystem.policy = before;
    if (!(error instanceof ServiceError)) throw error;
    throw invalidPolicy(
      'The policy would keep you from putting another policy. Set BypassPolicyLockoutSafetyCheck to put it all the same.',
    );
  }
}

/**
 * Says of statements that name no resource that they are about the file system: EFS does, and the policies that
 * aws-cdk-lib writes count on it.
 */
export function withResource(text: string, arn: string): string {
  const filled = (statement: unknown): unknown =>
    isObject(statement) && !('Resource' in statement || 'NotResource' in statement)
      ? { ...statement, Resource: arn }
      : statement;
  try {
    const document: unknown = JSON.parse(text);
    if (!isObject(document)) return text;
    const { Statement: statement } = document;
    const filledStatement = Array.isArray(statement) ? statement.map(filled) : filled(statement);
    return JSON.stringify({ ...document, Statement: filledStatement });
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
