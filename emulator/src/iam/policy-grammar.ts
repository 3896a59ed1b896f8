import { operatorUse } from './condition-operators';

/**
 * Where a policy is attached decides what its statements must and must not hold: an identity policy
 * names resources and no principal, a trust policy the reverse, a resource policy both.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const documentElements = ['Version', 'Id', 'Statement'];
const statementElements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const versions = ['2008-10-17', '2012-10-17'];
const legacyParsing = 'The policy failed legacy parsing';
const syntaxErrors = 'Syntax errors in policy.';

/**
 * What is wrong with a policy document, in IAM's words; undefined if it is well formed.
 *
 * The services report it under their own codes: `MalformedPolicyDocument` (IAM, KMS), `MalformedPolicy` (S3).
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyProblem(text: string, kind: PolicyKind): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return kind === 'trust' ? 'This policy contains invalid Json' : syntaxErrors;
  }
  if (!isObject(document)) return syntaxErrors;
  const stray = Object.keys(document).find((name) => !documentElements.includes(name));
  if (stray !== undefined) return syntaxErrors;
  const { Version: version, Statement: statement } = document;
  if (version !== undefined && !(typeof version === 'string' && versions.includes(version)))
    return syntaxErrors;
  if (kind === 'identity' && version === '2008-10-17')
    return 'Policy document must be version 2012-10-17 or greater.';
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statement === undefined || statements.length === 0) return syntaxErrors;
  const sids = new Set<unknown>();
  for (const one of statements) {
    if (!isObject(one)) return syntaxErrors;
    const problem = statementProblem(one, kind);
    if (problem !== undefined) return problem;
    if (one.Sid !== undefined && one.Sid !== '' && sids.has(one.Sid))
      return 'Statement IDs (SID) in a single policy must be unique.';
    sids.add(one.Sid);
  }
  return undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

function statementProblem(statement: JsonObject, kind: PolicyKind): string | undefined {
  const stray = Object.keys(statement).find((name) => !statementElements.includes(name));
  if (stray !== undefined) return syntaxErrors;
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') return syntaxErrors;
  return (
    sidProblem(statement.Sid, kind) ??
    principalProblem(statement, kind) ??
    actionProblem(statement, kind) ??
    resourceProblem(statement, kind) ??
    conditionProblem(statement.Condition)
  );
}

function sidProblem(sid: unknown, kind: PolicyKind): string | undefined {
  if (sid === undefined) return undefined;
  if (typeof sid !== 'string') return syntaxErrors;
  // Resource policies of S3, SQS and KMS allow spaces and more in a Sid; IAM's own do not.
  if (kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid))
    return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
  return undefined;
}

function principalProblem(statement: JsonObject, kind: PolicyKind): string | undefined {
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (kind === 'identity')
    return principal === undefined ? undefined : 'Policy document should not specify a principal.';
  if (principal === undefined) return 'Missing required field Principal';
  if (statement.Principal !== undefined && statement.NotPrincipal !== undefined)
    return syntaxErrors;
  if (principal === '*') return undefined;
  if (!isObject(principal) || Object.keys(principal).length === 0)
    return 'Invalid principal in policy';
  for (const [type, names] of Object.entries(principal)) {
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type))
      return `Invalid principal in policy: "${type}":"${String(names)}"`;
    if (strings(names) === undefined) return 'Invalid principal in policy';
  }
  return undefined;
}

function actionProblem(statement: JsonObject, kind: PolicyKind): string | undefined {
  if (statement.Action !== undefined && statement.NotAction !== undefined) return syntaxErrors;
  const actions = strings(statement.Action ?? statement.NotAction);
  if (actions === undefined || actions.length === 0)
    return kind === 'trust'
      ? 'Missing required field Action'
      : 'Policy statement must contain actions.';
  for (const action of actions) {
    if (action === '*') {
      if (kind === 'trust') return 'AssumeRole policy may only specify STS AssumeRole actions.';
      continue;
    }
    if (!/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
      return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    if (kind === 'trust' && !/^sts:/i.test(action))
      return 'AssumeRole policy may only specify STS AssumeRole actions.';
  }
  return undefined;
}

function resourceProblem(statement: JsonObject, kind: PolicyKind): string | undefined {
  const given = statement.Resource ?? statement.NotResource;
  if (kind === 'trust') {
    if (statement.Resource !== undefined) return 'Has prohibited field Resource';
    return statement.NotResource === undefined ? undefined : 'Has prohibited field NotResource';
  }
  if (statement.Resource !== undefined && statement.NotResource !== undefined) return syntaxErrors;
  const resources = strings(given);
  if (resources === undefined || resources.length === 0)
    return kind === 'identity' ? 'Policy statement must contain resources.' : syntaxErrors;
  const wrong = resources.find((resource) => resource !== '*' && !/^arn:/.test(resource));
  if (wrong === undefined) return undefined;
  return kind === 'identity' ? `Resource ${wrong} must be in ARN format or "*".` : legacyParsing;
}

/** What is wrong with a statement's Condition, in IAM's words; undefined if it is well formed. */
export function conditionProblem(condition: unknown): string | undefined {
  if (condition === undefined) return undefined;
  if (!isObject(condition)) return syntaxErrors;
  for (const [operator, keys] of Object.entries(condition)) {
    if (!operatorUse(operator)) return `Invalid Condition type : ${operator}.`;
    if (!isObject(keys)) return syntaxErrors;
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(':'))
        return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
      const list = Array.isArray(values) ? values : [values];
      if (list.some((value) => !['string', 'number', 'boolean'].includes(typeof value)))
        return syntaxErrors;
    }
  }
  return undefined;
}

function strings(value: unknown): string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((item): item is string => typeof item === 'string' && item !== '');
  return texts.length === list.length ? texts : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
