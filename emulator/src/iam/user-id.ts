import type { Caller } from './caller';

/**
 * The unique id of a caller, as `aws:userid` and GetCallerIdentity have it.
 *
 * @param roleIdOf - the id of the role of an ARN, such as `AROA…`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export function userIdOf(
  caller: Caller,
  roleIdOf: (roleArn: string) => string | undefined,
): string {
  switch (caller.kind) {
    case 'developer':
      return caller.account;
    case 'role-session':
      return `${roleIdOf(caller.roleArn)}:${caller.sessionName}`;
    case 'service':
      return `${caller.account}:${caller.service}`;
  }
}
