import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { TemplateRejectedError } from '../../src/cloudformation';
import { recordedTypes } from '../../src/cloudformation/recorded-types';
import { resourceSchema } from '../../src/cloudformation/resource-schemas';
import { account, engine, holder, region, resolvedValue } from './harness';

const resources = { Queue: { Type: 'AWS::SQS::Queue' } };

async function rejection(template: object): Promise<TemplateRejectedError> {
  const error = await engine()
    .create(template)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof TemplateRejectedError)) throw new Error(`not rejected: ${error}`);
  return error;
}

describe('a template', () => {
  test('may be YAML with short tags', async () => {
    const { create, queues } = engine();
    const stack = await create(
      [
        'AWSTemplateFormatVersion: 2010-09-09',
        'Parameters:',
        '  Name: {Type: String, Default: orders}',
        'Conditions:',
        '  Long: !Equals [!Ref Name, orders]',
        'Resources:',
        '  Dead: {Type: AWS::SQS::Queue}',
        '  Queue:',
        '    Type: AWS::SQS::Queue',
        '    Properties:',
        '      QueueName: !Sub "$' + '{Name}-$' + '{AWS::Region}"',
        '      DelaySeconds: !If [Long, !Select [0, [5, 6]], !Ref AWS::NoValue]',
        '      RedrivePolicy:',
        '        deadLetterTargetArn: !GetAtt Dead.Arn',
        '        maxReceiveCount: 3',
        'Outputs:',
        '  Joined: {Value: !Join ["-", [a, !Ref Name]]}',
      ].join('\n'),
    );
    expect(queues.properties('Queue')).toEqual({
      QueueName: 'orders-us-east-1',
      DelaySeconds: 5,
      RedrivePolicy: {
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:Dead',
        maxReceiveCount: 3,
      },
    });
    expect(stack.output('Joined')).toBe('a-orders');
  });

  test.each<[string, string, string]>([
    ['text that is not JSON', '{"Resources":', 'Template format error: JSON not well-formed.'],
    ['an unknown tag', 'Resources: !Nope x', 'Template format error: YAML not well-formed.'],
    ['no resources', '{}', 'At least one Resources member must be defined.'],
    [
      'an unknown section',
      '{"Resource": {}}',
      'Invalid template property or properties [Resource]',
    ],
    ['an unknown version', '{"AWSTemplateFormatVersion": "2020-01-01"}', '2020-01-01'],
    ['a resource without a type', '{"Resources": {"A": {}}}', 'must contain a Type member.'],
    [
      'an unknown resource attribute',
      '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Propertys": {}}}}',
      "Invalid template resource property 'Propertys'",
    ],
    [
      'a logical id with a hyphen',
      '{"Resources": {"A-B": {"Type": "AWS::SQS::Queue"}}}',
      'Resource name A-B is non alphanumeric.',
    ],
    [
      'a null value',
      '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": null}}}}',
      "[/Resources/A/Properties/QueueName] 'null' values are not allowed in templates",
    ],
  ])('fails on %s', async (_name, text, message) => {
    await expect(engine().create(text)).rejects.toThrow(message);
  });

  test('fails with 501 resources', async () => {
    const many = Array.from({ length: 501 }, (_, index) => [
      `Q${index}`,
      { Type: 'AWS::SQS::Queue' },
    ]);
    await expect(engine().create({ Resources: Object.fromEntries(many) })).rejects.toThrow(
      'Number of resources, 501, is greater than maximum allowed, 500',
    );
  });

  test.each<[string, object, string]>([
    ['Ref', { Ref: 'Nope' }, 'Unresolved resource dependencies [Nope] in the Resources block'],
    ['GetAtt', { 'Fn::GetAtt': ['Nope', 'Arn'] }, 'Unresolved resource dependencies [Nope]'],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Queue', 'Size'] },
      'resource Queue does not support attribute type Size in Fn::GetAtt',
    ],
    [
      'Ref in the branch not taken',
      { 'Fn::If': ['Never', { Ref: 'Nope' }, 'x'] },
      'Unresolved resource dependencies [Nope]',
    ],
    ['a condition', { 'Fn::If': ['Nope', 1, 2] }, 'Unresolved condition dependency Nope'],
  ])('fails on %s to what does not exist', async (_name, value, message) => {
    expect(
      (
        await rejection({
          Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
          Resources: { ...resources, P: holder(value) },
        })
      ).message,
    ).toContain(message);
  });

  test('fails on a cycle, naming its members and nobody else', async () => {
    const { invalid } = await rejection({
      Resources: {
        A: holder({ Ref: 'B' }),
        B: { ...holder('x'), DependsOn: 'C' },
        C: holder({ 'Fn::GetAtt': ['A', 'Value'] }),
        D: holder({ Ref: 'A' }),
      },
    });
    expect(invalid).toEqual(['Circular dependency between resources: [A, B, C]']);
  });
});

describe('properties are checked against the published schema', () => {
  test.each<[string, object, string[]]>([
    ['an unknown one', { Nam: 'x' }, ['#: extraneous key [Nam] is not permitted']],
    [
      'a list for text',
      { QueueName: ['x'] },
      ['#/QueueName: expected type: String, found: JSONArray'],
    ],
    [
      'text for a number',
      { DelaySeconds: 'ten' },
      ['#/DelaySeconds: expected type: Integer, found: String (ten)'],
    ],
    [
      'a fraction for an integer',
      { DelaySeconds: 1.5 },
      ['#/DelaySeconds: expected type: Integer, found: Number (1.5)'],
    ],
    [
      'text for a boolean',
      { FifoQueue: 'yes' },
      ['#/FifoQueue: expected type: Boolean, found: String (yes)'],
    ],
    [
      'a malformed tag',
      { Tags: [{ Name: 'a' }] },
      [
        '#/Tags/0: required key [Key] not found',
        '#/Tags/0: extraneous key [Name] is not permitted',
      ],
    ],
  ])('fails on %s', async (_name, properties, problems) => {
    const { invalid } = await rejection({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } },
    });
    expect(invalid).toEqual(
      problems.map(
        (problem) =>
          `Properties validation failed for resource Queue (AWS::SQS::Queue) with message: ${problem}`,
      ),
    );
  });

  test('numbers and booleans may be text, and text may be a number', async () => {
    const { create, queues } = engine();
    const properties = { DelaySeconds: '10', FifoQueue: 'true', QueueName: 123 };
    await create({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } } });
    expect(queues.properties('Queue')).toEqual(properties);
  });

  test('a value that is known only later is checked then', async () => {
    const { create } = engine();
    const late = { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: { Ref: 'Queue' } } };
    await expect(create({ Resources: { ...resources, Late: late } })).rejects.toThrow(
      /Late \(AWS::SQS::Queue\): Properties validation failed for resource Late with message: \[#\/DelaySeconds/,
    );
  });

  test('all that is unsupported and all that is wrong is named at once', async () => {
    const { invalid, unsupported, code } = await rejection({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        A: { Type: 'AWS::Nope::Thing' },
        B: { Type: 'AWS::Nope::Thing' },
        C: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: 'false' } },
        D: { Type: 'AWS::SQS::Queue', CreationPolicy: {} },
        E: { Type: 'AWS::SQS::Queue', Properties: { Nope: 1 } },
      },
    });
    expect(code).toBe('NotImplemented');
    expect(unsupported).toEqual([
      'the transform AWS::Serverless-2016-10-31',
      'C (AWS::SQS::Queue): SqsManagedSseEnabled false',
      'CreationPolicy of D (AWS::SQS::Queue)',
      'resource type AWS::Nope::Thing (A, B)',
    ]);
    expect(invalid).toHaveLength(1);
  });

  test('every recorded type has a schema', () => {
    const missing = recordedTypes
      .filter(({ type }) => !resourceSchema(type))
      .map(({ type }) => type);
    expect(missing).toEqual(['AWS::CDK::Metadata', 'Custom::VpcRestrictDefaultSG']);
  });

  test('the generated schemas are those that are published', () => {
    const script = join(__dirname, '../../../scripts/generate-resource-schemas.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check']);
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
  });
});

describe('recorded resources', () => {
  test('have ids and attributes as AWS makes them', async () => {
    const { create } = engine();
    const stack = await create({
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
        Group: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { GroupDescription: 'g', VpcId: { Ref: 'Vpc' } },
        },
        Gateway: { Type: 'AWS::EC2::InternetGateway' },
        Attached: {
          Type: 'AWS::EC2::VPCGatewayAttachment',
          Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } },
        },
        Topic: { Type: 'AWS::SNS::Topic' },
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            ComparisonOperator: 'GreaterThanThreshold',
            EvaluationPeriods: 1,
            AlarmName: 'deep',
          },
        },
        Metadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:deflate64:x' } },
      },
      Outputs: {
        Cidr: { Value: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } },
        Group: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } },
        Default: { Value: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] } },
        Topic: { Value: { Ref: 'Topic' } },
        Alarm: { Value: { 'Fn::GetAtt': ['Alarm', 'Arn'] } },
        Attached: { Value: { Ref: 'Attached' } },
      },
    });
    expect(stack.output('Cidr')).toBe('10.0.0.0/16');
    expect(stack.output('Group')).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(stack.output('Default')).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(stack.output('Topic')).toMatch(/^arn:aws:sns:us-east-1:000000000000:Test-Topic-\w{12}$/);
    expect(stack.output('Alarm')).toBe('arn:aws:cloudwatch:us-east-1:000000000000:alarm:deep');
    expect(stack.output('Attached')).toMatch(/^IGW\|vpc-[0-9a-f]{17}$/);
    expect(stack.levels()).toContainEqual({ type: 'AWS::SNS::Topic', level: 'recorded', count: 1 });
  });

  test('fails on an attribute that they do not have', async () => {
    const { unsupported } = await rejection({
      Resources: { Vpc: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: 'vpc-1' } } },
      Outputs: { Dns: { Value: { 'Fn::Select': [0, { 'Fn::GetAtt': ['Vpc', 'DnsEntries'] }] } } },
    });
    expect(unsupported).toEqual([
      'attribute DnsEntries of the recorded type AWS::EC2::VPCEndpoint (Vpc)',
    ]);
  });
});

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
