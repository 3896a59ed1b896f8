import type { Authorize, AuthorizedCall, Caller } from '../../iam/caller';

/** Checks that whoever gives EventBridge a role may pass it on. */
export function checkPassRole(
  authorize: Authorize,
  roleArn: string | undefined,
  { caller, call }: { readonly caller: Caller; readonly call?: AuthorizedCall },
): void {
  if (roleArn === undefined) return;
  const context = { 'iam:PassedToService': 'events.amazonaws.com' };
  authorize({ caller, action: 'iam:PassRole', resource: roleArn, context, call });
}
