import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { clientConfiguration } from '../../src/client';
import { SteppedClock } from '../../src/clock/manual-clock';
import { createCloudFormation } from '../../src/cloudformation';
import { Dispatcher } from '../../src/gateway/dispatcher';
import { Identities } from '../../src/iam/identities';
import { createJournal } from '../../src/journal/journal';
import { MetricStore } from '../../src/metrics/metric-store';
import { randomSource } from '../../src/random/random';
import { account, FakeProvider, region, withoutTopics } from './harness';

const template = JSON.stringify(
  {
    Description: 'Orders',
    Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'x' } },
    Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Repository: { Type: 'AWS::ECR::Repository' } },
    Outputs: { Url: { Value: { Ref: 'Queue' }, Export: { Name: 'url' } } },
  },
  null,
  1,
);

function setup(atUrl = template) {
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
      metrics: new MetricStore(() => clock.now()),
      authorize: () => undefined,
      endpoint: async () => 'http://127.0.0.1:4566',
      scratchDirectory: async () => '/nowhere',
    },
    { ...withoutTopics, providers: [queues], fetchTemplate: async () => atUrl },
  );
  const dispatcher = new Dispatcher({
    services: [service],
    clock,
    random,
    identities,
    authorize: () => undefined,
  });
  const client = new CloudFormation(clientConfiguration(dispatcher, account, region));
  /** Calls an operation that only begins its work, and waits until that is done. */
  const done = async <T>(call: Promise<T>): Promise<T> => {
    const result = await call;
    await clock.settle();
    return result;
  };
  return { clock, client, queues, service, dispatcher, done };
}

const create = { StackName: 'Orders', TemplateBody: template };

describe('the CloudFormation API', () => {
  test('creates, describes and deletes a stack', async () => {
    const { client, clock, service, done } = setup();
    const { StackId: id } = await done(
      client.createStack({ ...create, Tags: [{ Key: 'team', Value: 'a' }] }),
    );
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
    await done(client.deleteStack({ StackName: id }));
    const { Stacks: deleted } = await client.describeStacks({ StackName: id });
    expect(deleted).toMatchObject([{ StackStatus: 'DELETE_COMPLETE' }]);
    expect((await client.describeStacks({})).Stacks).toEqual([]);
    expect(service.leaks()).toEqual([]);
  });

  test('returns the template verbatim, resources, events newest first, and exports', async () => {
    const { client, done } = setup();
    await done(client.createStack(create));
    const stack = { StackName: 'Orders' };
    expect((await client.getTemplate(stack)).TemplateBody).toBe(template);
    const { StackResourceSummaries: summaries } = await client.listStackResources(stack);
    expect(summaries?.map((one) => [one.LogicalResourceId, one.ResourceStatus])).toEqual([
      ['Queue', 'CREATE_COMPLETE'],
      ['Repository', 'CREATE_COMPLETE'],
    ]);
    const { StackResources: resources } = await client.describeStackResources(stack);
    expect(resources?.[1]?.PhysicalResourceId).toMatch(/^orders-repository-/i);
    const one = await client.describeStackResource({ ...stack, LogicalResourceId: 'Repository' });
    expect(one.StackResourceDetail?.PhysicalResourceId).toBe(resources?.[1]?.PhysicalResourceId);
    await expect(
      client.describeStackResource({ ...stack, LogicalResourceId: 'Nope' }),
    ).rejects.toThrow('Resource Nope does not exist for stack Orders');
    const { StackEvents: events } = await client.describeStackEvents(stack);
    expect(events?.[0]).toMatchObject({
      ResourceType: 'AWS::CloudFormation::Stack',
      ResourceStatus: 'CREATE_COMPLETE',
    });
    expect(events?.at(-1)).toMatchObject({ ResourceStatusReason: 'User Initiated' });
    const times = events?.map(({ Timestamp: time }) => Number(time)) ?? [];
    expect(times).toEqual([...new Set(times)].sort((a, b) => b - a));
    expect((await client.listExports({})).Exports).toMatchObject([{ Name: 'url' }]);
    expect((await client.listStacks({})).StackSummaries).toMatchObject([{ StackName: 'Orders' }]);
  });

  test('a stack that fails is created all the same, and says why', async () => {
    const { client, queues, done } = setup();
    queues.failCreate.set('Queue', 'no queues left');
    await done(client.createStack(create));
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
    const { client, done } = setup();
    const TemplateURL = 'http://127.0.0.1:4566/bucket/template.json';
    await done(client.createStack({ StackName: 'Orders', TemplateURL }));
    expect((await client.getTemplate({ StackName: 'Orders' })).TemplateBody).toBe(template);
    await expect(client.createStack({ ...create, TemplateURL })).rejects.toThrow(
      'Either Template URL or Template Body must be specified.',
    );
  });

  test('fails when the stack exists', async () => {
    const { client, done } = setup();
    await done(client.createStack(create));
    await expect(client.createStack(create)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Stack [Orders] already exists',
    });
  });

  test.each<[string, object, string]>([
    [
      'rollback triggers',
      { RollbackConfiguration: { MonitoringTimeInMinutes: 5 } },
      'parameter RollbackConfiguration',
    ],
    ['a timeout', { TimeoutInMinutes: 5 }, 'parameter TimeoutInMinutes'],
  ])('refuses %s by name', async (_name, input, message) => {
    const { client } = setup();
    await expect(client.createStack({ ...create, ...input })).rejects.toThrow(message);
  });

  test('answers when the work has begun, and the stack tells how far it is', async () => {
    const { client, clock, queues } = setup();
    let open: () => void = () => undefined;
    queues.gates.set(
      'Queue',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    await client.createStack(create);
    const status = async () =>
      (await client.describeStacks({ StackName: 'Orders' })).Stacks?.[0]?.StackStatus;
    expect(await status()).toBe('CREATE_IN_PROGRESS');
    await expect(client.updateStack(create)).rejects.toThrow('CREATE_IN_PROGRESS state');
    open();
    await clock.settle();
    expect(await status()).toBe('CREATE_COMPLETE');
  });

  test('the CDK CLI alone is answered when the stack is done', async () => {
    const { client, clock, queues, dispatcher } = setup();
    let open: () => void = () => undefined;
    queues.gates.set(
      'Queue',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    await client.createStack(create);
    const cdk = new CloudFormation({
      ...clientConfiguration(dispatcher, account, region),
      customUserAgent: 'aws-cdk',
    });
    const answers: string[] = [];
    const asked = cdk.describeStacks({ StackName: 'Orders' }).then(({ Stacks: stacks }) => {
      answers.push(String(stacks?.[0]?.StackStatus));
    });
    await new Promise(setImmediate);
    expect(answers).toEqual([]);
    open();
    await asked;
    expect(answers).toEqual(['CREATE_COMPLETE']);
    await clock.settle();
  });

  test('updates a stack; the same template again is no update', async () => {
    const { client, done, queues } = setup();
    await done(client.createStack(create));
    await expect(client.updateStack(create)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    });
    const changed = JSON.parse(template);
    changed.Resources.Queue.Properties = { DelaySeconds: 3 };
    await done(
      client.updateStack({
        StackName: 'Orders',
        TemplateBody: JSON.stringify(changed),
        Parameters: [{ ParameterKey: 'Secret', UsePreviousValue: true }],
      }),
    );
    expect(queues.updated).toHaveLength(1);
    const { Stacks: stacks } = await client.describeStacks({ StackName: 'Orders' });
    expect(stacks?.[0]).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(stacks?.[0]?.LastUpdatedTime).toBeDefined();
  });

  test('a protected stack is not deleted', async () => {
    const { client, done } = setup();
    await done(client.createStack(create));
    const stack = { StackName: 'Orders' };
    await client.updateTerminationProtection({ ...stack, EnableTerminationProtection: true });
    await expect(client.deleteStack(stack)).rejects.toThrow(
      'Stack [Orders] cannot be deleted while TerminationProtection is enabled',
    );
    await client.updateTerminationProtection({ ...stack, EnableTerminationProtection: false });
    await done(client.deleteStack(stack));
    expect((await client.describeStacks({})).Stacks).toEqual([]);
  });

  test('stack policies are kept', async () => {
    const { client, done } = setup();
    await done(client.createStack({ ...create, StackPolicyBody: '{"Statement":[]}' }));
    const stack = { StackName: 'Orders' };
    expect((await client.getStackPolicy(stack)).StackPolicyBody).toBe('{"Statement":[]}');
    await client.setStackPolicy({ ...stack, StackPolicyBody: '{}' });
    expect((await client.getStackPolicy(stack)).StackPolicyBody).toBe('{}');
  });

  test('tells what a template asks for', async () => {
    const { client } = setup();
    const summary = await client.getTemplateSummary({ TemplateBody: template });
    expect(summary).toMatchObject({
      Description: 'Orders',
      ResourceTypes: ['AWS::SQS::Queue', 'AWS::ECR::Repository'],
      Parameters: [{ ParameterKey: 'Secret', ParameterType: 'String', NoEcho: true }],
    });
    const iam = {
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: { RoleName: 'r', AssumeRolePolicyDocument: {} },
        },
      },
    };
    const valid = await client.validateTemplate({ TemplateBody: JSON.stringify(iam) });
    expect(valid.Capabilities).toEqual(['CAPABILITY_NAMED_IAM']);
    await expect(client.validateTemplate({ TemplateBody: '{}' })).rejects.toThrow(
      'At least one Resources member must be defined.',
    );
  });

  test('fails when a template at a URL has more than 1,000,000 bytes', async () => {
    const { client } = setup(template + ' '.repeat(1_000_000));
    const TemplateURL = 'http://127.0.0.1:4566/bucket/template.json';
    await expect(client.createStack({ StackName: 'Large', TemplateURL })).rejects.toThrow(
      'Template may not exceed 1000000 bytes in size.',
    );
  });

  test('fails when a template body has more than 51,200 bytes', async () => {
    const { client } = setup();
    const TemplateBody = template + ' '.repeat(51_200);
    await expect(client.createStack({ StackName: 'Large', TemplateBody })).rejects.toThrow(
      'Member must have length less than or equal to 51200',
    );
  });
});
