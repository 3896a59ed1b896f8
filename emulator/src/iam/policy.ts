import type { ConditionContext } from './condition-context';
import { type Condition, compileCondition } from './conditions';
import { arnMatcher, patternMatcher, withWildcards } from './patterns';
import { type ContextMatcher, textMatcher } from './policy-text';
import { notPrincipalMatcher, type PrincipalMatcher, principalMatcher } from './principals';

/** One statement of a policy, compiled. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** The statement as it was written. */
  readonly source: object;
  /** Whom it is about; undefined in policies of identities. */
  readonly principal: PrincipalMatcher | undefined;
  /** Whether it is about a resource, and its condition holds. */
  applies(resource: string, context: ConditionContext): boolean;
}

type ActionMatcher = (action: string) => boolean;

interface CompiledStatement extends Statement {
  /** Expects the action in lower case: actions are compared without case. */
  readonly matchesAction: ActionMatcher;
}

/** The statements of a policy that are about one action. */
interface ActionStatements {
  readonly allow: readonly Statement[];
  readonly deny: readonly Statement[];
}

const none: ActionStatements = { allow: [], deny: [] };

/** A policy document, compiled: what it says of an action is worked out once for each action. */
export class Policy {
  private readonly statements: readonly CompiledStatement[];
  private readonly byAction = new Map<string, ActionStatements>();

  /** @param text - JSON of a well-formed document; anything else says nothing */
  constructor(text: string) {
    this.statements = compileDocument(text);
  }

  get size(): number {
    return this.statements.length;
  }

  /** The statements about an action, such as `sqs:SendMessage`. */
  about(action: string): ActionStatements {
    let found = this.byAction.get(action);
    if (!found) {
      const lower = action.toLowerCase();
      const all = this.statements.filter((statement) => statement.matchesAction(lower));
      const withEffect = (effect: Statement['effect']) =>
        all.filter((statement) => statement.effect === effect);
      found = all.length === 0 ? none : { allow: withEffect('Allow'), deny: withEffect('Deny') };
      this.byAction.set(action, found);
    }
    return found;
  }
}

/** How many compiled policies are kept. A policy that is changed is a new text. */
const cacheSize = 5_000;

/** Compiles policy documents, each text once. */
export class PolicyCache {
  private readonly policies = new Map<string, Policy>();

  policy(text: string): Policy {
    let policy = this.policies.get(text);
    if (!policy) {
      if (this.policies.size >= cacheSize) this.policies.clear();
      policy = new Policy(text);
      this.policies.set(text, policy);
    }
    return policy;
  }
}

function compileDocument(text: string): CompiledStatement[] {
  let document: { Version?: unknown; Statement?: unknown };
  try {
    document = Object(JSON.parse(text));
  } catch {
    return [];
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
  const variables = document.Version === '2012-10-17';
  return [document.Statement]
    .flat()
    .filter((statement): statement is Record<string, unknown> => Object(statement) === statement)
    .map((statement) => compileStatement(statement, variables));
}

function compileStatement(
  statement: Readonly<Record<string, unknown>>,
  variables: boolean,
): CompiledStatement {
  const { Condition: condition } = statement;
  const about = resourceMatcher(statement, variables);
  const holds: Condition | undefined =
    typeof condition === 'object' && condition !== null
      ? compileCondition(condition, variables)
      : undefined;
  return {
    effect: statement.Effect === 'Allow' ? 'Allow' : 'Deny',
    source: statement,
    principal: statementPrincipal(statement),
    matchesAction: actionMatcher(statement),
    applies: (resource, context) =>
      about(resource, context) && (holds === undefined || holds(context)),
  };
}

function statementPrincipal(
  statement: Readonly<Record<string, unknown>>,
): PrincipalMatcher | undefined {
  if (statement.NotPrincipal !== undefined) return notPrincipalMatcher(statement.NotPrincipal);
  return statement.Principal === undefined ? undefined : principalMatcher(statement.Principal);
}

function actionMatcher(statement: Readonly<Record<string, unknown>>): ActionMatcher {
  const matchers = texts(statement.Action ?? statement.NotAction).map((action) =>
    patternMatcher(withWildcards(action.toLowerCase())),
  );
  const expected = statement.NotAction === undefined;
  return (action) => matchers.some((matcher) => matcher(action)) === expected;
}

/** A statement without resources is about the one that it is attached to, as in a trust policy. */
function resourceMatcher(
  statement: Readonly<Record<string, unknown>>,
  variables: boolean,
): ContextMatcher {
  const given = statement.Resource ?? statement.NotResource;
  if (given === undefined) return () => true;
  const reading = { variables, wildcards: true, matcher: arnMatcher };
  const matchers = texts(given).map((text) => textMatcher(text, reading));
  const expected = statement.NotResource === undefined;
  return (resource, context) => matchers.some((matcher) => matcher(resource, context)) === expected;
}

function texts(value: unknown): string[] {
  return [value].flat().map(String);
}
