import {
  account,
  administrator,
  decide,
  outcome,
  queueArn,
  roleArn,
  type Situation,
  service,
  sessionArn,
} from './decide';

const noIdentity = 'because no identity-based policy allows the sqs:sendmessage action';
const noResource = 'because no resource-based policy allows the sqs:sendmessage action';
const noBoundary = 'because no permissions boundary allows the sqs:sendmessage action';
const noSession = 'because no session policy allows the sqs:sendmessage action';

const send = { Action: 'sqs:SendMessage', Resource: queueArn };
const receive = { Action: 'sqs:ReceiveMessage', Resource: '*' };
const elsewhere = 'arn:aws:sqs:us-east-1:222222222222:orders';
const toRole = { Action: 'sqs:SendMessage', Principal: { AWS: roleArn } };
const toSession = { Action: 'sqs:SendMessage', Principal: { AWS: sessionArn } };
const toAccount = { Action: 'sqs:SendMessage', Principal: { AWS: `arn:aws:iam::${account}:root` } };
const toAll = { Action: 'sqs:SendMessage', Principal: '*' };

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
describe('within an account', () => {
  test.each<[what: string, expected: string, situation: Situation]>([
    ['nothing said', noIdentity, {}],
    ['an identity policy', 'allowed', { identity: [send] }],
    ['an identity policy for another action', noIdentity, { identity: [receive] }],
    [
      'an identity policy for another queue',
      noIdentity,
      { identity: [{ ...send, Resource: elsewhere }] },
    ],
    ['a resource policy for the role', 'allowed', { resourcePolicy: [toRole] }],
    ['a resource policy for the session', 'allowed', { resourcePolicy: [toSession] }],
    ['a resource policy for everybody', 'allowed', { resourcePolicy: [toAll] }],
    ['a resource policy for the account alone', noIdentity, { resourcePolicy: [toAccount] }],
    [
      'a resource policy for another role',
      noIdentity,
      { resourcePolicy: [{ ...toRole, Principal: { AWS: `${roleArn}2` } }] },
    ],
    ['a boundary that allows too', 'allowed', { identity: [send], boundary: [send] }],
    ['a boundary that does not', noBoundary, { identity: [send], boundary: [receive] }],
    ['a boundary alone', noIdentity, { boundary: [send] }],
    ['a session policy that allows too', 'allowed', { identity: [send], session: [send] }],
    ['a session policy that does not', noSession, { identity: [send], session: [receive] }],
    ['a session policy alone', noIdentity, { session: [send] }],
    [
      'a role named by the resource, bound by its boundary',
      noBoundary,
      { resourcePolicy: [toRole], boundary: [receive] },
    ],
    [
      'a role named by the resource, bound by the session',
      noSession,
      { resourcePolicy: [toRole], session: [receive] },
    ],
    [
      'a session named by the resource, bound by nothing',
      'allowed',
      { resourcePolicy: [toSession], boundary: [receive], session: [receive] },
    ],
    [
      'everybody named by the resource, bound by nothing',
      'allowed',
      { resourcePolicy: [toAll], boundary: [receive] },
    ],
  ])('%s: %s', (_what, expected, situation) => {
    expect(outcome(situation)).toBe(expected);
  });
});

describe('an explicit deny wins', () => {
  const deny = { ...send, Effect: 'Deny' as const };
  test.each<[where: string, expected: string, situation: Situation]>([
    [
      'of the identity',
      'with an explicit deny in an identity-based policy',
      { identity: [send, deny] },
    ],
    [
      'of the boundary',
      'with an explicit deny in a permissions boundary',
      { identity: [send], boundary: [send, deny] },
    ],
    [
      'of the session',
      'with an explicit deny in a session policy',
      { identity: [send], session: [send, deny] },
    ],
    [
      'of the resource',
      'with an explicit deny in a resource-based policy',
      { identity: [send], resourcePolicy: [{ ...deny, Principal: '*' }] },
    ],
    [
      'over a resource that names the session',
      'with an explicit deny in an identity-based policy',
      { identity: [deny], resourcePolicy: [toSession] },
    ],
    [
      'not if it is about somebody else',
      'allowed',
      { identity: [send], resourcePolicy: [{ ...deny, Principal: { AWS: '222222222222' } }] },
    ],
  ])('%s', (_where, expected, situation) => {
    expect(outcome(situation)).toBe(expected);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
describe('across accounts both sides have to allow', () => {
  const identity = [{ ...send, Resource: elsewhere }];
  test.each<[what: string, expected: string, situation: Situation]>([
    ['neither', noIdentity, {}],
    ['the identity alone', noResource, { identity }],
    ['the resource alone', noIdentity, { resourcePolicy: [toRole] }],
    ['the resource alone, for the session', noIdentity, { resourcePolicy: [toSession] }],
    ['both, the resource for the role', 'allowed', { identity, resourcePolicy: [toRole] }],
    ['both, the resource for the account', 'allowed', { identity, resourcePolicy: [toAccount] }],
    [
      'both, but not the boundary',
      noBoundary,
      { identity, boundary: [receive], resourcePolicy: [toRole] },
    ],
    ['an administrator without the resource', noResource, { caller: administrator }],
    [
      'an administrator whose account the resource names',
      'allowed',
      { caller: administrator, resourcePolicy: [toAccount] },
    ],
    [
      'an administrator whose account id the resource names',
      'allowed',
      { caller: administrator, resourcePolicy: [{ ...toAccount, Principal: { AWS: account } }] },
    ],
  ])('%s: %s', (_what, expected, situation) => {
    expect(outcome({ resource: elsewhere, ...situation })).toBe(expected);
  });
});

describe('an administrator', () => {
  const deny = { Effect: 'Deny' as const, Action: 'sqs:*', Principal: '*' };
  test('may do everything in its account without a policy', () => {
    expect(outcome({ caller: administrator })).toBe('allowed');
  });
  test('is bound by an explicit deny of a resource', () => {
    expect(outcome({ caller: administrator, resourcePolicy: [deny] })).toBe(
      'with an explicit deny in a resource-based policy',
    );
  });
  test('can take back a resource whose policy denies everybody', () => {
    const action = 'sqs:SetQueueAttributes';
    expect(outcome({ caller: administrator, action, resourcePolicy: [deny] })).toBe('allowed');
  });
});

describe('a service', () => {
  const topic = `arn:aws:sns:us-east-1:${account}:topic`;
  const sns = service('sns.amazonaws.com', topic);
  const permit = { Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' } };
  const from = (sourceArn: string) => ({
    ...permit,
    Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  });
  test.each<[what: string, expected: string, situation: Situation]>([
    ['nothing said', noResource, {}],
    ['named', 'allowed', { resourcePolicy: [permit] }],
    ['named for its resource', 'allowed', { resourcePolicy: [from(topic)] }],
    ['named for another resource', noResource, { resourcePolicy: [from(`${topic}2`)] }],
    [
      'named for its account',
      'allowed',
      {
        resourcePolicy: [
          { ...permit, Condition: { StringEquals: { 'aws:SourceAccount': account } } },
        ],
      },
    ],
    [
      'another service named',
      noResource,
      { resourcePolicy: [{ ...permit, Principal: { Service: 's3.amazonaws.com' } }] },
    ],
    [
      'everybody but services denied',
      'allowed',
      {
        resourcePolicy: [
          permit,
          {
            ...permit,
            Effect: 'Deny',
            Principal: '*',
            Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
          },
        ],
      },
    ],
  ])('%s: %s', (_what, expected, situation) => {
    expect(outcome({ caller: sns, ...situation })).toBe(expected);
  });
});

// https://docs.aws.amazon.com/kms/latest/developerguide/control-access-overview.html
describe("a key's policy decides first", () => {
  const key = `arn:aws:kms:us-east-1:${account}:key/1`;
  const situation = { action: 'kms:Decrypt', resource: key, resourceKind: 'key' } as const;
  const decrypt = { Action: 'kms:Decrypt', Resource: key };
  const delegated = { Action: 'kms:*', Principal: { AWS: `arn:aws:iam::${account}:root` } };
  test.each<[what: string, expected: string, given: Situation]>([
    [
      'an identity policy alone does not do',
      'because no resource-based policy allows the kms:Decrypt action',
      { identity: [decrypt] },
    ],
    [
      'the account named alone does not do',
      'because no identity-based policy allows the kms:Decrypt action',
      { resourcePolicy: [delegated] },
    ],
    [
      'the account named and an identity policy',
      'allowed',
      { identity: [decrypt], resourcePolicy: [delegated] },
    ],
    [
      'the role named',
      'allowed',
      { resourcePolicy: [{ ...delegated, Principal: { AWS: roleArn } }] },
    ],
    ['a grant', 'allowed', { granted: () => 'grant 1 allows it' }],
    [
      'a grant does not outdo a deny',
      'with an explicit deny in an identity-based policy',
      { granted: () => 'grant 1 allows it', identity: [{ ...decrypt, Effect: 'Deny' }] },
    ],
    [
      'even an administrator needs it',
      'because no resource-based policy allows the kms:Decrypt action',
      { caller: administrator },
    ],
    [
      'an administrator whose account is named',
      'allowed',
      { caller: administrator, resourcePolicy: [delegated] },
    ],
  ])('%s: %s', (_what, expected, given) => {
    expect(outcome({ ...situation, ...given })).toBe(expected);
  });
});

describe('actions and resources', () => {
  const cases: [what: string, statement: Record<string, unknown>, applies: boolean][] = [
    ['case of actions does not count', { Action: 'SQS:sendmessage', Resource: '*' }, true],
    ['* at the end', { Action: 'sqs:Send*', Resource: '*' }, true],
    ['* and ? inside', { Action: 'sqs:*d?essage', Resource: '*' }, true],
    ['every action', { Action: '*', Resource: '*' }, true],
    [
      'one of several',
      { Action: ['sqs:GetQueueUrl', 'sqs:SendMessage'], Resource: ['a', '*'] },
      true,
    ],
    ['NotAction of another', { NotAction: 'sqs:ReceiveMessage', Resource: '*' }, true],
    ['NotAction of this', { NotAction: 'sqs:*', Resource: '*' }, false],
    ['NotResource of another', { Action: '*', NotResource: elsewhere }, true],
    ['NotResource of this', { Action: '*', NotResource: 'arn:aws:sqs:*:*:orders' }, false],
    ['wildcards in the parts of an ARN', { Action: '*', Resource: 'arn:aws:sqs:*:*:or?ers' }, true],
    ['parts left off', { Action: '*', Resource: 'arn:aws:sqs' }, true],
    [
      'a wildcard does not reach over a colon',
      { Action: '*', Resource: 'arn:aws:*:orders' },
      false,
    ],
    [
      'case of resources counts',
      { Action: '*', Resource: queueArn.replace('orders', 'Orders') },
      false,
    ],
  ];
  test.each(cases)('%s', (_what, statement, applies) => {
    expect(outcome({ identity: [statement] })).toBe(applies ? 'allowed' : noIdentity);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
describe('NotPrincipal', () => {
  const denyOthers = (...AWS: string[]) => ({
    identity: [send],
    resourcePolicy: [{ Effect: 'Deny' as const, Action: 'sqs:*', NotPrincipal: { AWS } }],
  });
  test('leaves out a session that is named with its role and its account', () => {
    const root = `arn:aws:iam::${account}:root`;
    expect(outcome(denyOthers(sessionArn, roleArn, root))).toBe('allowed');
  });
  test('does not leave out a session by its role alone', () => {
    expect(outcome(denyOthers(roleArn))).toContain('explicit deny');
  });
});

test('the statements that decided are named', () => {
  const identity = [
    { Sid: 'Deny1', Effect: 'Deny' as const, Action: 'sqs:*', Resource: '*' },
    { Sid: 'Deny2', Effect: 'Deny' as const, Action: '*', Resource: '*' },
  ];
  const { statements } = decide({ identity: [send, ...identity] }).verdict;
  expect(statements.map(({ statement }) => statement)).toEqual(identity);
});
