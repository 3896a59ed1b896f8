import type { AuthorizationRequest, Caller } from '../../iam/caller';
import type { EncryptionContext, Grant, KmsKey } from './key';

const contextKey = 'kms:EncryptionContext:';

/**
 * Which grant of a key lets a caller in, in words; undefined if none does.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function grantFor(key: KmsKey, request: AuthorizationRequest): string | undefined {
  const operation = request.action.slice('kms:'.length);
  for (const grant of key.grants.values())
    if (
      isGrantee(grant, request.caller) &&
      grant.operations.includes(operation) &&
      fulfils(grant, encryptionContextOf(request))
    )
      return `grant ${grant.id} allows it`;
  return undefined;
}

function isGrantee({ granteePrincipal }: Grant, caller: Caller): boolean {
  switch (caller.kind) {
    case 'service':
      return granteePrincipal === caller.service;
    case 'developer':
      return granteePrincipal === caller.arn;
    case 'role-session':
      return granteePrincipal === caller.arn || granteePrincipal === caller.roleArn;
  }
}

function fulfils({ constraints }: Grant, context: EncryptionContext): boolean {
  const { EncryptionContextEquals: equal, EncryptionContextSubset: subset } = constraints ?? {};
  if (subset && !contains(context, subset)) return false;
  return !equal || (contains(context, equal) && contains(equal, context));
}

function contains(whole: EncryptionContext, part: EncryptionContext): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === value);
}

function encryptionContextOf({ context = {} }: AuthorizationRequest): EncryptionContext {
  const pairs = Object.entries(context).filter(([key]) => key.startsWith(contextKey));
  return Object.fromEntries(
    pairs.map(([key, value]) => [key.slice(contextKey.length), `${value}`]),
  );
}
