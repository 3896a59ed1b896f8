import fc from 'fast-check';
import {
  account,
  administrator,
  decide,
  type GivenStatement,
  queueArn,
  role,
  roleArn,
  type Situation,
  service,
  sessionArn,
} from './decide';
import { naivelyAllowed } from './naive-evaluator';

const elsewhere = queueArn.replace(account, '222222222222');
const actions = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:SendMessageLater'];
const actionPatterns = [
  ...actions,
  'SQS:SEND*',
  'sqs:*',
  '*',
  'sqs:?endMessage',
  'sns:*',
  '*Message',
];
const resourcePatterns = ['*', queueArn, elsewhere, 'arn:aws:sqs:*:*:or*', 'arn:aws:sqs:*:*:*s?'];
const principals = [
  '*',
  { AWS: '*' },
  { AWS: account },
  { AWS: `arn:aws:iam::${account}:root` },
  { AWS: [roleArn, '222222222222'] },
  { AWS: sessionArn },
  { AWS: `${roleArn}2` },
  { Service: 'sns.amazonaws.com' },
];

const some = (texts: readonly string[]) =>
  fc.oneof(fc.constantFrom(...texts), fc.subarray([...texts], { minLength: 1, maxLength: 3 }));
const about = fc.oneof(
  { arbitrary: fc.record({ Action: some(actionPatterns) }), weight: 4 },
  { arbitrary: fc.record({ NotAction: some(actionPatterns) }), weight: 1 },
);
const on = fc.oneof(
  { arbitrary: fc.record({ Resource: some(resourcePatterns) }), weight: 4 },
  { arbitrary: fc.record({ NotResource: some(resourcePatterns) }), weight: 1 },
);
const condition = fc.option(
  fc.constantFrom('true', 'false').map((secure) => ({
    Condition: { Bool: { 'aws:SecureTransport': secure } },
  })),
  { nil: {}, freq: 2 },
);
const effect = fc.oneof(
  { arbitrary: fc.constant('Allow' as const), weight: 5 },
  { arbitrary: fc.constant('Deny' as const), weight: 1 },
);
const statement: fc.Arbitrary<GivenStatement> = fc
  .tuple(effect, about, on, condition)
  .map(([Effect, ...parts]) => Object.assign({ Effect }, ...parts));
const resourceStatement: fc.Arbitrary<GivenStatement> = fc
  .tuple(statement, fc.constantFrom(...principals))
  .map(([one, Principal]) => ({ ...one, Principal }));
const policy = fc.array(statement, { maxLength: 4 });
const situations: fc.Arbitrary<Situation> = fc.record({
  caller: fc.constantFrom(
    role,
    role,
    role,
    administrator,
    service('sns.amazonaws.com', 'arn:aws:sns:us-east-1:111111111111:t'),
  ),
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(queueArn, elsewhere),
  context: fc.constantFrom('true', 'false').map((secure) => ({ 'aws:SecureTransport': secure })),
  identity: policy,
  boundary: fc.option(policy, { nil: undefined, freq: 2 }),
  session: fc.option(policy, { nil: undefined, freq: 2 }),
  resourcePolicy: fc.option(fc.array(resourceStatement, { maxLength: 4 }), { nil: undefined }),
  resourceKind: fc.constantFrom('resource' as const, 'resource' as const, 'key' as const),
});

test('a second evaluator, written without regard to speed, decides the same', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      expect(decide(situation).verdict.allowed).toBe(naivelyAllowed(situation));
    }),
    { numRuns: 3000 },
  );
});

test('a statement more that denies never lets more through, and one that allows never less', () => {
  fc.assert(
    fc.property(situations, statement, (situation, more) => {
      const { identity = [] } = situation;
      const before = decide(situation).verdict.allowed;
      const after = decide({ ...situation, identity: [...identity, more] }).verdict.allowed;
      if (more.Effect === 'Deny') expect(after && !before).toBe(false);
      else expect(before && !after).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
