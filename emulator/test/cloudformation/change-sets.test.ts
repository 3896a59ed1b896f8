import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

let aws: Emulator<ManualClock>;
let client: CloudFormation;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  client = aws.client(CloudFormation);
});
afterEach(() => aws.stop());

const stack = { StackName: 'Orders' };
const set = { ...stack, ChangeSetName: 'first' };

function templateOf(queue: object, more: object = {}): string {
  return JSON.stringify({
    Parameters: { Delay: { Type: 'Number', Default: 1 } },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: queue },
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
      ...more,
    },
  });
}

async function execute(TemplateBody: string, type: 'CREATE' | 'UPDATE', more: object = {}) {
  await client.createChangeSet({ ...set, ChangeSetType: type, TemplateBody, ...more });
  await client.executeChangeSet(set);
  await aws.clock.settle();
}

async function status(): Promise<string | undefined> {
  return (await client.describeStacks(stack)).Stacks?.[0]?.StackStatus;
}

describe('a change set for a new stack', () => {
  test('makes room for the stack, names what will be made, and makes it when executed', async () => {
    const created = await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody: templateOf({}),
      Description: 'the first',
    });
    expect(await status()).toBe('REVIEW_IN_PROGRESS');
    const found = await client.describeChangeSet({ ChangeSetName: created.Id });
    expect(found).toMatchObject({
      ChangeSetId: created.Id,
      ChangeSetName: 'first',
      StackId: created.StackId,
      Description: 'the first',
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      CreationTime: new Date(aws.clock.now()),
      Changes: [
        { ResourceChange: { Action: 'Add', LogicalResourceId: 'Queue', Details: [] } },
        { ResourceChange: { Action: 'Add', LogicalResourceId: 'Parameter' } },
      ],
    });
    expect((await client.getTemplate(stack)).TemplateBody).toBe('{}');
    await client.executeChangeSet(set);
    await aws.clock.settle();
    const { Stacks: [made] = [] } = await client.describeStacks(stack);
    expect(made).toMatchObject({ StackId: created.StackId, StackStatus: 'CREATE_COMPLETE' });
    expect((await client.listChangeSets(stack)).Summaries).toEqual([]);
    const executed = await client.describeChangeSet({ ChangeSetName: created.Id });
    expect(executed.ExecutionStatus).toBe('EXECUTE_COMPLETE');
  });

  test('goes without a trace, and so does its stack', async () => {
    const TemplateBody = templateOf({});
    const { StackId } = await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody,
    });
    await client.deleteChangeSet(set);
    await client.deleteChangeSet(set);
    await expect(client.describeChangeSet(set)).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
      message: 'ChangeSet [first] does not exist',
      $metadata: { httpStatusCode: 404 },
    });
    await client.deleteStack({ StackName: StackId });
    await aws.clock.settle();
    expect(aws.leaks()).toEqual([]);
  });

  test('fails when the template is refused, and leaves no stack', async () => {
    const TemplateBody = templateOf({}, { Nope: { Type: 'AWS::GameLift::Fleet' } });
    await expect(
      client.createChangeSet({ ...set, ChangeSetType: 'CREATE', TemplateBody }),
    ).rejects.toThrow('resource type AWS::GameLift::Fleet (Nope)');
    expect(aws.leaks()).toEqual([]);
  });

  test('fails when the stack is there', async () => {
    await execute(templateOf({}), 'CREATE');
    await expect(
      client.createChangeSet({ ...set, ChangeSetType: 'CREATE', TemplateBody: templateOf({}) }),
    ).rejects.toThrow('Stack [Orders] already exists and cannot be created again');
  });
});

describe('a change set for an existing stack', () => {
  test('tells each property that changes, with the verdict on replacement', async () => {
    await execute(
      templateOf(
        { QueueName: 'one', DelaySeconds: { Ref: 'Delay' } },
        { Gone: { Type: 'AWS::SQS::Queue' } },
      ),
      'CREATE',
    );
    await client.createChangeSet({
      ...set,
      TemplateBody: templateOf({ QueueName: 'two', DelaySeconds: { Ref: 'Delay' } }),
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
    });
    const { Changes: changes = [] } = await client.describeChangeSet({
      ...set,
      IncludePropertyValues: true,
    });
    expect(changes.map(({ ResourceChange: change }) => change)).toMatchObject([
      {
        Action: 'Modify',
        LogicalResourceId: 'Queue',
        Replacement: 'True',
        Scope: ['Properties'],
        Details: [
          {
            Target: {
              Name: 'DelaySeconds',
              RequiresRecreation: 'Never',
              BeforeValue: '1',
              AfterValue: '9',
              AttributeChangeType: 'Modify',
            },
            Evaluation: 'Static',
            ChangeSource: 'ParameterReference',
            CausingEntity: 'Delay',
          },
          {
            Target: {
              Attribute: 'Properties',
              Name: 'QueueName',
              RequiresRecreation: 'Always',
              Path: '/Properties/QueueName',
              BeforeValue: 'one',
              AfterValue: 'two',
            },
            Evaluation: 'Static',
            ChangeSource: 'DirectModification',
          },
        ],
        BeforeContext: '{"Properties":{"QueueName":"one","DelaySeconds":"1"}}',
        AfterContext: '{"Properties":{"QueueName":"two","DelaySeconds":"9"}}',
      },
      {
        Action: 'Modify',
        LogicalResourceId: 'Parameter',
        Replacement: 'False',
        Details: [
          {
            Target: { Name: 'Value', AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}' },
            Evaluation: 'Dynamic',
            ChangeSource: 'ResourceAttribute',
            CausingEntity: 'Queue.Arn',
          },
        ],
      },
      { Action: 'Remove', LogicalResourceId: 'Gone' },
    ]);
    await client.executeChangeSet(set);
    await aws.clock.settle();
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(aws.leaks().filter((line) => line.includes('one'))).toEqual([]);
  });

  test('without changes has failed, in the words that the CDK CLI looks for', async () => {
    await execute(templateOf({}), 'CREATE');
    await client.createChangeSet({ ...set, TemplateBody: templateOf({}) });
    expect(await client.describeChangeSet(set)).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringMatching(/^The submitted information didn't contain changes\./),
      ExecutionStatus: 'UNAVAILABLE',
      Changes: [],
    });
    await expect(client.executeChangeSet(set)).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
    });
  });

  test('is out of date once another has been executed', async () => {
    await execute(templateOf({}), 'CREATE');
    const old = await client.createChangeSet({
      ...set,
      TemplateBody: templateOf({ DelaySeconds: 1 }),
    });
    await client.updateStack({ ...stack, TemplateBody: templateOf({ DelaySeconds: 2 }) });
    await aws.clock.settle();
    const { ExecutionStatus } = await client.describeChangeSet({ ChangeSetName: old.Id });
    expect(ExecutionStatus).toBe('OBSOLETE');
    await expect(client.executeChangeSet(set)).rejects.toThrow('[OBSOLETE]');
  });

  test('shows its changes in pages of 100', async () => {
    const queues = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_none, index) => [`Q${index}`, { Type: 'AWS::SQS::Queue' }]),
      );
    const TemplateBody = templateOf({}, queues(148));
    await client.createChangeSet({ ...set, ChangeSetType: 'CREATE', TemplateBody });
    const first = await client.describeChangeSet(set);
    const second = await client.describeChangeSet({ ...set, NextToken: first.NextToken });
    expect([first.Changes?.length, second.Changes?.length]).toEqual([100, 50]);
    expect(second.NextToken).toBeUndefined();
  });

  test('fails when there is no such stack', async () => {
    await expect(client.createChangeSet({ ...set, TemplateBody: templateOf({}) })).rejects.toThrow(
      'Stack [Orders] does not exist',
    );
  });
});
