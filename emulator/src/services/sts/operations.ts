import { accountOfRoleArn } from '../../iam/arns';
import type { SessionLimits } from '../../iam/identities';
import { policyProblem } from '../../iam/policy-grammar';
import { userIdOf } from '../../iam/user-id';
import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { ServiceEnvironment } from '../service';
import type { AssumableRole, RoleDirectory } from './role-directory';

type Sts = typeof import('@aws-sdk/client-sts');

const hour = 3600;
const sessionTokenDefault = 12 * hour;

/** The operations of AWS STS. */
export function stsOperations(env: ServiceEnvironment, roles: RoleDirectory): Handlers<Sts> {
  return {
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no
    // permission, an explicit deny included.
    GetCallerIdentity(_input, { caller }) {
      return {
        Account: caller.account,
        Arn: caller.arn,
        UserId: userIdOf(caller, (roleArn) => roles.role(roleArn)?.id),
      };
    },

    AssumeRole(input, context) {
      acceptOnly('sts.AssumeRole', input, [
        'RoleArn',
        'RoleSessionName',
        'DurationSeconds',
        'ExternalId',
        'Policy',
        'PolicyArns',
        'Tags',
      ]);
      new Constraints('ValidationError')
        .length('roleArn', input.RoleArn, 20, 2048)
        .length('roleSessionName', input.RoleSessionName, 2, 64)
        .pattern('roleSessionName', input.RoleSessionName, '[\\w+=,.@-]*')
        .range('durationSeconds', input.DurationSeconds, 900, 12 * hour)
        .length('externalId', input.ExternalId, 2, 1224)
        .pattern('externalId', input.ExternalId, '[\\w+=,.@:\\/-]*')
        .check();
      if (accountOfRoleArn(input.RoleArn) === undefined)
        throw new ServiceError('ValidationError', `${input.RoleArn} is invalid`);
      const limits = sessionLimits(input, roles);
      const role = authorizedRole(input, context, roles);
      const duration = input.DurationSeconds ?? hour;
      checkDuration(duration, role.maxSessionDuration, context);
      const session = env.identities.openSession(
        input.RoleArn,
        input.RoleSessionName,
        duration,
        limits,
      );
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: new Date(session.expiration),
        },
        AssumedRoleUser: {
          AssumedRoleId: `${role.id}:${input.RoleSessionName}`,
          Arn: session.caller.arn,
        },
      };
    },

    GetSessionToken(input, context) {
      acceptOnly('sts.GetSessionToken', input, ['DurationSeconds']);
      new Constraints('ValidationError')
        .range('durationSeconds', input.DurationSeconds, 900, 36 * hour)
        .check();
      if (context.caller.kind !== 'developer')
        throw new ServiceError(
          'AccessDenied',
          'Cannot call GetSessionToken with session credentials',
          { status: 403 },
        );
      // An account's administrator counts as its root user, whose tokens last an hour at most.
      const duration = Math.min(input.DurationSeconds ?? sessionTokenDefault, hour);
      const session = env.identities.openAccountSession(context.caller.account, duration);
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: new Date(session.expiration),
        },
      };
    },

    GetAccessKeyInfo(input, context) {
      acceptOnly('sts.GetAccessKeyInfo', input, ['AccessKeyId']);
      new Constraints('ValidationError')
        .length('accessKeyId', input.AccessKeyId, 16, 128)
        .pattern('accessKeyId', input.AccessKeyId, '[\\w]*')
        .check();
      context.authorize('sts:GetAccessKeyInfo', '*');
      return { Account: env.identities.resolve(input.AccessKeyId).account };
    },
  };
}

type AssumeRole = InputOf<Sts, 'AssumeRole'>;

/** @throws AccessDenied if the role does not trust the caller, or is not there: strangers do not learn which */
function authorizedRole(
  input: AssumeRole,
  context: CallContext,
  roles: RoleDirectory,
): AssumableRole {
  const role = roles.role(input.RoleArn);
  if (!role)
    throw new ServiceError(
      'AccessDenied',
      `User: ${context.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
      { status: 403 },
    );
  const tags = input.Tags ?? [];
  const conditions = {
    'sts:RoleSessionName': input.RoleSessionName,
    ...(input.ExternalId !== undefined && { 'sts:ExternalId': input.ExternalId }),
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(({ Key }) => Key) }),
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
  };
  context.authorize('sts:AssumeRole', input.RoleArn, conditions);
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
  if (tags.length > 0) context.authorize('sts:TagSession', input.RoleArn, conditions);
  return role;
}

/** @throws MalformedPolicyDocument, NoSuchEntity, ValidationError */
function sessionLimits(input: AssumeRole, roles: RoleDirectory): SessionLimits {
  const { Policy: inline, PolicyArns: arns = [], Tags: tags = [] } = input;
  new Constraints('ValidationError')
    .length('policy', inline, 1, 2048)
    .length('policyArns', arns, 0, 10)
    .length('tags', tags, 0, 50)
    .check();
  const problem = inline === undefined ? undefined : policyProblem(inline, 'identity');
  if (problem !== undefined)
    throw new ServiceError('MalformedPolicyDocumentException', problem, { status: 400 });
  const account = accountOfRoleArn(input.RoleArn) ?? '';
  const managed = arns.map(({ arn = '' }) => ({
    name: arn,
    arn,
    document: roles.managedPolicy(arn, account),
  }));
  return {
    policies: [
      ...(inline === undefined ? [] : [{ name: 'session policy', document: inline }]),
      ...managed,
    ],
    tags: new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

function checkDuration(seconds: number, maximum: number, context: CallContext): void {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
  if (context.caller.kind === 'role-session' && seconds > hour)
    throw new ServiceError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  if (seconds > maximum)
    throw new ServiceError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
}
