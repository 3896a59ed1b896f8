import { account, type GivenStatement, role, roleArn, type Situation, sessionArn } from './decide';

/**
 * Whether IAM allows a call: every statement read anew with regular expressions, and the rules written down as one
 * formula, so that it shares nothing with what it is compared to.
 */
export function naivelyAllowed(situation: Situation): boolean {
  const { caller = role, resource = '', resourceKind = 'resource' } = situation;
  const of = (statements: readonly GivenStatement[] | undefined, effect: 'Allow' | 'Deny') =>
    (statements ?? []).filter(
      (one) => (one.Effect ?? 'Allow') === effect && isAbout(one, situation),
    );
  const own = caller.kind === 'role-session';
  const onResource = (effect: 'Allow' | 'Deny') =>
    of(situation.resourcePolicy, effect).filter((one) => names(one, situation) !== 'nobody');
  const denied =
    onResource('Deny').length > 0 ||
    (own &&
      [situation.identity, situation.boundary, situation.session].some(
        (policy) => of(policy, 'Deny').length > 0,
      ));
  if (denied) return false;
  const grantees = onResource('Allow').map((one) => names(one, situation));
  const sameAccount = resource.split(':')[4] === caller.account;
  const mustBeNamed = resourceKind !== 'resource' || !sameAccount;
  if (caller.kind === 'service') return grantees.length > 0;
  if (caller.kind === 'developer') return grantees.length > 0 || !mustBeNamed;
  const unlimited =
    (!situation.boundary || of(situation.boundary, 'Allow').length > 0) &&
    (!situation.session || of(situation.session, 'Allow').length > 0);
  const byItself = of(situation.identity, 'Allow').length > 0 && unlimited;
  return (
    (byItself && (grantees.length > 0 || !mustBeNamed)) ||
    (sameAccount && (grantees.includes('session') || (grantees.includes('role') && unlimited)))
  );
}

function isAbout(statement: GivenStatement, situation: Situation): boolean {
  const { action = '', context = {}, resource = '' } = situation;
  const { Action, Condition, NotAction, NotResource, Resource = '*' } = statement;
  const aboutAction = NotAction ? !like(NotAction, action, 'i') : like(Action, action, 'i');
  const aboutResource = NotResource ? !like(NotResource, resource) : like(Resource, resource);
  const wanted = Object(Object(Condition).Bool)['aws:SecureTransport'];
  const secure = context['aws:SecureTransport'] ?? 'true';
  return aboutAction && aboutResource && (wanted === undefined || wanted === secure);
}

function names(statement: GivenStatement, { caller = role }: Situation): string {
  const { Principal } = statement;
  const named: unknown[] = [Principal === '*' ? '*' : Object.values(Object(Principal))].flat(2);
  if (named.includes('*')) return 'session';
  if (caller.kind === 'service') return named.includes(caller.service) ? 'session' : 'nobody';
  const ofAccount = named.includes(`arn:aws:iam::${account}:root`) || named.includes(account);
  if (caller.kind === 'developer') return ofAccount ? 'account' : 'nobody';
  if (named.includes(sessionArn)) return 'session';
  if (named.includes(roleArn)) return 'role';
  return ofAccount ? 'account' : 'nobody';
}

function like(patterns: unknown, text: string, flags = ''): boolean {
  return [patterns].flat().some((pattern) => {
    const source = String(pattern)
      .replace(/[.\\^$+{}()|[\]]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, flags).test(text);
  });
}
