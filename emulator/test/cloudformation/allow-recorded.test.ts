import { isCustomResource } from '../../src/cloudformation/provider-registry';
import { publishedSchemaData } from '../../src/cloudformation/published-schema-data';
import { engine, linesOf, queue, rejection } from './harness';

const fleet = { Type: 'AWS::GameLift::Build', Properties: { Name: 'game' } };

function machine(properties: object = {}) {
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { RoleArn: 'arn:aws:iam::000000000000:role/r', ...properties },
  };
}

describe('a type that is published and not emulated', () => {
  test('is refused by name, and the error says how it can be recorded', async () => {
    const error = await rejection({ Resources: { Build: fleet } });
    expect(error.unsupported).toEqual(['resource type AWS::GameLift::Build (Build)']);
    expect(error.message).toContain(
      'Without being emulated, AWS::GameLift::Build can be recorded: start the emulator with allowRecorded (a server with --allow-recorded).',
    );
  });

  test('is recorded when that is allowed, with Ref and attributes after its schema', async () => {
    const { create } = engine({ allowRecorded: true });
    const stack = await create({
      Resources: { Machine: machine(), Named: machine({ StateMachineName: 'orders' }) },
      Outputs: {
        Made: { Value: { Ref: 'Machine' } },
        Given: { Value: { Ref: 'Named' } },
        Name: { Value: { 'Fn::GetAtt': ['Named', 'Name'] } },
      },
    });
    const prefix = 'arn:aws:states:us-east-1:000000000000:stateMachine:';
    expect(stack.output('Made')).toMatch(new RegExp(`^${prefix}Test-Machine-\\w{12}$`));
    expect(stack.output('Given')).toBe(`${prefix}orders`);
    expect(stack.output('Name')).toBe('orders');
    expect(stack.levels()).toEqual([
      {
        type: 'AWS::StepFunctions::StateMachine',
        level: 'recorded',
        allowedOnly: true,
        count: 2,
      },
    ]);
  });

  test.each([
    [['AWS::GameLift::Build'], true],
    [['AWS::GameLift::*'], true],
    [['AWS::Glue::*', 'AWS::GameLift::B*'], true],
    [['*'], true],
    [['AWS::GameLift::Bui'], false],
    [['AWS::Glue::*'], false],
    [[], false],
  ])('with %j allowed is recorded: %p', async (allowRecorded, recorded) => {
    const outcome = await engine({ allowRecorded })
      .create({ Resources: { Build: fleet } })
      .then(
        () => true,
        () => false,
      );
    expect(outcome).toBe(recorded);
  });

  test('is the same on every run with the same seed', async () => {
    const template = { Resources: { Table: { Type: 'AWS::GameLift::Build' } } };
    const ids = [1, 2].map(async () => {
      const stack = await engine({ allowRecorded: true }).create(template);
      return stack.resource('Table')?.state?.physicalId;
    });
    const [first, second] = await Promise.all(ids);
    expect(first).toMatch(/^build-[0-9a-f]{17}$/);
    expect(first).toBe(second);
  });

  test('is updated in place or replaced as its schema says, and deleted', async () => {
    const { create, remove, update } = engine({ allowRecorded: true });
    const stack = await create({ Resources: { M: machine({ StateMachineName: 'a' }) } });
    const other = 'arn:aws:iam::000000000000:role/other';
    await update({ Resources: { M: machine({ StateMachineName: 'a', RoleArn: other }) } });
    expect(stack.resource('M')?.state).toMatchObject({
      physicalId: 'arn:aws:states:us-east-1:000000000000:stateMachine:a',
      attributes: { RoleArn: other },
    });
    await update({ Resources: { M: machine({ StateMachineName: 'b' }) } });
    expect(stack.resource('M')?.state?.physicalId).toMatch(/stateMachine:b$/);
    expect(linesOf(stack).filter((line) => line.startsWith('M DELETE'))).toEqual([
      'M DELETE_IN_PROGRESS',
      'M DELETE_COMPLETE',
    ]);
    await remove();
    expect(stack.status).toBe('DELETE_COMPLETE');
  });

  test('is validated against its schema', async () => {
    const wrong = machine({ RoleArn: undefined, Nope: 1, TracingConfiguration: 'on' });
    const { code, invalid } = await rejection({ Resources: { M: wrong } }, { allowRecorded: true });
    expect(code).toBe('ValidationError');
    expect(invalid.map((line) => line.replace(/.*message: /, ''))).toEqual([
      '#: required key [RoleArn] not found',
      '#: extraneous key [Nope] is not permitted',
      '#/TracingConfiguration: expected type: JSONObject, found: String',
    ]);
  });

  test('fails on an attribute that is an object, for which nothing can be made up', async () => {
    const { unsupported } = await rejection(
      {
        Resources: { Domain: { Type: 'AWS::OpenSearchService::Domain' } },
        Outputs: { All: { Value: { 'Fn::GetAtt': ['Domain', 'DomainEndpoints'] } } },
      },
      { allowRecorded: true },
    );
    expect(unsupported).toEqual([
      'attribute DomainEndpoints of the recorded type AWS::OpenSearchService::Domain (Domain)',
    ]);
  });

  test('is named to whoever listens before an operation begins', async () => {
    const told: unknown[] = [];
    const { create, update } = engine({
      allowRecorded: true,
      onAllowedOnly: (name, counts) => told.push([name, ...counts]),
    });
    await create({ Resources: { A: fleet, B: fleet, Queue: queue() } });
    await update({ Resources: { A: fleet, Queue: queue() } });
    await update({ Resources: { Queue: queue() } });
    expect(told).toEqual([
      ['Test', ['AWS::GameLift::Build', 2]],
      ['Test', ['AWS::GameLift::Build', 1]],
    ]);
  });
});

describe('whatever is allowed', () => {
  test('a type that nothing is published about is refused in the words of CloudFormation', async () => {
    const template = {
      Resources: { A: { Type: 'AWS::SQS::Que' }, B: { Type: 'Other::Thing::Else' }, C: queue() },
    };
    for (const allowRecorded of [false, true]) {
      const { code, invalid, unsupported } = await rejection(template, { allowRecorded });
      expect(code).toBe('ValidationError');
      expect(unsupported).toEqual([]);
      expect(invalid).toEqual([
        'Template format error: Unrecognized resource types: [AWS::SQS::Que, Other::Thing::Else]',
      ]);
    }
  });

  test('a property that an emulated type lacks is refused', async () => {
    const { unsupported } = await rejection(
      { Resources: { Queue: queue({ SqsManagedSseEnabled: 'false' }) } },
      { allowRecorded: true },
    );
    expect(unsupported).toEqual(['Queue (AWS::SQS::Queue): SqsManagedSseEnabled false']);
  });

  test('a custom resource without a handler is refused', async () => {
    const template = { Resources: { C: { Type: 'Custom::Thing' } } };
    expect((await rejection(template, { allowRecorded: true })).unsupported).toEqual([
      'resource type Custom::Thing (C)',
    ]);
  });
});

test('every published type has an identifier and complete attributes', async () => {
  const { cloudFormation } = engine({ allowRecorded: true });
  const wrong: string[] = [];
  const types = Object.keys(publishedSchemaData()).filter((type) => !isCustomResource(type));
  for (const type of types) {
    const provider = cloudFormation.providers.find(type);
    if (!provider?.allowedOnly) continue;
    const { attributes, physicalId } = await provider.create({
      logicalId: 'Thing',
      stackName: 'Test',
      stackId: 'id',
      account: '000000000000',
      region: 'us-east-1',
      caller: { kind: 'developer', account: '000000000000', arn: '' },
      properties: { PolicyRuleNumber: 1 },
      stackTags: {},
      origin: '',
      generateName: () => 'Test-Thing-ABC',
    });
    const texts = [physicalId, ...Object.values(attributes).map(String)];
    if (texts.some((text) => /^$|[{}|]$|undefined|\[object/.test(text))) wrong.push(type);
  }
  expect(types.length).toBeGreaterThan(1_500);
  expect(wrong).toEqual([]);
});
