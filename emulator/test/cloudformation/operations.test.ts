import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { clientConfiguration } from '../../src/client';
import { SteppedClock } from '../../src/clock/manual-clock';
import { createCloudFormation } from '../../src/cloudformation';
import { Dispatcher } from '../../src/gateway/dispatcher';
import { Identities } from '../../src/iam/identities';
import { createJournal } from '../../src/journal/journal';
import { randomSource } from '../../src/random/random';
import { account, FakeProvider, region } from './harness';

const template = JSON.stringify(
  {
    Description: 'Orders',
    Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'x' } },
    Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Vpc: { Type: 'AWS::EC2::VPC' } },
    Outputs: { Url: { Value: { Ref: 'Queue' }, Export: { Name: 'url' } } },
  },
  null,
  1,
);

function setup() {
  const clock = new SteppedClock();
  const random = randomSource(1);
  const identities = new Identities(clock, random);
  const queues = new FakeProvider('AWS::SQS::Queue');
  const service = createCloudFormation(
    {
      clock,
      random,
      identities,
      journal: createJournal(0, () => clock.now()),
      authorize: () => undefined,
      endpoint: async () => 'http://127.0.0.1:4566',
      scratchDirectory: async () => '/nowhere',
    },
    { providers: [queues], fetchTemplate: async () => template },
  );
  const dispatcher = new Dispatcher({
    services: [service],
    clock,
    random,
    identities,
    authorize: () => undefined,
  });
  const client = new CloudFormation(clientConfiguration(dispatcher, account, region));
  return { clock, client, queues, service };
}

const create = { StackName: 'Orders', TemplateBody: template };

describe('the CloudFormation API', () => {
  test('creates, describes and deletes a stack', async () => {
    const { client, clock, service } = setup();
    const { StackId: id } = await client.createStack({
      ...create,
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    const { Stacks: stacks } = await client.describeStacks({ StackName: 'Orders' });
    expect(stacks).toMatchObject([
      {
        StackId: id,
        StackName: 'Orders',
        Description: 'Orders',
        StackStatus: 'CREATE_COMPLETE',
        CreationTime: new Date(clock.now()),
        Parameters: [{ ParameterKey: 'Secret', ParameterValue: '****' }],
        Outputs: [{ OutputKey: 'Url', ExportName: 'url' }],
        Tags: [{ Key: 'team', Value: 'a' }],
        EnableTerminationProtection: false,
      },
    ]);
    expect(service.leaks()).toEqual(['CloudFormation stack Orders (CREATE_COMPLETE)']);
    await client.deleteStack({ StackName: id });
    const { Stacks: deleted } = await client.describeStacks({ StackName: id });
    expect(deleted).toMatchObject([{ StackStatus: 'DELETE_COMPLETE' }]);
    expect((await client.describeStacks({})).Stacks).toEqual([]);
    expect(service.leaks()).toEqual([]);
  });

  test('returns the template verbatim, resources, events newest first, and exports', async () => {
    const { client } = setup();
    await client.createStack(create);
    const stack = { StackName: 'Orders' };
    expect((await client.getTemplate(stack)).TemplateBody).toBe(template);
    const { StackResourceSummaries: summaries } = await client.listStackResources(stack);
    expect(summaries?.map((one) => [one.LogicalResourceId, one.ResourceStatus])).toEqual([
      ['Queue', 'CREATE_COMPLETE'],
      ['Vpc', 'CREATE_COMPLETE'],
    ]);
    const { StackResources: resources } = await client.describeStackResources(stack);
    expect(resources?.[1]?.PhysicalResourceId).toMatch(/^vpc-/);
    const { StackEvents: events } = await client.describeStackEvents(stack);
    expect(events?.[0]).toMatchObject({
      ResourceType: 'AWS::CloudFormation::Stack',
      ResourceStatus: 'CREATE_COMPLETE',
    });
    expect(events?.at(-1)).toMatchObject({ ResourceStatusReason: 'User Initiated' });
    expect((await client.listExports({})).Exports).toMatchObject([{ Name: 'url' }]);
    expect((await client.listStacks({})).StackSummaries).toMatchObject([{ StackName: 'Orders' }]);
  });

  test('a stack that fails is created all the same, and says why', async () => {
    const { client, queues } = setup();
    queues.failCreate.set('Queue', 'no queues left');
    await client.createStack(create);
    const { Stacks: stacks } = await client.describeStacks({ StackName: 'Orders' });
    expect(stacks?.[0]?.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents: events } = await client.describeStackEvents({ StackName: 'Orders' });
    expect(events?.some((one) => one.ResourceStatusReason === 'no queues left')).toBe(true);
  });

  test('fails when the stack does not exist, in the words that the CDK CLI looks for', async () => {
    const { client } = setup();
    await expect(client.describeStacks({ StackName: 'Nope' })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id Nope does not exist',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(client.deleteStack({ StackName: 'Nope' })).resolves.toBeDefined();
  });

  test('takes a template from a URL, but not two templates', async () => {
    const { client } = setup();
    const TemplateURL = 'http://127.0.0.1:4566/bucket/template.json';
    await client.createStack({ StackName: 'Orders', TemplateURL });
    expect((await client.getTemplate({ StackName: 'Orders' })).TemplateBody).toBe(template);
    await expect(client.createStack({ ...create, TemplateURL })).rejects.toThrow(
      'Either Template URL or Template Body must be specified.',
    );
  });

  test('fails when the stack exists', async () => {
    const { client } = setup();
    await client.createStack(create);
    await expect(client.createStack(create)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Stack [Orders] already exists',
    });
  });

  test.each<[string, object, string]>([
    ['a stack policy', { StackPolicyBody: '{}' }, 'parameter StackPolicyBody'],
    ['a timeout', { TimeoutInMinutes: 5 }, 'parameter TimeoutInMinutes'],
  ])('refuses %s by name', async (_name, input, message) => {
    const { client } = setup();
    await expect(client.createStack({ ...create, ...input })).rejects.toThrow(message);
  });

  test.each(['UpdateStack', 'CreateChangeSet'])('refuses %s by name', async (operation) => {
    const { client } = setup();
    const call =
      operation === 'UpdateStack'
        ? client.updateStack(create)
        : client.createChangeSet({ ...create, ChangeSetName: 'x' });
    await expect(call).rejects.toThrow(operation);
  });
});
