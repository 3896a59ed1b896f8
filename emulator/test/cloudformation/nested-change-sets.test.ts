import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { Emulator, type ManualClock } from '../../src';

let aws: Emulator<ManualClock>;
let client: CloudFormation;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  client = aws.client(CloudFormation);
  await aws.client(S3).createBucket({ Bucket: 'templates' });
});
afterEach(() => aws.stop());

const stack = { StackName: 'Shop' };
const set = { ...stack, ChangeSetName: 'first', IncludeNestedStacks: true };

/** Stores a template and returns the nested stack that it makes. */
async function nested(key: string, template: object, Parameters?: object) {
  await aws.client(S3).putObject({ Bucket: 'templates', Key: key, Body: JSON.stringify(template) });
  return {
    Type: 'AWS::CloudFormation::Stack',
    Properties: {
      TemplateURL: `https://s3.us-east-1.amazonaws.com/templates/${key}`,
      Parameters,
    },
  };
}

const queue = (DelaySeconds: number) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { DelaySeconds },
});

/** A root with a child, which has a child of its own. */
async function tree(version: number) {
  const inner = await nested(`inner-${version}`, { Resources: { Queue: queue(version) } });
  const outer = await nested(`outer-${version}`, { Resources: { Inner: inner } });
  return JSON.stringify({ Resources: { Outer: outer } });
}

async function execute() {
  await client.executeChangeSet(set);
  await aws.clock.settle();
}

async function createTree() {
  await client.createChangeSet({ ...set, ChangeSetType: 'CREATE', TemplateBody: await tree(1) });
  await execute();
}

/** The change set below another, with the resource that it belongs to. */
async function child(id: string | undefined) {
  const { Changes: [change] = [] } = await client.describeChangeSet({ ChangeSetName: id });
  const { ChangeSetId, PhysicalResourceId } = change?.ResourceChange ?? {};
  return {
    stackId: PhysicalResourceId,
    description: await client.describeChangeSet({ ChangeSetName: ChangeSetId }),
  };
}

describe('a change set with nested stacks', () => {
  test('for a new stack has one for each, whose stacks are under review', async () => {
    const { Id, StackId } = await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody: await tree(1),
    });
    const outer = await child(Id);
    const inner = await child(outer.description.ChangeSetId);
    expect(outer.description).toMatchObject({
      ChangeSetName: expect.stringMatching(/^first-[A-Z0-9]{12}$/),
      StackId: outer.stackId,
      ParentChangeSetId: Id,
      RootChangeSetId: Id,
      IncludeNestedStacks: true,
      Status: 'CREATE_COMPLETE',
      StatusReason: 'Executable from root change set',
      ExecutionStatus: 'UNAVAILABLE',
    });
    expect(inner.description).toMatchObject({
      ParentChangeSetId: outer.description.ChangeSetId,
      RootChangeSetId: Id,
      Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'Queue' } }],
    });
    const { Stacks: [made] = [] } = await client.describeStacks({ StackName: inner.stackId });
    expect(made).toMatchObject({
      StackStatus: 'REVIEW_IN_PROGRESS',
      ParentId: outer.stackId,
      RootId: StackId,
    });
  });

  test('is executed as a whole: the stacks under review come to be', async () => {
    const { Id } = await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody: await tree(1),
    });
    const outer = await child(Id);
    const inner = await child(outer.description.ChangeSetId);
    await expect(
      client.executeChangeSet({ ChangeSetName: outer.description.ChangeSetId }),
    ).rejects.toThrow('[UNAVAILABLE]');
    await execute();
    for (const StackName of ['Shop', outer.stackId, inner.stackId]) {
      const { Stacks: [made] = [] } = await client.describeStacks({ StackName });
      expect(made?.StackStatus).toBe('CREATE_COMPLETE');
    }
    const done = await client.describeChangeSet({ ChangeSetName: inner.description.ChangeSetId });
    expect(done.ExecutionStatus).toBe('EXECUTE_COMPLETE');
    await client.deleteStack(stack);
    await aws.clock.settle();
    expect(aws.leaks().filter((line) => !line.includes('templates'))).toEqual([]);
  });

  test('shows what changes in each, and only for those in which something does', async () => {
    await createTree();
    await client.createChangeSet({ ...set, TemplateBody: await tree(2) });
    const outer = await child((await client.describeChangeSet(set)).ChangeSetId);
    const inner = await child(outer.description.ChangeSetId);
    expect(inner.description.Changes).toMatchObject([
      {
        ResourceChange: {
          Action: 'Modify',
          LogicalResourceId: 'Queue',
          Details: [{ Target: { Name: 'DelaySeconds' } }],
        },
      },
    ]);
    const { Summaries } = await client.listChangeSets({ StackName: inner.stackId ?? '' });
    expect(Summaries).toMatchObject([{ ParentChangeSetId: outer.description.ChangeSetId }]);
    await execute();
    const { Stacks: [made] = [] } = await client.describeStacks({ StackName: inner.stackId });
    expect(made?.StackStatus).toBe('UPDATE_COMPLETE');
    // Another URL of the same template: the resource changes, and nothing in its stack does.
    const template = (await client.getTemplate({ StackName: outer.stackId })).TemplateBody ?? '';
    const same = { Resources: { Outer: await nested('same', JSON.parse(template)) } };
    await client.createChangeSet({ ...set, TemplateBody: JSON.stringify(same) });
    const { Changes: [change] = [] } = await client.describeChangeSet(set);
    expect(change?.ResourceChange).toMatchObject({ Action: 'Modify', LogicalResourceId: 'Outer' });
    expect(change?.ResourceChange?.ChangeSetId).toBeUndefined();
  });

  test('takes parameters that only the execution will tell', async () => {
    const child = {
      Parameters: { Arn: { Type: 'String' } },
      Resources: {
        P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Arn' } } },
      },
    };
    const resource = await nested('child', child, { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } });
    await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody: JSON.stringify({ Resources: { Queue: queue(1), Child: resource } }),
    });
    await execute();
    const { Stacks: [made] = [] } = await client.describeStacks(stack);
    expect(made?.StackStatus).toBe('CREATE_COMPLETE');
  });

  test('is deleted as a whole, with the stacks under review', async () => {
    const { Id, StackId } = await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody: await tree(1),
    });
    const outer = await child(Id);
    await expect(
      client.deleteChangeSet({ ChangeSetName: outer.description.ChangeSetId }),
    ).rejects.toThrow(`can only be deleted with its root change set [${Id}]`);
    await client.deleteChangeSet(set);
    const { Stacks: [gone] = [] } = await client.describeStacks({ StackName: outer.stackId });
    expect(gone?.StackStatus).toBe('DELETE_COMPLETE');
    await client.deleteStack({ StackName: StackId });
    await aws.clock.settle();
    expect(aws.leaks().filter((line) => line.startsWith('CloudFormation'))).toEqual([]);
  });

  test('goes with its stack', async () => {
    await client.createChangeSet({ ...set, ChangeSetType: 'CREATE', TemplateBody: await tree(1) });
    await client.deleteStack(stack);
    await aws.clock.settle();
    expect(aws.leaks().filter((line) => line.startsWith('CloudFormation'))).toEqual([]);
  });

  test('leaves no stack under review when its execution fails before it came to it', async () => {
    const resource = await nested('child', { Resources: { Queue: queue(1) } });
    await client.createChangeSet({
      ...set,
      ChangeSetType: 'CREATE',
      TemplateBody: JSON.stringify({
        Resources: {
          Bad: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 901 } },
          Child: { ...resource, DependsOn: 'Bad' },
        },
      }),
    });
    await execute();
    const { Stacks: [made] = [] } = await client.describeStacks(stack);
    expect(made?.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(aws.leaks().filter((line) => line.startsWith('CloudFormation'))).toHaveLength(1);
  });

  test('without nested ones has none, unless it is asked for', async () => {
    const { Id } = await client.createChangeSet({
      ...set,
      IncludeNestedStacks: false,
      ChangeSetType: 'CREATE',
      TemplateBody: await tree(1),
    });
    const { Changes: [change] = [] } = await client.describeChangeSet({ ChangeSetName: Id });
    expect(change?.ResourceChange).toMatchObject({ LogicalResourceId: 'Outer' });
    expect(change?.ResourceChange?.ChangeSetId).toBeUndefined();
  });
});
