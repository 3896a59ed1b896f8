import type { Caller } from './caller';
import type { ConditionContext } from './condition-context';
import type { Policy, Statement } from './policy';
import type { PrincipalMatch } from './principals';

/** Where a policy hangs, in the words of AWS's messages. */
export type PolicyType =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'permissions boundary'
  | 'session policy';

/** A policy that has a say. */
export interface AttachedPolicy {
  readonly type: PolicyType;
  /** What a reader knows it by: a name, an ARN. */
  readonly name: string;
  readonly policy: Policy;
}

/** What limits and what allows a caller by its own policies. */
export interface CallerPolicies {
  readonly identity: readonly AttachedPolicy[];
  readonly boundary?: AttachedPolicy;
  /** The call has to be allowed by one of them, if there is any. */
  readonly session: readonly AttachedPolicy[];
}

/**
 * How a resource's policy counts in its own account. Key policies and trust policies have to allow a call in any case,
 * if only by naming the account; the others are one of two ways to be allowed.
 */
export type ResourcePolicyKind = 'resource' | 'key' | 'trust';

/** Everything that decides a call. */
export interface EvaluationInput {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
  readonly context: ConditionContext;
  /** Undefined for callers without policies of their own: administrators and services. */
  readonly callerPolicies: CallerPolicies | undefined;
  readonly resourcePolicies: readonly AttachedPolicy[];
  readonly resourcePolicyKind: ResourcePolicyKind;
  /** Says whether the resource itself lets the caller in, as a grant of a KMS key does. */
  readonly granted?: () => string | undefined;
}

/** A statement that decided. */
export interface DecidingStatement {
  readonly type: PolicyType;
  readonly policy: string;
  readonly statement: object;
}

/** What came of it, and why. */
export interface Verdict {
  readonly allowed: boolean;
  /** Denied by a statement, not by the lack of one. */
  readonly explicit: boolean;
  /** What denied, or lacks a statement that allows; undefined if allowed. */
  readonly lacking: PolicyType | undefined;
  /** In words, where it was no statement. */
  readonly reason: string | undefined;
  readonly statements: readonly DecidingStatement[];
}

/**
 * Decides a call as IAM does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(input: EvaluationInput): Verdict {
  const denial = explicitDenial(input);
  if (denial) return denial;
  const grant = input.granted?.();
  if (grant !== undefined) return allowedBecause(grant);
  const resource = resourceAllows(input);
  const sameAccount = input.caller.account === input.resourceAccount;
  switch (input.caller.kind) {
    case 'service':
      return resource ? allowedBy([resource.by]) : lacks('resource-based policy');
    case 'developer':
      if (resource) return allowedBy([resource.by]);
      return sameAccount && input.resourcePolicyKind === 'resource'
        ? administratorMay
        : lacks('resource-based policy');
    case 'role-session':
      return sameAccount ? withinAccount(input, resource) : acrossAccounts(input, resource);
  }
}

const administratorMay = allowedBecause('the administrator of an account may do everything in it');

interface ResourceAllow {
  readonly match: PrincipalMatch;
  readonly by: DecidingStatement;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html */
function withinAccount(input: EvaluationInput, resource: ResourceAllow | undefined): Verdict {
  if (!resource && input.resourcePolicyKind !== 'resource') return lacks('resource-based policy');
  if (resource?.match === 'session') return allowedBy([resource.by]);
  // A role that is named is still bound by its boundary and by the session's policies.
  if (resource?.match === 'role') return limits(input) ?? allowedBy([resource.by]);
  return byOwnPolicies(input, resource);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html */
function acrossAccounts(input: EvaluationInput, resource: ResourceAllow | undefined): Verdict {
  const own = byOwnPolicies(input, resource);
  return own.allowed && !resource ? lacks('resource-based policy') : own;
}

function byOwnPolicies(input: EvaluationInput, resource: ResourceAllow | undefined): Verdict {
  const identity = firstAllow(input, input.callerPolicies?.identity ?? []);
  if (!identity) return lacks('identity-based policy');
  return limits(input) ?? allowedBy(resource ? [identity, resource.by] : [identity]);
}

/** What keeps the caller from what it is allowed; undefined if nothing does. */
function limits(input: EvaluationInput): Verdict | undefined {
  const { boundary, session = [] } = input.callerPolicies ?? {};
  if (boundary && !firstAllow(input, [boundary])) return lacks('permissions boundary');
  if (session.length > 0 && !firstAllow(input, session)) return lacks('session policy');
  return undefined;
}

function firstAllow(
  input: EvaluationInput,
  policies: readonly AttachedPolicy[],
): DecidingStatement | undefined {
  const { action, context, resource } = input;
  for (const attached of policies)
    for (const statement of attached.policy.about(action).allow)
      if (statement.applies(resource, context)) return deciding(attached, statement);
  return undefined;
}

/** The statement of the resource's policy that names the caller most closely. */
function resourceAllows(input: EvaluationInput): ResourceAllow | undefined {
  const { action, caller, context, resource } = input;
  let best: ResourceAllow | undefined;
  for (const attached of input.resourcePolicies)
    for (const statement of attached.policy.about(action).allow) {
      const match = statement.principal?.(caller);
      if (match === undefined || (best && closeness[match] <= closeness[best.match])) continue;
      if (statement.applies(resource, context)) best = { match, by: deciding(attached, statement) };
    }
  return best;
}

const closeness: Readonly<Record<PrincipalMatch, number>> = { account: 0, role: 1, session: 2 };

/** Calls by which an owner gets a resource back whose policy denies everybody. */
const unlocking = new Set([
  's3:DeleteBucketPolicy',
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  'sqs:AddPermission',
  'sqs:GetQueueAttributes',
  'sqs:RemovePermission',
  'sqs:SetQueueAttributes',
]);

function explicitDenial(input: EvaluationInput): Verdict | undefined {
  const { action, caller, callerPolicies, context, resource } = input;
  const statements: DecidingStatement[] = [];
  const collect = (attached: AttachedPolicy) => {
    for (const statement of attached.policy.about(action).deny) {
      if (attached.type === 'resource-based policy' && !statement.principal?.(caller)) continue;
      if (statement.applies(resource, context)) statements.push(deciding(attached, statement));
    }
  };
  if (callerPolicies) {
    callerPolicies.identity.forEach(collect);
    if (callerPolicies.boundary) collect(callerPolicies.boundary);
    callerPolicies.session.forEach(collect);
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#root-user-tasks
  const owner = caller.kind === 'developer' && caller.account === input.resourceAccount;
  if (!(owner && unlocking.has(action))) input.resourcePolicies.forEach(collect);
  const [first] = statements;
  return (
    first && { allowed: false, explicit: true, lacking: first.type, reason: undefined, statements }
  );
}

function deciding({ name, type }: AttachedPolicy, statement: Statement): DecidingStatement {
  return { type, policy: name, statement: statement.source };
}

function allowedBy(statements: readonly DecidingStatement[]): Verdict {
  return { allowed: true, explicit: false, lacking: undefined, reason: undefined, statements };
}

function allowedBecause(reason: string): Verdict {
  return { allowed: true, explicit: false, lacking: undefined, reason, statements: [] };
}

function lacks(type: PolicyType): Verdict {
  return { allowed: false, explicit: false, lacking: type, reason: undefined, statements: [] };
}
