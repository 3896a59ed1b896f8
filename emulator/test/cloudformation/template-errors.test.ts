import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { Emulator } from '../../src';
import { engine, holder, queue } from './harness';

const resources = { Resources: { A: queue() } };

/** So many members, each of them `value`. */
function many(count: number, value: unknown): object {
  return Object.fromEntries(Array.from({ length: count }, (_none, index) => [`X${index}`, value]));
}

const wrong: Record<string, [template: unknown, message: string]> = {
  'a cycle': [
    { Resources: { A: queue({}, { DependsOn: 'B' }), B: queue({}, { DependsOn: 'A' }) } },
    'Circular dependency between resources: [A, B]',
  ],
  'a resource that needs itself': [
    { Resources: { A: queue({ QueueName: { Ref: 'A' } }) } },
    'Circular dependency between resources: [A]',
  ],
  'a reference to nothing': [
    { Resources: { A: queue({ QueueName: { Ref: 'Nope' } }) } },
    'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
  ],
  'an output of nothing': [
    { ...resources, Outputs: { O: { Value: { Ref: 'Nope' } } } },
    'Template format error: Unresolved resource dependencies [Nope] in the Outputs block of the template',
  ],
  'a dependency on nothing': [
    { Resources: { A: queue({}, { DependsOn: 'Nope' }) } },
    'Unresolved resource dependencies [Nope]',
  ],
  'a dependency that is no name': [
    { Resources: { A: queue({}, { DependsOn: { Ref: 'B' } }) } },
    'Template format error: Every DependsOn value must be a string.',
  ],
  'an attribute that a type lacks': [
    { Resources: { A: queue(), P: holder({ 'Fn::GetAtt': ['A', 'Nope'] }) } },
    'Template error: resource A does not support attribute type Nope in Fn::GetAtt',
  ],
  'an unknown type': [
    { Resources: { A: { Type: 'Queue' } } },
    'Template format error: Unrecognized resource types: [Queue]',
  ],
  '501 resources': [
    { Resources: many(501, queue()) },
    'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
  ],
  '201 parameters': [
    { ...resources, Parameters: many(201, { Type: 'String', Default: '' }) },
    'Template format error: Number of parameters, 201, is greater than maximum allowed, 200',
  ],
  '201 outputs': [
    { ...resources, Outputs: many(201, { Value: 'x' }) },
    'Template format error: Number of outputs, 201, is greater than maximum allowed, 200',
  ],
  '201 mappings': [
    { ...resources, Mappings: many(201, { a: { b: 'c' } }) },
    'Template format error: Number of mappings, 201, is greater than maximum allowed, 200',
  ],
  'a long description': [
    { ...resources, Description: 'é'.repeat(513) },
    "Template format error: 'Description' length is greater than 1024.",
  ],
  'a description that is no text': [
    { ...resources, Description: { Ref: 'AWS::Region' } },
    'Template format error: Every Description member must be a string.',
  ],
  'a long description of an output': [
    { ...resources, Outputs: { O: { Value: 'x', Description: 'x'.repeat(1025) } } },
    "Template format error: 'Description' length is greater than 1024.",
  ],
  'a hyphen in a logical id': [
    { Resources: { 'A-b': queue() } },
    'Template format error: Resource name A-b is non alphanumeric.',
  ],
  'a hyphen in the name of a parameter': [
    { ...resources, Parameters: { 'a-b': { Type: 'String', Default: '' } } },
    'Template format error: Parameter name a-b is non alphanumeric.',
  ],
  'a hyphen in the name of an output': [
    { ...resources, Outputs: { 'a-b': { Value: 'x' } } },
    'Template format error: Output name a-b is non alphanumeric.',
  ],
  'a parameter named as a resource': [
    { ...resources, Parameters: { A: { Type: 'String', Default: '' } } },
    'must be unique within a template: [A]',
  ],
  'a parameter without a type': [
    { ...resources, Parameters: { P: { Default: '' } } },
    'Every Parameters object must contain a Type member.',
  ],
  'an unknown property of a parameter': [
    { ...resources, Parameters: { P: { Type: 'String', Nope: 1 } } },
    "Invalid template parameter property 'Nope'",
  ],
  'a mapping of one level': [
    { ...resources, Mappings: { M: { a: 'b' } } },
    'Template format error: Every Mappings member a must be a map',
  ],
  'a mapping to objects': [
    { ...resources, Mappings: { M: { a: { b: { c: 'd' } } } } },
    'Template format error: Every Mappings attribute must be a String or a List.',
  ],
  'a condition about a resource': [
    { ...resources, Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 'x'] } } },
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  'a wrong condition that nothing uses': [
    { ...resources, Conditions: { C: { 'Fn::Equals': ['x'] } } },
    'Template error: every Fn::Equals object requires a list of 2 parameters',
  ],
  'conditions in a circle': [
    { ...resources, Conditions: { C: { 'Fn::Not': [{ Condition: 'C' }] } } },
    'Template format error: Circular dependency between conditions: [C]',
  ],
  'a condition that there is not': [
    { Resources: { A: queue({}, { Condition: 'C' }) } },
    'Template format error: Unresolved condition dependency C in the Resources block of the template',
  ],
  'no resources': [{}, 'Template format error: At least one Resources member must be defined.'],
  null: [
    { Resources: { A: queue({ QueueName: null }) } },
    "[/Resources/A/Properties/QueueName] 'null' values are not allowed in templates",
  ],
  'a list': ['[]', 'Template format error: unsupported structure.'],
  'half of an object': ['{"Resources": }', 'Template format error: JSON not well-formed.'],
  'the same key twice': [
    'Resources:\n  A: {Type: AWS::SQS::Queue}\n  A: {Type: AWS::SQS::Queue}\n',
    'Template format error: YAML not well-formed.',
  ],
  'an unknown section': [
    { ...resources, Nope: {} },
    'Invalid template property or properties [Nope]',
  ],
  'another version': [
    { ...resources, AWSTemplateFormatVersion: '2011-01-01' },
    'Template format error: Unrecognized template format version: 2011-01-01',
  ],
  'an unknown deletion policy': [
    { Resources: { A: queue({}, { DeletionPolicy: 'Keep' }) } },
    'Template format error: Unrecognized DeletionPolicy "Keep" for A',
  ],
  'more than a megabyte': [
    { ...resources, Metadata: { Text: 'x'.repeat(1_000_000) } },
    'Template may not exceed 1000000 bytes in size.',
  ],
};

describe('a template is refused in the words of CloudFormation, and leaves nothing, for', () => {
  test.each(Object.entries(wrong))('%s', async (_what, [template, message]) => {
    const { cloudFormation, create, queues } = engine();
    const created = create(typeof template === 'string' ? template : Object(template));
    await expect(created).rejects.toMatchObject({ code: 'ValidationError' });
    await expect(created).rejects.toThrow(message);
    expect(queues.created).toEqual([]);
    expect(cloudFormation.stacks()).toEqual([]);
  });
});

describe('what would transform a template is refused by name:', () => {
  const extensions = { Transform: 'AWS::LanguageExtensions' };
  const loop = { 'Fn::ForEach::Loop': ['Name', ['a'], {}] };

  test.each<[string, object]>([
    ['the transform AWS::Serverless-2016-10-31', { Transform: 'AWS::Serverless-2016-10-31' }],
    ['the transform AWS::Include', { Transform: { Name: 'AWS::Include', Parameters: {} } }],
    ['the transform Macro', { Transform: ['AWS::LanguageExtensions', 'Macro'] }],
    ['Fn::ForEach::Loop', { ...extensions, Resources: { A: queue(), ...loop } }],
    ['Fn::ForEach::Loop', { ...extensions, Outputs: loop }],
    ['Fn::Transform in A', { Resources: { A: { ...queue(), 'Fn::Transform': {} } } }],
    [
      'the function Fn::Transform',
      { Resources: { A: queue({ QueueName: { 'Fn::Transform': { Name: 'Macro' } } }) } },
    ],
  ])('%s', async (name, template) => {
    const { cloudFormation, create } = engine();
    const created = create({ ...resources, ...template });
    await expect(created).rejects.toMatchObject({ code: 'NotImplemented' });
    await expect(created).rejects.toThrow(name);
    expect(cloudFormation.stacks()).toEqual([]);
  });
});

test('a template in a call may have 51,200 bytes', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const client = aws.client(CloudFormation);
  const text = JSON.stringify({ ...resources, Metadata: { Text: '' } });
  const of = (bytes: number) => text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
  await expect(
    client.createStack({ StackName: 'Large', TemplateBody: of(51_201) }),
  ).rejects.toThrow(
    "Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
  );
  expect(aws.leaks()).toEqual([]);
  await client.createStack({ StackName: 'Large', TemplateBody: of(51_200) });
  await aws.stop();
});

test('the same template in another form is no change', async () => {
  const { create, update } = engine();
  await create({
    Parameters: { Name: { Type: 'String', Default: 'orders' } },
    Resources: {
      A: queue({ QueueName: { Ref: 'Name' }, DelaySeconds: 5 }),
      B: queue({ QueueName: { 'Fn::Join': ['-', ['x', { 'Fn::GetAtt': ['A', 'QueueName'] }]] } }),
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] } } },
  });
  const reordered = {
    Outputs: { Arn: { Value: { 'Fn::GetAtt': 'A.Arn' } } },
    Resources: {
      B: queue({ QueueName: { 'Fn::Join': ['-', ['x', { 'Fn::GetAtt': 'A.QueueName' }]] } }),
      A: queue({ DelaySeconds: '5', QueueName: { Ref: 'Name' } }),
    },
    Parameters: { Name: { Default: 'orders', Type: 'String' } },
  };
  expect(await update(reordered)).toBeUndefined();
  expect(await update(JSON.stringify(reordered, null, 4))).toBeUndefined();
  const yaml = `
# The same once more
Parameters:
  Name: { Type: String, Default: orders }
Resources:
  A:
    Type: AWS::SQS::Queue
    Properties: { QueueName: !Ref Name, DelaySeconds: 5 }
  B:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Join ['-', [x, !GetAtt A.QueueName]]
Outputs:
  Arn: { Value: !GetAtt A.Arn }
`;
  expect(await update(yaml)).toBeUndefined();
});
