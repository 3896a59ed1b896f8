import { conditionProblem } from '../../iam/policy-grammar';
import { invalidAttributeValue, invalidParameterValue, invalidValue, overLimit } from './errors';

interface PolicyDocument {
  Version?: unknown;
  Id?: unknown;
  Statement: Statement[];
}

interface Statement {
  readonly Sid?: unknown;
  readonly [element: string]: unknown;
}

/** Actions that a queue's owner can grant by AddPermission. */
const grantable = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);

const maximumBytes = 8_192;
const maximumStatements = 20;
const maximumActions = 7;

/**
 * Checks that a queue's Policy is a JSON policy document within the quotas: 8,192 bytes, 20 statements,
 * 7 actions a statement.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export function checkPolicy(text: string): void {
  const { Statement: statements } = parsePolicy(text);
  const tooMuch =
    Buffer.byteLength(text) > maximumBytes ||
    statements.length > maximumStatements ||
    statements.some(({ Action }) => Array.isArray(Action) && Action.length > maximumActions);
  if (tooMuch) throw invalidAttributeValue('Policy');
  for (const { Condition } of statements) {
    const problem = conditionProblem(Condition);
    if (problem !== undefined) throw invalidAttributeValue('Policy', problem);
  }
}

/**
 * A queue's Policy with one more statement, as AddPermission writes it.
 *
 * At most seven actions a statement, labels of 1 to 80 letters, digits, hyphens and underscores.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
 */
export function addPermission(
  policy: string | undefined,
  queueArn: string,
  label: string,
  accounts: readonly string[],
  actions: readonly string[],
): string {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
    throw invalidValue(
      label,
      'Label',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    );
  }
  if (actions.length === 0)
    throw invalidParameterValue('The request must contain the parameter Actions.');
  if (accounts.length === 0) {
    throw invalidParameterValue('The request must contain the parameter AWSAccountIds.');
  }
  if (actions.length > maximumActions) {
    throw overLimit(`${actions.length} Actions were found, maximum allowed is ${maximumActions}.`);
  }
  for (const action of actions) {
    if (!grantable.has(action)) {
      throw invalidValue(
        `SQS:${action}`,
        'ActionName',
        'Only the queue owner is allowed to invoke this action.',
      );
    }
  }
  for (const account of accounts) {
    if (!/^\d{12}$/.test(account)) {
      throw invalidValue(account, 'PrincipalId', 'Unable to verify.');
    }
  }
  const document = policy
    ? parsePolicy(policy)
    : { Version: '2008-10-17', Id: `${queueArn}/SQSDefaultPolicy`, Statement: [] };
  if (document.Statement.some((statement) => statement.Sid === label)) {
    throw invalidValue(label, 'Label', 'Already exists.');
  }
  const count = document.Statement.length + 1;
  if (count > maximumStatements) {
    throw overLimit(`${count} Statements were found, maximum allowed is ${maximumStatements}.`);
  }
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrMany(actions.map((action) => `SQS:${action}`)),
    Resource: queueArn,
  };
  return JSON.stringify({ ...document, Statement: [...document.Statement, statement] });
}

/** A queue's Policy without the statement of that label; undefined when none is left. */
export function removePermission(policy: string | undefined, label: string): string | undefined {
  const document = policy ? parsePolicy(policy) : undefined;
  const kept = document?.Statement.filter((statement) => statement.Sid !== label) ?? [];
  if (!document || kept.length === document.Statement.length) {
    throw invalidValue(label, 'Label', "can't find label.");
  }
  return kept.length === 0 ? undefined : JSON.stringify({ ...document, Statement: kept });
}

function parsePolicy(text: string): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidAttributeValue('Policy');
  }
  if (!isObject(value) || !('Statement' in value)) throw invalidAttributeValue('Policy');
  const statements: unknown[] = Array.isArray(value.Statement)
    ? value.Statement
    : [value.Statement];
  if (!statements.every(isStatement)) throw invalidAttributeValue('Policy');
  return { ...value, Statement: statements };
}

function isStatement(value: unknown): value is Statement {
  return (
    isObject(value) &&
    (value.Effect === 'Allow' || value.Effect === 'Deny') &&
    // Without a principal a policy on a resource says nothing: AWS does not take it.
    ('Principal' in value || 'NotPrincipal' in value) &&
    ('Action' in value || 'NotAction' in value)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOrMany(items: string[]): string | string[] {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : items;
}
