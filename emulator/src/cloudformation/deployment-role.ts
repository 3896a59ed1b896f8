import { accountOfRoleArn } from '../iam/arns';
import type { Authorize, Caller } from '../iam/caller';
import { ServiceError } from '../protocol/errors';
import type { CallContext } from '../protocol/handlers';
import type { Stack } from './stack';
import { validationError } from './template-errors';

const cloudFormation = 'cloudformation.amazonaws.com';

/** As whom CloudFormation works on a stack. */
export interface Deployer {
  readonly caller: Caller;
  /** The role, if it is one. */
  readonly roleArn: string | undefined;
}

/**
 * CloudFormation acts as the role that it is given, else as the one that the stack was last given, else as the caller.
 *
 * @throws AccessDenied if the caller may not pass the role; ValidationError if CloudFormation may not assume it
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export function deployer(
  given: string | undefined,
  stack: Stack | undefined,
  context: CallContext,
  authorize: Authorize,
): Deployer {
  const roleArn = given ?? stack?.roleArn;
  if (roleArn === undefined) return { caller: context.caller, roleArn };
  // Whoever may work on a stack that has a role may use it, without a right to pass it.
  if (given !== undefined)
    context.authorize('iam:PassRole', given, { 'iam:PassedToService': cloudFormation });
  const { account } = context;
  try {
    authorize({
      caller: { kind: 'service', service: cloudFormation, account, arn: cloudFormation },
      action: 'sts:AssumeRole',
      resource: roleArn,
      call: context,
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
  }
  const sessionName = 'AWSCloudFormation';
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const owner = accountOfRoleArn(roleArn) ?? account;
  const arn = `arn:aws:sts::${owner}:assumed-role/${name}/${sessionName}`;
  return { caller: { kind: 'role-session', account: owner, arn, roleArn, sessionName }, roleArn };
}
