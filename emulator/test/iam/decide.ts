import { Authorizer, type ResourceRights } from '../../src/iam/authorizer';
import type { Caller, ConditionKeys } from '../../src/iam/caller';
import type { Decision } from '../../src/iam/decision-log';
import { denialReason } from '../../src/iam/denial-message';

/** Account of callers and resources unless a test says otherwise. */
export const account = '111111111111';

export const roleArn = `arn:aws:iam::${account}:role/worker`;
export const sessionArn = `arn:aws:sts::${account}:assumed-role/worker/session`;
export const queueArn = `arn:aws:sqs:us-east-1:${account}:orders`;

export const role: Caller = {
  kind: 'role-session',
  account,
  arn: sessionArn,
  roleArn,
  sessionName: 'session',
};

export const administrator: Caller = {
  kind: 'developer',
  account,
  arn: `arn:aws:iam::${account}:root`,
};

export function service(name: string, sourceArn: string, sourceAccount = account): Caller {
  return { kind: 'service', service: name, account: sourceAccount, arn: name, sourceArn };
}

/** A statement, with what most of them have. */
export interface GivenStatement {
  readonly Effect?: 'Allow' | 'Deny';
  readonly [element: string]: unknown;
}

/** A call and every policy that has a say, as lists of statements. */
export interface Situation {
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: ConditionKeys;
  readonly identity?: readonly GivenStatement[];
  readonly boundary?: readonly GivenStatement[];
  readonly session?: readonly GivenStatement[];
  readonly resourcePolicy?: readonly GivenStatement[];
  readonly resourceKind?: ResourceRights['kind'];
  readonly granted?: ResourceRights['granted'];
  readonly roleTags?: Readonly<Record<string, string>>;
  readonly resourceTags?: Readonly<Record<string, string>>;
  readonly version?: string;
}

/** Decides a call; without anything said, whether a role may send to a queue of its account. */
export function decide(situation: Situation): Decision {
  const { action = 'sqs:SendMessage', caller = role, resource = queueArn } = situation;
  const { boundary, session, version = '2012-10-17' } = situation;
  const document = (statements: readonly GivenStatement[] = []) =>
    JSON.stringify({
      Version: version,
      Statement: statements.map((one) => ({ Effect: 'Allow', ...one })),
    });
  const onResource = (one: GivenStatement) =>
    one.NotResource === undefined ? { Resource: '*', ...one } : one;
  const authorizer = new Authorizer(() => Date.UTC(2035, 0, 1));
  const [, , resourceService = '', , owner = ''] = resource.split(':');
  authorizer.connect({
    role: () => ({
      policies: [{ name: 'identity', document: document(situation.identity) }],
      boundary: boundary && { name: 'boundary', document: document(boundary) },
      tags: new Map(Object.entries(situation.roleTags ?? {})),
    }),
    resources: {
      [resourceService]: () => ({
        account: owner || account,
        kind: situation.resourceKind,
        policies: situation.resourcePolicy
          ? [document(situation.resourcePolicy.map(onResource))]
          : [],
        tags: new Map(Object.entries(situation.resourceTags ?? {})),
        granted: situation.granted,
      }),
    },
  });
  const limited: Caller =
    session && caller.kind === 'role-session'
      ? { ...caller, sessionPolicies: [{ name: 'session', document: document(session) }] }
      : caller;
  return authorizer.decide({ caller: limited, action, resource, context: situation.context });
}

/** `allowed`, or why not in AWS's words. */
export function outcome(situation: Situation): string {
  const decision = decide(situation);
  return decision.verdict.allowed ? 'allowed' : (denialReason(decision) ?? 'denied');
}
