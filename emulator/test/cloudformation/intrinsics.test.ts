import { engine, holder, resolvedValue } from './harness';

const queue = { Queue: { Type: 'AWS::SQS::Queue' } };

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref to a parameter', { Ref: 'Name' }, 'orders'],
    ['Ref to the region', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Ref to the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Ref to the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['Ref to the URL suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['Ref to the stack name', { Ref: 'AWS::StackName' }, 'Test'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'QueueName'] }, 'Queue'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.QueueName' }, 'Queue'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 3]] }, 'a-orders-3'],
    ['Join of a split', { 'Fn::Join': ['+', { 'Fn::Split': [',', 'a,b'] }] }, 'a+b'],
    ['Join drops no value', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub's own placeholders
    ['Sub', { 'Fn::Sub': '${Name}/${Queue.QueueName}/${AWS::Region}' }, 'orders/Queue/us-east-1'],
    [
      'Sub with a map',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub's own placeholders
      { 'Fn::Sub': ['${A}-${Name}', { A: { Ref: 'AWS::Region' } }] },
      'us-east-1-orders',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub's own placeholders
    ['Sub with a literal', { 'Fn::Sub': '${!Name}' }, '${Name}'],
    ['Select', { 'Fn::Select': ['1', ['a', 'b', 'c']] }, 'b'],
    ['Select of a list parameter', { 'Fn::Select': [2, { Ref: 'List' }] }, 'z'],
    ['Select of the zones', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'us-east-1b'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['If, true', { 'Fn::If': ['Yes', 'a', 'b'] }, 'a'],
    ['If, false', { 'Fn::If': ['No', 'a', 'b'] }, 'b'],
    ['FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'key'] }, 'found'],
    ['Cidr', { 'Fn::Select': [1, { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }] }, '10.0.1.0/24'],
    [
      'Cidr of IPv6',
      { 'Fn::Select': [1, { 'Fn::Cidr': ['2001:db8::/56', 2, 64] }] },
      '2001:db8:0:1::/64',
    ],
  ])('%s', async (_name, value, expected) => {
    const template = {
      Parameters: {
        Name: { Type: 'String', Default: 'orders' },
        List: { Type: 'CommaDelimitedList', Default: 'x, y,z' },
      },
      Mappings: { Map: { 'us-east-1': { key: 'found' } } },
      Conditions: {
        Yes: { 'Fn::Equals': [{ Ref: 'Name' }, 'orders'] },
        No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      },
      Resources: queue,
    };
    expect(await resolvedValue(value, template)).toBe(expected);
  });

  test.each<[string, unknown, boolean]>([
    ['And', { 'Fn::And': [{ Condition: 'True' }, { Condition: 'False' }] }, false],
    ['Or', { 'Fn::Or': [{ Condition: 'True' }, { Condition: 'False' }] }, true],
    ['Equals as text', { 'Fn::Equals': ['1', 1] }, true],
    [
      'nested Or',
      {
        'Fn::Or': [
          { 'Fn::Or': [{ Condition: 'False' }, { Condition: 'False' }] },
          { Condition: 'True' },
        ],
      },
      true,
    ],
  ])('the condition %s decides which resources there are', async (_name, condition, expected) => {
    const { create } = engine();
    const stack = await create({
      Conditions: {
        True: { 'Fn::Equals': ['a', 'a'] },
        False: { 'Fn::Equals': ['a', 'b'] },
        Tested: condition,
      },
      Resources: { Always: holder('x'), Queue: { Type: 'AWS::SQS::Queue', Condition: 'Tested' } },
    });
    expect(stack.resource('Queue') !== undefined).toBe(expected);
  });

  test('numbers stay numbers, and AWS::NoValue removes the property', async () => {
    const { create, queues } = engine();
    await create({
      Resources: {
        Queue: {
          Type: 'AWS::SQS::Queue',
          Properties: {
            DelaySeconds: 7,
            VisibilityTimeout: { 'Fn::If': ['Never', 1, { Ref: 'AWS::NoValue' }] },
          },
        },
      },
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    });
    expect(queues.properties('Queue')).toEqual({ DelaySeconds: 7 });
  });

  test('the functions of AWS::LanguageExtensions need that transform', async () => {
    const value = { 'Fn::ToJsonString': { a: [1] } };
    await expect(resolvedValue(value)).rejects.toThrow(
      'requires the transform AWS::LanguageExtensions',
    );
    expect(await resolvedValue(value, { Transform: 'AWS::LanguageExtensions' })).toBe('{"a":[1]}');
    const length = { 'Fn::Length': ['a', 'b'] };
    expect(await resolvedValue(length, { Transform: 'AWS::LanguageExtensions' })).toBe(2);
  });

  test.each<[string, unknown, string]>([
    ['an unknown function', { 'Fn::Nonsense': [] }, 'Fn::Nonsense'],
    [
      'an unknown map',
      { 'Fn::FindInMap': ['Nope', 'a', 'b'] },
      "Mapping named 'Nope' is not present",
    ],
    ['an index past the end', { 'Fn::Select': [5, ['a']] }, 'nonexistent value at index 5'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Nope' }, 'AWS::Nope'],
    ['a bad CIDR block', { 'Fn::Cidr': ['10.0.0.0/33', 1, 8] }, '10.0.0.0/33'],
  ])('fails on %s', async (_name, value, message) => {
    await expect(resolvedValue(value)).rejects.toThrow(message);
  });
});

describe('dynamic references', () => {
  const resolvers = {
    resolveSecret: async ({ secretId }: { secretId: string }) =>
      secretId === 'missing' ? undefined : JSON.stringify({ user: secretId, port: 5432 }),
    resolveSsmParameter: async ({ name, version = 'latest' }: { name: string; version?: string }) =>
      `${name}@${version}`,
  };

  test.each<[unknown, string]>([
    ['{{resolve:secretsmanager:db:SecretString:user}}', 'db'],
    ['{{resolve:secretsmanager:db:SecretString:port::}}', '5432'],
    ['{{resolve:secretsmanager:db}}', '{"user":"db","port":5432}'],
    ['{{resolve:ssm:/a/b}}', '/a/b@latest'],
    ['x-{{resolve:ssm:/a/b:3}}-{{resolve:ssm:c:1}}', 'x-/a/b@3-c@1'],
    [
      {
        'Fn::Join': [
          '',
          ['{{resolve:secretsmanager:', { Ref: 'SecretArn' }, ':SecretString:user::}}'],
        ],
      },
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf',
    ],
  ])('%j becomes %s, after the functions around it', async (value, expected) => {
    const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf';
    const template = { Parameters: { SecretArn: { Type: 'String', Default: arn } } };
    expect(await resolvedValue(value, template, {}, resolvers)).toBe(expected);
  });

  test('fails when the secret does not exist', async () => {
    const value = '{{resolve:secretsmanager:missing:SecretString:user}}';
    await expect(resolvedValue(value, {}, {}, resolvers)).rejects.toThrow(
      "Secrets Manager can't find the specified secret.",
    );
  });
});
