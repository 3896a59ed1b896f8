import type { Caller } from './caller';

/**
 * How a policy names a caller. It matters for what else has to allow the call: the whole account is only
 * a delegation to the account's own policies, a role is still bound by its boundary, a session by nothing.
 */
export type PrincipalMatch = 'account' | 'role' | 'session';

/** Whether and how a statement's Principal or NotPrincipal means a caller. */
export type PrincipalMatcher = (caller: Caller) => PrincipalMatch | undefined;

interface Named {
  readonly everybody: boolean;
  /** ARNs, and ids of accounts. */
  readonly aws: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function principalMatcher(principal: unknown): PrincipalMatcher {
  const named = read(principal);
  return (caller) => {
    if (named.everybody) return 'session';
    switch (caller.kind) {
      case 'service':
        return named.services.has(caller.service) ? 'session' : undefined;
      case 'developer':
        if (caller.standsFor !== undefined && named.aws.has(caller.standsFor)) return 'role';
        return namesAccount(named, caller.account) ? 'account' : undefined;
      case 'role-session':
        if (named.aws.has(caller.arn)) return 'session';
        if (named.aws.has(caller.roleArn)) return 'role';
        return namesAccount(named, caller.account) ? 'account' : undefined;
    }
  };
}

/**
 * NotPrincipal leaves out a role's session only if it names session, role and account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function notPrincipalMatcher(principal: unknown): PrincipalMatcher {
  const named = read(principal);
  const leavesOut = (caller: Caller): boolean => {
    switch (caller.kind) {
      case 'service':
        return named.services.has(caller.service);
      case 'developer':
        return namesAccount(named, caller.account);
      case 'role-session':
        return (
          named.aws.has(caller.arn) &&
          named.aws.has(caller.roleArn) &&
          namesAccount(named, caller.account)
        );
    }
  };
  return (caller) => (named.everybody || leavesOut(caller) ? undefined : 'session');
}

function read(principal: unknown): Named {
  if (typeof principal !== 'object' || principal === null)
    return { everybody: principal === '*', aws: new Set(), services: new Set() };
  const entries = Object.entries(principal).map(([type, names]: [string, unknown]) => ({
    type,
    names: [names].flat().map(String),
  }));
  const of = (type: string) =>
    new Set(entries.filter((entry) => entry.type === type).flatMap(({ names }) => names));
  const aws = of('AWS');
  return { everybody: aws.has('*'), aws, services: of('Service') };
}

function namesAccount({ aws }: Named, account: string): boolean {
  return aws.has(`arn:aws:iam::${account}:root`) || aws.has(account);
}
