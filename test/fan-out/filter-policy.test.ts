import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  type AttributeFilterPolicy,
  type BodyFilterPolicy,
  FanOut,
  PropsValidationError,
  type SubscribedQueueOptions,
} from 'cdk-decouple';

function failuresOf(options: SubscribedQueueOptions): readonly string[] {
  const fanOut = new FanOut(new Stack(new App(), 'Test'), 'Orders');
  try {
    fanOut.addQueue('Queue', options);
  } catch (error) {
    if (error instanceof PropsValidationError) {
      expect(fanOut.node.tryFindChild('Queue')).toBeUndefined();
      return error.failures;
    }
    throw error;
  }
  return [];
}

const rules = (count: number): string[] => Array.from({ length: count }, (_, i) => `value ${i}`);

/** One rule of every kind that SNS has. */
const wholeLanguage: AttributeFilterPolicy = {
  exact: ['a', 5, true, null],
  text: [
    { prefix: 'a' },
    { suffix: 'a' },
    { wildcard: 'a*b' },
    { 'equals-ignore-case': 'A' },
    { cidr: '10.0.0.0/24' },
  ],
  number: [{ numeric: ['=', 5] }, { numeric: ['>', 0, '<=', 150] }],
  not: [
    { 'anything-but': ['a', 5] },
    { 'anything-but': { prefix: 'a' } },
    { 'anything-but': { suffix: ['a', 'b'] } },
  ],
  $or: [{ there: [{ exists: true }] }, { there: [{ exists: false }] }],
};

test('a policy reaches the subscription as it is', () => {
  const stack = new Stack(new App(), 'Test');
  const { exact, $or } = wholeLanguage;
  new FanOut(stack, 'Orders').addQueue('Queue', { filterPolicy: { exact, $or } });

  const subscriptions = Template.fromStack(stack).findResources('AWS::SNS::Subscription');
  expect(Object.values(subscriptions).map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({ FilterPolicy: { exact, $or } }),
  ]);
  expect(JSON.stringify(subscriptions)).not.toContain('FilterPolicyScope');
});

test('a policy on the body has its scope', () => {
  const stack = new Stack(new App(), 'Test');
  const filterPolicyWithMessageBody: BodyFilterPolicy = {
    order: { total: [{ numeric: ['>=', 100] }] },
  };
  new FanOut(stack, 'Orders').addQueue('Queue', { filterPolicyWithMessageBody });

  Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
    FilterPolicy: filterPolicyWithMessageBody,
    FilterPolicyScope: 'MessageBody',
  });
});

test('every kind of rule is known, alone', () => {
  for (const [key, value] of Object.entries(wholeLanguage)) {
    expect(failuresOf({ filterPolicy: { [key]: value } })).toEqual([]);
  }
});

describe('combinations', () => {
  test.each([
    ['of one key', { a: rules(150) }, []],
    ['of two keys', { a: rules(15), b: rules(10) }, []],
    [
      'of alternatives, which add up',
      { a: rules(10), $or: [{ b: rules(7) }, { c: rules(8) }] },
      [],
    ],
    ['too many of one key', { a: rules(151) }, [/at most 150 combinations .* got 151/]],
    ['too many of two keys', { a: rules(16), b: rules(10) }, [/got 160/]],
    [
      'too many of alternatives',
      { a: rules(10), $or: [{ b: rules(8) }, { c: rules(8) }] },
      [/got 160/],
    ],
  ])('%s', (_name, filterPolicy, expected) => {
    expect(failuresOf({ filterPolicy })).toEqual(expected.map((one) => expect.stringMatching(one)));
  });

  test('of nested keys count once for each level', () => {
    // The example of https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
    const filterPolicyWithMessageBody = {
      key_a: { key_b: { key_c: rules(4) } },
      key_d: { key_e: rules(3) },
      key_f: rules(3),
    };
    expect(failuresOf({ filterPolicyWithMessageBody })).toEqual([
      expect.stringMatching(/each by its level of nesting\), got 216/),
    ]);
  });
});

describe('fails when', () => {
  test.each<[string, SubscribedQueueOptions, RegExp]>([
    [
      'both policies are given',
      { filterPolicy: { a: ['b'] }, filterPolicyWithMessageBody: { a: ['b'] } },
      /exclude each other/,
    ],
    ['there is no key', { filterPolicy: {} }, /at least one key/],
    [
      'there are six keys',
      { filterPolicy: Object.fromEntries(rules(6).map((key) => [key, ['x']])) },
      /at most 5 keys, got 6 \(value 0, /,
    ],
    ['a key has no rules', { filterPolicy: { a: [] } }, /'a' must have at least one rule/],
    [
      'keys of attributes are nested',
      // What a caller without types can write.
      { filterPolicy: JSON.parse('{"a":{"b":["c"]}}') },
      /'a' must be a list of rules: keys are nested in filterPolicyWithMessageBody only/,
    ],
    [
      'an operator is misspelt',
      { filterPolicy: JSON.parse('{"a":[{"prefx":"b"}]}') },
      /'a' has the operator 'prefx', which SNS does not know/,
    ],
    [
      'a rule has two operators',
      { filterPolicy: JSON.parse('{"a":[{"prefix":"b","suffix":"c"}]}') },
      /several operators \(prefix, suffix\)/,
    ],
    [
      'there is one alternative only',
      { filterPolicy: { c: ['d'], $or: [{ a: ['b'] }] } },
      /'\$or' must be a list of at least two policies/,
    ],
    [
      'a range has nothing in it',
      { filterPolicy: { a: [{ numeric: ['>', 5, '<', 5] }] } },
      /range without numbers/,
    ],
    [
      'a number is too large',
      { filterPolicy: { a: [1_000_000_001] } },
      /from -1,000,000,000 to 1,000,000,000/,
    ],
    [
      'exists is no boolean',
      { filterPolicy: JSON.parse('{"a":[{"exists":"yes"}]}') },
      /must be true or false/,
    ],
    [
      'it is too long',
      { filterPolicy: { a: ['x'.repeat(262_144)] } },
      /at most 262,144 bytes, got 262154/,
    ],
  ])('%s', (_name, options, message) => {
    expect(failuresOf(options)).toEqual([expect.stringMatching(message)]);
  });

  test('not when the policy is only known at deployment', () => {
    const filterPolicy = Lazy.any({ produce: () => ({ a: ['b'] }) });
    expect(failuresOf({ filterPolicy: Object(filterPolicy) })).toEqual([]);
  });
});
