import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { recordedTypes } from '../../src/cloudformation/recorded-types';
import { resourceSchema } from '../../src/cloudformation/resource-schemas';
import { engine, holder, rejection } from './harness';

const resources = { Queue: { Type: 'AWS::SQS::Queue' } };

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

  test('refuses Fn::ForEach by name', async () => {
    const loop = { 'Fn::ForEach::Queues': ['Q', ['A', 'B'], {}] };
    await expect(engine().create({ Resources: loop })).rejects.toThrow(
      'does not implement Fn::ForEach::Queues',
    );
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
        A: { Type: 'AWS::GameLift::Fleet' },
        B: { Type: 'AWS::GameLift::Fleet' },
        C: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: 'false' } },
        D: { Type: 'AWS::SQS::Queue', CreationPolicy: {} },
        E: { Type: 'AWS::SQS::Queue', Properties: { Nope: 1 } },
        F: holder({ 'Fn::Transform': { Name: 'AWS::Include' } }),
      },
    });
    expect(code).toBe('NotImplemented');
    expect(unsupported).toEqual([
      'the transform AWS::Serverless-2016-10-31',
      'CreationPolicy of D (AWS::SQS::Queue)',
      'the function Fn::Transform',
      'C (AWS::SQS::Queue): SqsManagedSseEnabled false',
      'resource type AWS::GameLift::Fleet (A, B)',
    ]);
    expect(invalid).toHaveLength(1);
  });

  test('every recorded type has a schema', () => {
    const missing = recordedTypes
      .filter(({ type }) => !resourceSchema(type))
      .map(({ type }) => type);
    expect(missing).toEqual(['AWS::CDK::Metadata']);
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
        Repository: { Type: 'AWS::ECR::Repository' },
        Alarm: {
          Type: 'AWS::CloudWatch::CompositeAlarm',
          Properties: { AlarmName: 'deep', AlarmRule: 'TRUE' },
        },
        Metadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:deflate64:x' } },
      },
      Outputs: {
        Uri: { Value: { 'Fn::GetAtt': ['Repository', 'RepositoryUri'] } },
        Alarm: { Value: { 'Fn::GetAtt': ['Alarm', 'Arn'] } },
      },
    });
    expect(stack.output('Uri')).toMatch(
      /^000000000000\.dkr\.ecr\.us-east-1\.amazonaws\.com\/Test-Repository-\w{12}$/,
    );
    expect(stack.output('Alarm')).toBe('arn:aws:cloudwatch:us-east-1:000000000000:alarm:deep');
    expect(stack.levels()).toContainEqual({
      type: 'AWS::ECR::Repository',
      level: 'recorded',
      count: 1,
    });
  });

  test('fails on an attribute that they do not have', async () => {
    const { unsupported } = await rejection({
      Resources: { Repository: { Type: 'AWS::ECR::Repository' } },
      Outputs: { Tags: { Value: { 'Fn::GetAtt': ['Repository', 'ImageTagMutability'] } } },
    });
    expect(unsupported).toEqual([
      'attribute ImageTagMutability of the recorded type AWS::ECR::Repository (Repository)',
    ]);
  });
});
