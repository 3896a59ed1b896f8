import { engine, holder, resolvedValue } from './harness';

const extensions = { Transform: 'AWS::LanguageExtensions' };
// biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub's own placeholders
const [attributePattern, namePattern] = ['${Queue.QueueName}', '${Name}'];
const template = {
  Parameters: {
    Name: { Type: 'String', Default: 'orders' },
    Empty: { Type: 'CommaDelimitedList', Default: '' },
    List: { Type: 'CommaDelimitedList', Default: 'x, y' },
  },
  Mappings: { Sizes: { small: { count: '1', names: ['a', 'b'] } } },
  Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
};

// What the other tests of functions leave out: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
describe('a function evaluates', () => {
  test.each<[string, unknown, unknown]>([
    [
      'GetAZs of another Region',
      { 'Fn::Select': [0, { 'Fn::GetAZs': 'eu-west-1' }] },
      'eu-west-1a',
    ],
    [
      'GetAZs of a reference',
      { 'Fn::Join': [',', { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] },
      'us-east-1a,us-east-1b,us-east-1c',
    ],
    [
      'FindInMap to a list',
      { 'Fn::Join': ['', { 'Fn::FindInMap': ['Sizes', 'small', 'names'] }] },
      'ab',
    ],
    [
      'Split at a delimiter of several characters',
      { 'Fn::Select': [1, { 'Fn::Split': ['::', 'a::b::c'] }] },
      'b',
    ],
    [
      'Split of what has no delimiter',
      { 'Fn::Select': [0, { 'Fn::Split': [',', 'whole'] }] },
      'whole',
    ],
    ['Join of nothing', { 'Fn::Join': ['-', { Ref: 'Empty' }] }, ''],
    ['Join of a list parameter', { 'Fn::Join': ['-', { Ref: 'List' }] }, 'x-y'],
    ['If within If', { 'Fn::If': ['Never', 'a', { 'Fn::If': ['Never', 'b', 'c'] }] }, 'c'],
    [
      'Sub of an attribute within Base64',
      { 'Fn::Base64': { 'Fn::Sub': attributePattern } },
      'UXVldWU=',
    ],
    ['Sub of a map that hides a parameter', { 'Fn::Sub': [namePattern, { Name: 'mine' }] }, 'mine'],
    [
      'Select by a parameter of another function',
      { 'Fn::Select': [{ 'Fn::FindInMap': ['Sizes', 'small', 'count'] }, ['a', 'b']] },
      'b',
    ],
    [
      'Cidr of one of its own blocks',
      {
        'Fn::Select': [
          1,
          { 'Fn::Cidr': [{ 'Fn::Select': [0, { 'Fn::Cidr': ['10.0.0.0/16', 1, 12] }] }, 2, 4] },
        ],
      },
      '10.0.0.16/28',
    ],
    [
      'ImportValue is tested with exports; GetAtt in Join',
      { 'Fn::Join': ['', ['q-', { 'Fn::GetAtt': ['Queue', 'QueueName'] }]] },
      'q-Queue',
    ],
  ])('%s', async (_name, value, expected) => {
    expect(await resolvedValue(value, template)).toBe(expected);
  });

  test.each<[string, unknown, unknown]>([
    ['Length of a parameter', { 'Fn::Length': { Ref: 'List' } }, 2],
    [
      'ToJsonString of references',
      {
        'Fn::ToJsonString': { name: { Ref: 'Name' }, list: [{ 'Fn::GetAtt': 'Queue.QueueName' }] },
      },
      '{"name":"orders","list":["Queue"]}',
    ],
    [
      'FindInMap with a default',
      { 'Fn::FindInMap': ['Sizes', 'large', 'count', { DefaultValue: '9' }] },
      '9',
    ],
    [
      'FindInMap with a default that is not needed',
      { 'Fn::FindInMap': ['Sizes', 'small', 'count', { DefaultValue: '9' }] },
      '1',
    ],
  ])('with AWS::LanguageExtensions %s', async (_name, value, expected) => {
    expect(await resolvedValue(value, { ...template, ...extensions })).toBe(expected);
  });
});

describe('a function is refused, before anything is made,', () => {
  test.each<[string, unknown, string | RegExp]>([
    ['Ref of no text', { Ref: ['Queue'] }, 'all Ref objects must be strings'],
    [
      'GetAtt without an attribute',
      { 'Fn::GetAtt': 'Queue' },
      'every Fn::GetAtt object requires two non-empty parameters',
    ],
    [
      'Join without a list',
      { 'Fn::Join': [',', 'a'] },
      'every Fn::Join object requires two parameters',
    ],
    [
      'Join of three',
      { 'Fn::Join': [',', [], []] },
      'every Fn::Join object requires two parameters',
    ],
    [
      'Sub of a list',
      { 'Fn::Sub': [['a'], {}] },
      "Fn::Sub intrinsic functions don't specify expected arguments",
    ],
    [
      'Select of text',
      { 'Fn::Select': [0, 'a'] },
      'Fn::Select requires a list argument with two elements',
    ],
    [
      'Select before the beginning',
      { 'Fn::Select': [-1, ['a']] },
      'cannot select nonexistent value at index -1',
    ],
    [
      'Split at nothing',
      { 'Fn::Split': ['', 'a'] },
      'every Fn::Split object requires two parameters',
    ],
    [
      'If of two',
      { 'Fn::If': ['Never', 'a'] },
      'Fn::If requires a list argument with three elements',
    ],
    [
      'If of an unknown condition',
      { 'Fn::If': ['Nope', 'a', 'b'] },
      'Unresolved condition dependency Nope',
    ],
    [
      'FindInMap of an unknown key',
      { 'Fn::FindInMap': ['Sizes', 'large', 'count'] },
      'Unable to get mapping for Sizes::large::count',
    ],
    [
      'FindInMap with a default, without the transform',
      { 'Fn::FindInMap': ['Sizes', 'large', 'count', { DefaultValue: '9' }] },
      'requires the transform AWS::LanguageExtensions',
    ],
    [
      'Length without the transform',
      { 'Fn::Length': ['a'] },
      'requires the transform AWS::LanguageExtensions',
    ],
    [
      'Cidr of more blocks than there are',
      { 'Fn::Cidr': ['10.0.0.0/24', 300, 8] },
      /Cidr|10\.0\.0\.0/,
    ],
    ['ImportValue of nothing', { 'Fn::ImportValue': 'nope' }, 'No export named nope found.'],
    [
      'two functions in one object',
      { Ref: 'Name', 'Fn::Join': [',', []] },
      'must have exactly one member',
    ],
    [
      'a condition function in a property',
      { 'Fn::Equals': ['a', 'b'] },
      'Encountered unsupported function: Fn::Equals',
    ],
  ])('%s', async (_name, value, message) => {
    const { cloudFormation, create } = engine();
    const resources = { ...template.Resources, Holder: holder(value) };
    await expect(create({ ...template, Resources: resources })).rejects.toThrow(message);
    expect(cloudFormation.stacks()).toEqual([]);
  });
});

describe('a rule', () => {
  const ruled = (Assert: unknown, RuleCondition?: unknown) => ({
    ...template,
    Rules: { R: { RuleCondition, Assertions: [{ Assert, AssertDescription: 'as it should be' }] } },
  });

  test.each<[string, unknown, boolean]>([
    ['Contains', { 'Fn::Contains': [['orders', 'jobs'], { Ref: 'Name' }] }, true],
    ['Contains of something else', { 'Fn::Contains': [['jobs'], { Ref: 'Name' }] }, false],
    ['EachMemberEquals', { 'Fn::EachMemberEquals': [['orders', 'orders'], { Ref: 'Name' }] }, true],
    ['EachMemberEquals of two', { 'Fn::EachMemberEquals': [{ Ref: 'List' }, 'x'] }, false],
    ['EachMemberIn', { 'Fn::EachMemberIn': [{ Ref: 'List' }, ['x', 'y', 'z']] }, true],
    ['EachMemberIn of fewer', { 'Fn::EachMemberIn': [{ Ref: 'List' }, ['x']] }, false],
    [
      'Not, And and Or',
      {
        'Fn::And': [
          { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] },
          { 'Fn::Or': [{ 'Fn::Equals': ['a', 'a'] }, { 'Fn::Equals': ['a', 'b'] }] },
        ],
      },
      true,
    ],
  ])('holds or not: %s', async (_name, assertion, holds) => {
    const { cloudFormation, create } = engine();
    const outcome = await create(ruled(assertion)).then(
      () => 'created',
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(holds ? 'created' : 'as it should be');
    expect(cloudFormation.stacks()).toHaveLength(holds ? 1 : 0);
  });

  test('counts only where its condition holds', async () => {
    const { create } = engine();
    const wrong = { 'Fn::Equals': ['a', 'b'] };
    await create(ruled(wrong, { 'Fn::Equals': [{ Ref: 'Name' }, 'jobs'] }));
    await expect(
      create(ruled(wrong, { 'Fn::Equals': [{ Ref: 'Name' }, 'orders'] }), { name: 'Other' }),
    ).rejects.toThrow('as it should be');
  });

  test.each(['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll'])(
    'with %s is refused by name',
    async (name) => {
      const { create } = engine();
      const used = { [name]: ['AWS::EC2::VPC::Id', 'x'] };
      const created = create(ruled(used));
      await expect(created).rejects.toMatchObject({ code: 'NotImplemented' });
      await expect(created).rejects.toThrow(`the rule function ${name}`);
    },
  );
});
