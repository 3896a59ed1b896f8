import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { clientConfiguration } from '../../src/client';
import { SteppedClock } from '../../src/clock/manual-clock';
import { createCloudFormation } from '../../src/cloudformation';
import type { ReadRequest, ResourceProperties } from '../../src/cloudformation/provider';
import { Dispatcher } from '../../src/gateway/dispatcher';
import { Identities } from '../../src/iam/identities';
import { createJournal } from '../../src/journal/journal';
import { MetricStore } from '../../src/metrics/metric-store';
import { randomSource } from '../../src/random/random';
import { account, FakeProvider, queue, region, withoutTopics } from './harness';

/** A provider that can read, but for what a test says it cannot. */
class ReadableProvider extends FakeProvider {
  /** By logical id. */
  readonly failRead = new Map<string, string>();
  /** Reading waits for it. */
  gate: Promise<void> | undefined;

  async read({ logicalId, physicalId }: ReadRequest) {
    await this.gate;
    const reason = this.failRead.get(logicalId);
    if (reason !== undefined) throw new Error(reason);
    return this.live.get(physicalId);
  }
}

const inner = JSON.stringify({
  Parameters: { Delay: { Type: 'String' }, Size: { Type: 'String', Default: '1' } },
  Resources: { Inner: queue({ DelaySeconds: { Ref: 'Delay' } }) },
});

/** A CloudFormation with queues that can be read, on the manual clock, and a stack `Orders` of these resources. */
async function deployed(resources: object) {
  const clock = new SteppedClock();
  const random = randomSource(1);
  const identities = new Identities(clock, random);
  const queues = new ReadableProvider('AWS::SQS::Queue');
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
    { ...withoutTopics, providers: [queues], fetchTemplate: async () => inner },
  );
  const dispatcher = new Dispatcher({
    services: [service],
    clock,
    random,
    identities,
    authorize: () => undefined,
  });
  const client = new CloudFormation(clientConfiguration(dispatcher, account, region));
  const template = (of: object) => JSON.stringify({ Resources: of });
  await client.createStack({ StackName: 'Orders', TemplateBody: template(resources) });
  await clock.settle();
  const { StackResources: all = [] } = await client.describeStackResources({ StackName: 'Orders' });
  const physicalId = (logicalId: string) => {
    const found = all.find(({ LogicalResourceId: id }) => id === logicalId);
    return found?.PhysicalResourceId ?? '';
  };
  return {
    client,
    clock,
    queues,
    /** Changes a queue behind CloudFormation's back. */
    change(logicalId: string, properties: ResourceProperties) {
      queues.live.set(physicalId(logicalId), properties);
    },
    lose: (logicalId: string) => queues.live.delete(physicalId(logicalId)),
    async detect(LogicalResourceIds?: string[], StackName = 'Orders') {
      const begun = await client.detectStackDrift({ StackName, LogicalResourceIds });
      await clock.settle();
      const { StackDriftDetectionId } = begun;
      return client.describeStackDriftDetectionStatus({ StackDriftDetectionId });
    },
    async differences(logicalId = 'Queue') {
      const { StackResourceDrift: drift } = await client.detectStackResourceDrift({
        StackName: 'Orders',
        LogicalResourceId: logicalId,
      });
      return drift?.PropertyDifferences?.map((one) =>
        [one.PropertyPath, one.DifferenceType, one.ExpectedValue, one.ActualValue].join(' '),
      );
    },
    async update(of: object) {
      await client.updateStack({ StackName: 'Orders', TemplateBody: template(of) });
      await clock.settle();
    },
    async statuses() {
      const { Stacks: [stack] = [] } = await client.describeStacks({ StackName: 'Orders' });
      const { StackResourceSummaries: list = [] } = await client.listStackResources({
        StackName: 'Orders',
      });
      return [
        stack?.DriftInformation?.StackDriftStatus,
        ...list.map((one) => one.DriftInformation?.StackResourceDriftStatus),
      ];
    },
  };
}

const two = { A: queue({ DelaySeconds: 1 }), B: queue({ DelaySeconds: 2 }) };

describe('detecting the drift of a stack', () => {
  test('tells what is in sync, modified and deleted, and what was not checked', async () => {
    const orders = await deployed({
      ...two,
      C: queue(),
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    });
    expect(await orders.statuses()).toEqual(Array(5).fill('NOT_CHECKED'));
    orders.change('A', { DelaySeconds: 120 });
    orders.lose('B');
    const begun = new Date(orders.clock.now());
    expect(await orders.detect()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
      DriftedStackResourceCount: 2,
      Timestamp: begun,
    });
    const StackName = 'Orders';
    const { StackResourceDrifts: all } = await orders.client.describeStackResourceDrifts({
      StackName,
    });
    expect(all).toMatchObject([
      {
        LogicalResourceId: 'A',
        ResourceType: 'AWS::SQS::Queue',
        StackResourceDriftStatus: 'MODIFIED',
        ExpectedProperties: '{"DelaySeconds":1}',
        ActualProperties: '{"DelaySeconds":120}',
        PropertyDifferences: [
          {
            PropertyPath: '/DelaySeconds',
            DifferenceType: 'NOT_EQUAL',
            ExpectedValue: '1',
            ActualValue: '120',
          },
        ],
        Timestamp: begun,
      },
      { LogicalResourceId: 'B', StackResourceDriftStatus: 'DELETED', PropertyDifferences: [] },
      { LogicalResourceId: 'C', StackResourceDriftStatus: 'IN_SYNC', PropertyDifferences: [] },
    ]);
    expect(all?.[1]).not.toHaveProperty('ActualProperties');
    expect(await orders.statuses()).toEqual([
      'DRIFTED',
      'MODIFIED',
      'DELETED',
      'IN_SYNC',
      'NOT_CHECKED',
    ]);
    const { StackSummaries: [summary] = [] } = await orders.client.listStacks({});
    expect(summary?.DriftInformation).toEqual({
      StackDriftStatus: 'DRIFTED',
      LastCheckTimestamp: begun,
    });
  });

  test('takes filters and pages', async () => {
    const orders = await deployed({ ...two, C: queue() });
    orders.lose('B');
    await orders.detect();
    const list = async (input: object) => {
      const answer = await orders.client.describeStackResourceDrifts({
        StackName: 'Orders',
        ...input,
      });
      const ids = answer.StackResourceDrifts?.map(({ LogicalResourceId: id }) => id);
      return { ids, token: answer.NextToken };
    };
    expect(await list({ StackResourceDriftStatusFilters: ['DELETED', 'MODIFIED'] })).toEqual({
      ids: ['B'],
    });
    const first = await list({ MaxResults: 2 });
    expect(first.ids).toEqual(['A', 'B']);
    expect(await list({ MaxResults: 2, NextToken: first.token })).toEqual({ ids: ['C'] });
    await expect(list({ MaxResults: 101 })).rejects.toThrow(/less than or equal to 100/);
    await expect(list({ NextToken: 'nonsense' })).rejects.toThrow('Invalid pagination token');
  });

  test('checks only the resources that it is asked for', async () => {
    const orders = await deployed(two);
    orders.lose('A');
    expect(await orders.detect(['B'])).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
    expect(await orders.statuses()).toEqual(['IN_SYNC', 'NOT_CHECKED', 'IN_SYNC']);
    await expect(orders.detect(['C'])).rejects.toThrow(
      'Resource C does not exist for stack Orders',
    );
  });

  test('of one resource counts for the stack', async () => {
    const orders = await deployed(two);
    await orders.detect();
    orders.change('A', { DelaySeconds: 3 });
    expect(await orders.differences('A')).toEqual(['/DelaySeconds NOT_EQUAL 1 3']);
    expect(await orders.statuses()).toEqual(['DRIFTED', 'MODIFIED', 'IN_SYNC']);
    orders.change('A', { DelaySeconds: '1' });
    expect(await orders.differences('A')).toEqual([]);
    expect(await orders.statuses()).toEqual(['IN_SYNC', 'IN_SYNC', 'IN_SYNC']);
  });

  test('is done once everything has been read, one at a time', async () => {
    const orders = await deployed(two);
    let open = () => {};
    orders.queues.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { StackDriftDetectionId: id } = await orders.client.detectStackDrift({
      StackName: 'Orders',
    });
    const status = () =>
      orders.client.describeStackDriftDetectionStatus({ StackDriftDetectionId: id });
    const before = await status();
    expect(before).toMatchObject({ DetectionStatus: 'DETECTION_IN_PROGRESS' });
    expect(before).not.toHaveProperty('StackDriftStatus');
    await expect(orders.client.detectStackDrift({ StackName: 'Orders' })).rejects.toThrow(
      /^Drift detection is already in progress for stack \[arn:/,
    );
    open();
    await orders.clock.settle();
    expect(await status()).toMatchObject({ DetectionStatus: 'DETECTION_COMPLETE' });
  });

  test('fails for what cannot be read, and tells the rest', async () => {
    const orders = await deployed(two);
    orders.queues.failRead.set('A', 'Access denied');
    expect(await orders.detect()).toMatchObject({
      DetectionStatus: 'DETECTION_FAILED',
      DetectionStatusReason: JSON.stringify({
        Summary: 'Failed to detect drift on resources [A]',
        Failures: [{ Resource: 'A', FailureReason: 'Access denied' }],
      }),
      StackDriftStatus: 'UNKNOWN',
    });
    expect(await orders.statuses()).toEqual(['UNKNOWN', 'UNKNOWN', 'IN_SYNC']);
  });

  test('is forgotten when the stack is worked on', async () => {
    const orders = await deployed(two);
    orders.change('A', { DelaySeconds: 3 });
    await orders.detect();
    await orders.update({ ...two, A: queue({ DelaySeconds: 4 }) });
    expect(await orders.statuses()).toEqual(Array(3).fill('NOT_CHECKED'));
    expect(await orders.detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });

  test('needs a stack that is there and complete, and a type that can be read', async () => {
    const orders = await deployed({ Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } });
    await expect(orders.differences('Handle')).rejects.toThrow(
      'Drift detection is not supported for ResourceType AWS::CloudFormation::WaitConditionHandle',
    );
    await expect(orders.differences('Queue')).rejects.toThrow(
      'Resource Queue does not exist for stack Orders',
    );
    expect(await orders.detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
    await expect(orders.detect([], 'Other')).rejects.toThrow('Stack with id Other does not exist');
    const { client } = orders;
    await expect(
      client.describeStackDriftDetectionStatus({ StackDriftDetectionId: 'nonsense' }),
    ).rejects.toThrow('Drift detection with id nonsense does not exist');
    const { Stacks: [stack] = [] } = await client.describeStacks({ StackName: 'Orders' });
    await client.deleteStack({ StackName: 'Orders' });
    await orders.clock.settle();
    await expect(orders.detect(undefined, stack?.StackId)).rejects.toThrow(
      /in DELETE_COMPLETE state$/,
    );
  });
});

describe('what counts as drift', () => {
  const compare = async (expected: object, actual: ResourceProperties) => {
    const orders = await deployed({ Queue: queue(expected) });
    orders.change('Queue', actual);
    return orders.differences();
  };
  const tag = (Key: string, Value: string) => ({ Key, Value });

  test.each<[string, object, ResourceProperties]>([
    ['a number written as text', { DelaySeconds: '5' }, { DelaySeconds: 5 }],
    ['what the template leaves open', {}, { DelaySeconds: 5 }],
    [
      'tags in another order',
      { Tags: [tag('a', '1'), tag('b', '2')] },
      { Tags: [tag('b', '2'), tag('a', '1')] },
    ],
    [
      'members of a document in another order',
      { RedrivePolicy: { a: 1, b: { c: 2, d: 3 } } },
      { RedrivePolicy: { b: { d: 3, c: 2 }, a: 1 } },
    ],
    ['a document written as text', { RedrivePolicy: '{"a":1}' }, { RedrivePolicy: { a: 1 } }],
    [
      'one element for a list of one',
      { RedrivePolicy: { a: ['b'] } },
      { RedrivePolicy: { a: 'b' } },
    ],
  ])('%s does not', async (_what, expected, actual) => {
    expect(await compare(expected, actual)).toEqual([]);
  });

  test.each<[string, object, ResourceProperties, string[]]>([
    [
      'a tag more, a tag less, and another value',
      { Tags: [tag('a', '1'), tag('b', '2')] },
      { Tags: [tag('c', '3'), tag('b', '4')] },
      [
        '/Tags/0 REMOVE {"Key":"a","Value":"1"} null',
        '/Tags/1/Value NOT_EQUAL 2 4',
        '/Tags/0 ADD null {"Key":"c","Value":"3"}',
      ],
    ],
    [
      'a member more, a member less, and another value of a document',
      { RedrivePolicy: { a: 1, b: [1, 2] } },
      { RedrivePolicy: { b: [2, 1, 3], c: 4 } },
      [
        '/RedrivePolicy/a REMOVE 1 null',
        '/RedrivePolicy/b/0 NOT_EQUAL 1 2',
        '/RedrivePolicy/b/1 NOT_EQUAL 2 1',
        '/RedrivePolicy/b/2 ADD null 3',
        '/RedrivePolicy/c ADD null 4',
      ],
    ],
    [
      'a value of another kind',
      { RedrivePolicy: { a: { b: 1 } } },
      { RedrivePolicy: { a: 'b' } },
      ['/RedrivePolicy/a NOT_EQUAL {"b":1} b'],
    ],
  ])('%s does', async (_what, expected, actual, differences) => {
    expect(await compare(expected, actual)).toEqual(differences);
  });
});

test('a nested stack is one resource of its parent, and is checked on its own', async () => {
  const orders = await deployed({
    Nested: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: {
        TemplateURL: 'https://s3.amazonaws.com/templates/inner.json',
        Parameters: { Delay: 5 },
        Tags: [{ Key: 'team', Value: 'shop' }],
      },
    },
  });
  const { StackResources: [nested] = [] } = await orders.client.describeStackResources({
    StackName: 'Orders',
  });
  const id = nested?.PhysicalResourceId ?? '';
  const { StackResources: [innermost] = [] } = await orders.client.describeStackResources({
    StackName: id,
  });
  orders.queues.live.set(innermost?.PhysicalResourceId ?? '', { DelaySeconds: 6 });
  expect(await orders.detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  expect(await orders.detect(undefined, id)).toMatchObject({
    StackDriftStatus: 'DRIFTED',
    StackId: id,
  });
  await orders.client.updateStack({
    StackName: id,
    UsePreviousTemplate: true,
    Parameters: [{ ParameterKey: 'Delay', ParameterValue: '7' }],
  });
  await orders.clock.settle();
  expect(await orders.differences('Nested')).toEqual(['/Parameters/Delay NOT_EQUAL 5 7']);
  await orders.client.deleteStack({ StackName: id });
  await orders.clock.settle();
  expect(await orders.detect()).toMatchObject({ StackDriftStatus: 'DRIFTED' });
});
