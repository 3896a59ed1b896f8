import { account, engine, region, resolvedValue } from './harness';

const resources = { Queue: { Type: 'AWS::SQS::Queue' } };

describe('parameters', () => {
  const ssm = {
    resolveSsmParameter: async ({ name }: { name: string }) =>
      name === '/ami' ? 'ami-1' : undefined,
  };

  test.each<[string, object, string | undefined, unknown]>([
    ['a default', { Type: 'String', Default: 'd' }, undefined, 'd'],
    ['a given value', { Type: 'String', Default: 'd' }, 'g', 'g'],
    ['a number, as text', { Type: 'Number' }, '5', '5'],
    ['a list', { Type: 'CommaDelimitedList' }, 'a, b', ['a', 'b']],
    ['a list of numbers', { Type: 'List<Number>' }, '1,2', ['1', '2']],
    [
      'a list of ids',
      { Type: 'List<AWS::EC2::Subnet::Id>' },
      'subnet-1,subnet-2',
      ['subnet-1', 'subnet-2'],
    ],
    [
      'one that is in SSM',
      { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/ami' },
      undefined,
      'ami-1',
    ],
  ])('%s', async (_name, declaration, value, expected) => {
    const list = Array.isArray(expected);
    const reference = list ? { 'Fn::Join': ['|', { Ref: 'P' }] } : { Ref: 'P' };
    const parameters: Record<string, string> = value === undefined ? {} : { P: value };
    const result = await resolvedValue(
      reference,
      { Parameters: { P: declaration } },
      { parameters },
      ssm,
    );
    expect(result).toBe(list ? expected.join('|') : expected);
  });

  test.each<[string, object, Record<string, string>, string]>([
    ['a missing one', { Type: 'String' }, {}, 'Parameters: [P] must have values'],
    [
      'an undeclared one',
      { Type: 'String' },
      { P: 'x', Q: 'y' },
      'Parameters: [Q] do not exist in the template',
    ],
    ['text for a number', { Type: 'Number' }, { P: 'x' }, "Parameter 'P' must be a number."],
    [
      'one too long',
      { Type: 'String', MaxLength: 2 },
      { P: 'abc' },
      "Parameter 'P' must contain at most 2 characters",
    ],
    [
      'one too short',
      { Type: 'String', MinLength: '2' },
      { P: 'a' },
      "Parameter 'P' must contain at least 2 characters",
    ],
    [
      'one too small',
      { Type: 'Number', MinValue: 2 },
      { P: '1' },
      "Parameter 'P' must be a number not less than 2",
    ],
    [
      'one too large',
      { Type: 'Number', MaxValue: 2 },
      { P: '3' },
      "Parameter 'P' must be a number not greater than 2",
    ],
    [
      'one that is not allowed',
      { Type: 'String', AllowedValues: ['a'] },
      { P: 'b' },
      "Parameter 'P' must be one of AllowedValues",
    ],
    [
      'one off the pattern',
      { Type: 'String', AllowedPattern: '[a-z]+' },
      { P: 'a1' },
      "Parameter 'P' must match pattern [a-z]+",
    ],
    [
      'one with its own words',
      { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'letters' },
      { P: '1' },
      'Parameter P failed to satisfy constraint: letters',
    ],
    [
      'one that SSM does not have',
      { Type: 'AWS::SSM::Parameter::Value<String>' },
      { P: '/no' },
      'Unable to fetch parameters [/no] from parameter store for this account.',
    ],
    ['an unknown type', { Type: 'Strin' }, { P: 'x' }, 'Unrecognized parameter type: Strin'],
  ])('fails on %s', async (_name, declaration, parameters, message) => {
    const template = { Parameters: { P: declaration }, Resources: resources };
    await expect(engine(ssm).create(template, { parameters })).rejects.toThrow(message);
  });

  test('NoEcho hides the value from those who describe the stack', async () => {
    const { create, cloudFormation } = engine();
    await create(
      { Parameters: { P: { Type: 'String', NoEcho: true } }, Resources: resources },
      { parameters: { P: 'secret' } },
    );
    expect(cloudFormation.describe('Test', account, region).identity.parameters[0]?.shown).toBe(
      '****',
    );
  });
});

describe('rules', () => {
  const template = {
    Parameters: { Version: { Type: 'String' } },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [
          {
            Assert: {
              'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'Version' }] }],
            },
            AssertDescription: 'CDK bootstrap stack version 6 required.',
          },
        ],
      },
    },
    Resources: resources,
  };

  test('hold or stop the deployment', async () => {
    await engine().create(template, { parameters: { Version: '6' } });
    await expect(engine().create(template, { parameters: { Version: '5' } })).rejects.toThrow(
      'CDK bootstrap stack version 6 required.',
    );
  });
});
