import { accountOfRoleArn } from '../../iam/arns';
import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { upperAlphanumeric } from '../../random/random';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { ServiceEnvironment } from '../service';
import type { RoleDirectory } from './role-directory';

type Sts = typeof import('@aws-sdk/client-sts');

const hour = 3600;
const defaultMaxSessionDuration = hour;
const sessionTokenDefault = 12 * hour;

/** The operations of AWS STS. */
export function stsOperations(
  env: ServiceEnvironment,
  roles: RoleDirectory | undefined,
): Handlers<Sts> {
  const idsOfMissingRoles = new Map<string, string>();

  /** A role that nobody has made has an id too: an administrator may assume it. */
  function roleId(arn: string): string {
    const known = roles?.role(arn)?.id ?? idsOfMissingRoles.get(arn);
    if (known !== undefined) return known;
    const random = env.random.stream(`sts/role-ids/${arn}`);
    const id = `AROA${random.characters(17, upperAlphanumeric)}`;
    idsOfMissingRoles.set(arn, id);
    return id;
  }

  return {
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no
    // permission, an explicit deny included.
    GetCallerIdentity(_input, context) {
      const { caller } = context;
      return { Account: caller.account, Arn: caller.arn, UserId: userId(context, roleId) };
    },

    AssumeRole(input, context) {
      acceptOnly('sts.AssumeRole', input, [
        'RoleArn',
        'RoleSessionName',
        'DurationSeconds',
        'ExternalId',
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
      context.authorize('sts:AssumeRole', input.RoleArn, {
        'sts:RoleSessionName': input.RoleSessionName,
        ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
      });
      const role = roles?.role(input.RoleArn);
      if (roles && !role) authorizeMissingRole(input.RoleArn, context);
      checkDuration(
        input.DurationSeconds ?? hour,
        role?.maxSessionDuration ?? defaultMaxSessionDuration,
        context,
      );
      const session = env.identities.openSession(
        input.RoleArn,
        input.RoleSessionName,
        input.DurationSeconds ?? hour,
      );
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: new Date(session.expiration),
        },
        AssumedRoleUser: {
          AssumedRoleId: `${roleId(input.RoleArn)}:${input.RoleSessionName}`,
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

function userId(context: CallContext, roleId: (arn: string) => string): string {
  const { caller } = context;
  switch (caller.kind) {
    case 'developer':
      return caller.account;
    case 'role-session':
      return `${roleId(caller.roleArn)}:${caller.sessionName}`;
    case 'service':
      return `${caller.account}:${caller.service}`;
  }
}

/**
 * An administrator may assume a role that nobody has made: the CDK command line assumes the roles of
 * its bootstrap stack before that stack exists. To everybody else such a role is denied, as on AWS.
 */
function authorizeMissingRole(roleArn: string, context: CallContext): void {
  if (context.caller.kind === 'developer') return;
  throw new ServiceError(
    'AccessDenied',
    `User: ${context.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { status: 403 },
  );
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
