import { policyProblem } from '../../iam/policy-grammar';
import { invalidParameter } from './errors';

interface PolicyDocument {
  Statement: Statement[];
  readonly [element: string]: unknown;
}

interface Statement {
  readonly Sid?: unknown;
  readonly [element: string]: unknown;
}

/** Actions that can be granted on a topic. */
const topicActions = new Set([
  'AddPermission',
  'DeleteTopic',
  'GetDataProtectionPolicy',
  'GetTopicAttributes',
  'ListSubscriptionsByTopic',
  'ListTagsForResource',
  'Publish',
  'PutDataProtectionPolicy',
  'RemovePermission',
  'SetTopicAttributes',
  'Subscribe',
]);

/** The most bytes of a topic's policy: 30 KB. */
const maximumBytes = 30_720;

/** The policy of a topic that nobody has given one: its owner may do everything with it. */
export function defaultPolicy(topicArn: string, owner: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
      },
    ],
  });
}

/** Checks a topic's Policy: a well-formed resource policy of at most 30 KB. */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > maximumBytes) throw invalidParameter('Policy Error: Too long');
  const problem = policyProblem(text, 'resource');
  if (problem !== undefined) throw invalidParameter(`Policy Error: ${problem}`);
}

/**
 * A topic's policy with one more statement, as AddPermission writes it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
 */
export function addPermission(
  policy: string,
  topicArn: string,
  label: string,
  accounts: readonly string[],
  actions: readonly string[],
): string {
  const document = parse(policy);
  if (document.Statement.some((statement) => statement.Sid === label))
    throw invalidParameter('Statement already exists');
  if (accounts.length === 0) throw invalidParameter('AWSAccountId');
  if (actions.length === 0 || actions.some((action) => action !== '*' && !topicActions.has(action)))
    throw invalidParameter('Policy statement action out of service scope!');
  for (const account of accounts)
    if (!/^\d{12}$/.test(account)) throw invalidParameter('AWSAccountId');
  const statement: Statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrMany(actions.map((action) => `SNS:${action}`)),
    Resource: topicArn,
  };
  return JSON.stringify({ ...document, Statement: [...document.Statement, statement] });
}

/** A topic's policy without the statements of that label. */
export function removePermission(policy: string, label: string): string {
  const document = parse(policy);
  return JSON.stringify({
    ...document,
    Statement: document.Statement.filter((statement) => statement.Sid !== label),
  });
}

function parse(text: string): PolicyDocument {
  const { Statement: statements, ...rest } = Object(JSON.parse(text));
  return { ...rest, Statement: Array.isArray(statements) ? statements : [statements] };
}

function oneOrMany<T>(values: readonly T[]): T | readonly T[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
