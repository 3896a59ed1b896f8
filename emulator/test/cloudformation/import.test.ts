import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import { Emulator, type ManualClock } from '../../src';

let aws: Emulator<ManualClock>;
let client: CloudFormation;
let s3: S3;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  client = aws.client(CloudFormation);
  s3 = aws.client(S3);
  await s3.createBucket({ Bucket: 'orders' });
});
afterEach(() => aws.stop());

const stack = { StackName: 'Shop' };
const set = { ...stack, ChangeSetName: 'first' };
const bucket = (attributes: object = { DeletionPolicy: 'Retain' }, properties: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName: 'orders', ...properties },
  ...attributes,
});
const queue = { Type: 'AWS::SQS::Queue' };
const templateOf = (Resources: object, more: object = {}) => JSON.stringify({ Resources, ...more });

async function execute(
  Resources: object,
  ChangeSetType: 'CREATE' | 'UPDATE' | 'IMPORT',
  more: object = {},
) {
  const TemplateBody = templateOf(Resources);
  await client.createChangeSet({ ...set, ChangeSetType, TemplateBody, ...more });
  await client.executeChangeSet(set);
  await aws.clock.settle();
}

async function status() {
  return (await client.describeStacks(stack)).Stacks?.[0]?.StackStatus;
}

async function statuses() {
  const { StackResources = [] } = await client.describeStackResources(stack);
  return Object.fromEntries(
    StackResources.map(({ LogicalResourceId: id = '', ResourceStatus }) => [id, ResourceStatus]),
  );
}

async function bucketNames() {
  const { Buckets = [] } = await s3.listBuckets();
  return Buckets.map(({ Name }) => Name);
}

describe('a change set that imports', () => {
  const first = {
    LogicalResourceId: 'Bucket',
    ResourceType: 'AWS::S3::Bucket',
    ResourceIdentifier: { BucketName: 'orders' },
  };
  const imports = { ...set, ChangeSetType: 'IMPORT' as const, ResourcesToImport: [first] };

  test('makes a stack of what exists, and leaves it as it is', async () => {
    await s3.putObject({ Bucket: 'orders', Key: 'kept', Body: 'x' });
    const versions = { VersioningConfiguration: { Status: 'Enabled' } };
    const TemplateBody = templateOf({ Bucket: bucket(undefined, versions) });
    await client.createChangeSet({ ...imports, TemplateBody });
    const { Changes } = await client.describeChangeSet(set);
    expect(Changes).toMatchObject([
      {
        ResourceChange: {
          Action: 'Import',
          LogicalResourceId: 'Bucket',
          PhysicalResourceId: 'orders',
        },
      },
    ]);
    await client.executeChangeSet(set);
    await aws.clock.settle();
    expect(await status()).toBe('IMPORT_COMPLETE');
    expect(await statuses()).toEqual({ Bucket: 'IMPORT_COMPLETE' });
    expect((await s3.listObjectsV2({ Bucket: 'orders' })).KeyCount).toBe(1);
    expect((await s3.getBucketVersioning({ Bucket: 'orders' })).Status).toBeUndefined();
  });

  test('adds to a stack, which goes on as any other', async () => {
    await execute({ Queue: queue }, 'CREATE');
    await client.createChangeSet({
      ...imports,
      TemplateBody: templateOf({ Queue: queue, Bucket: bucket() }),
    });
    await client.executeChangeSet(set);
    await aws.clock.settle();
    const Tags = [{ Key: 'team', Value: 'orders' }];
    await execute({ Queue: queue, Bucket: bucket({}, { Tags }) }, 'UPDATE');
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect((await s3.getBucketTagging({ Bucket: 'orders' })).TagSet).toEqual(Tags);
    await client.deleteStack(stack);
    await aws.clock.settle();
    expect(await bucketNames()).toEqual([]);
  });

  test.each<[string, object, object, RegExp]>([
    [
      'what is not there',
      { Bucket: bucket(undefined, { BucketName: 'nope' }) },
      { ResourceIdentifier: { BucketName: 'nope' } },
      /Resource of type 'AWS::S3::Bucket' with identifier 'nope' was not found/,
    ],
    [
      'what has no deletion policy',
      { Bucket: bucket({}) },
      {},
      /must have DeletionPolicy attribute specified in the template. \[Bucket\]/,
    ],
    [
      'one thing and makes another',
      { Bucket: bucket(), Queue: queue },
      {},
      /Resources \[Queue\] is missing from ResourceToImport list/,
    ],
    [
      'another type than the template has',
      { Bucket: bucket() },
      { ResourceType: 'AWS::SQS::Queue' },
      /of type AWS::SQS::Queue is not in the template/,
    ],
    [
      'a type that cannot be imported',
      { Bucket: { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Retain' } },
      { ResourceType: 'AWS::SNS::Topic' },
      /\[AWS::SNS::Topic\] are not supported for Import/,
    ],
  ])('fails when it imports %s, and leaves no stack', async (_what, resources, other, message) => {
    await expect(
      client.createChangeSet({
        ...imports,
        ResourcesToImport: [{ ...first, ...other }],
        TemplateBody: templateOf(resources),
      }),
    ).rejects.toThrow(message);
    await expect(status()).rejects.toThrow('does not exist');
  });

  test('fails when it changes or removes something too', async () => {
    await execute({ Queue: queue }, 'CREATE');
    await expect(
      client.createChangeSet({ ...imports, TemplateBody: templateOf({ Bucket: bucket() }) }),
    ).rejects.toThrow(
      'You have modified resources [Queue] in your template that are not being imported.',
    );
    const Outputs = { Name: { Value: 'x' } };
    await expect(
      client.createChangeSet({
        ...imports,
        TemplateBody: templateOf({ Queue: queue, Bucket: bucket() }, { Outputs }),
      }),
    ).rejects.toThrow('As part of the import operation, you cannot modify or add [Outputs]');
  });

  test('fails when another stack has it', async () => {
    const TemplateBody = templateOf({ Bucket: bucket() });
    await client.createChangeSet({ ...imports, TemplateBody });
    await client.executeChangeSet(set);
    await aws.clock.settle();
    await expect(
      client.createChangeSet({ ...imports, StackName: 'Other', TemplateBody }),
    ).rejects.toThrow(/orders already exists in stack arn:aws:cloudformation:.*:stack\/Shop\//);
  });

  test('is rolled back when what it imports has gone meanwhile', async () => {
    const create = { ...imports, TemplateBody: templateOf({ Bucket: bucket() }) };
    await client.createChangeSet(create);
    await s3.deleteBucket({ Bucket: 'orders' });
    await expect(client.executeChangeSet(set)).rejects.toThrow("'orders' was not found");
    expect(await status()).toBe('REVIEW_IN_PROGRESS');
  });

  test('can import whatever GetTemplateSummary tells an identifier of', async () => {
    const { QueueUrl = '' } = await aws.client(SQS).createQueue({ QueueName: 'jobs' });
    await aws.client(SSM).putParameter({ Name: 'limit', Value: '5', Type: 'String' });
    await aws.client(CloudWatchLogs).createLogGroup({ logGroupName: 'logs' });
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'lambda.amazonaws.com' },
        },
      ],
    });
    await aws.client(IAM).createRole({ RoleName: 'worker', AssumeRolePolicyDocument: trust });
    const keys = {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
      BillingMode: 'PAY_PER_REQUEST' as const,
    };
    await aws.client(DynamoDB).createTable({ TableName: 'orders', ...keys });
    await aws.client(EventBridge).createEventBus({ Name: 'events' });
    const retained = { DeletionPolicy: 'Retain' };
    const resources: Record<string, { Type: string; Properties: object }> = {
      Queue: { Type: 'AWS::SQS::Queue', Properties: {}, ...retained },
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: '5' },
        ...retained,
      },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: {}, ...retained },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: JSON.parse(trust) },
        ...retained,
      },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: keys, ...retained },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'events' }, ...retained },
      Bucket: { ...bucket(), Properties: {} },
    };
    const TemplateBody = templateOf(resources);
    const { ResourceIdentifierSummaries = [] } = await client.getTemplateSummary({ TemplateBody });
    const names = new Map(
      ResourceIdentifierSummaries.map((one) => [one.ResourceType, one.ResourceIdentifiers?.[0]]),
    );
    const values: Record<string, string> = {
      Queue: QueueUrl,
      Parameter: 'limit',
      Logs: 'logs',
      Role: 'worker',
      Table: 'orders',
      Bus: 'events',
      Bucket: 'orders',
    };
    await client.createChangeSet({
      ...imports,
      TemplateBody,
      Capabilities: ['CAPABILITY_IAM'],
      ResourcesToImport: Object.entries(resources).map(([LogicalResourceId, { Type }]) => ({
        LogicalResourceId,
        ResourceType: Type,
        ResourceIdentifier: { [names.get(Type) ?? '']: values[LogicalResourceId] ?? '' },
      })),
    });
    await client.executeChangeSet(set);
    await aws.clock.settle();
    expect(new Set(Object.values(await statuses()))).toEqual(new Set(['IMPORT_COMPLETE']));
    const { StackResources = [] } = await client.describeStackResources(stack);
    const ids = StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]);
    expect(Object.fromEntries(ids)).toEqual(values);
  });
});

test('a metric filter is imported by its group and its name', async () => {
  const logs = aws.client(CloudWatchLogs);
  const found = { logGroupName: 'logs', filterName: 'errors' };
  await logs.createLogGroup(found);
  const properties = {
    FilterPattern: 'ERROR',
    MetricTransformations: [{ MetricName: 'Errors', MetricNamespace: 'Shop', MetricValue: '1' }],
  };
  await logs.putMetricFilter({
    ...found,
    filterPattern: 'ERROR',
    metricTransformations: [{ metricName: 'Errors', metricNamespace: 'Shop', metricValue: '1' }],
  });
  const Type = 'AWS::Logs::MetricFilter';
  const identifier = { LogGroupName: 'logs', FilterName: 'errors' };
  const Properties = { ...properties, LogGroupName: 'logs', FilterName: 'errors' };
  await execute({ Errors: { Type, Properties, DeletionPolicy: 'Retain' } }, 'IMPORT', {
    ResourcesToImport: [
      { LogicalResourceId: 'Errors', ResourceType: Type, ResourceIdentifier: identifier },
    ],
  });
  expect(await statuses()).toEqual({ Errors: 'IMPORT_COMPLETE' });
});

describe('a change set with ImportExistingResources', () => {
  const importing = { ImportExistingResources: true };

  test('imports what has a name in the template that exists, and creates the rest', async () => {
    await execute({ Bucket: bucket(), Queue: queue }, 'CREATE', importing);
    expect(await status()).toBe('CREATE_COMPLETE');
    expect(await statuses()).toEqual({ Bucket: 'IMPORT_COMPLETE', Queue: 'CREATE_COMPLETE' });
    await client.deleteStack(stack);
    await aws.clock.settle();
    expect(await bucketNames()).toEqual(['orders']);
  });

  test('does so in an update', async () => {
    await execute({ Queue: queue }, 'CREATE', importing);
    await execute({ Bucket: bucket(), Queue: queue }, 'UPDATE', importing);
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect((await statuses()).Bucket).toBe('IMPORT_COMPLETE');
  });

  test('leaves what it imported when it is rolled back', async () => {
    const bad = { ...queue, Properties: { DelaySeconds: 901 }, DependsOn: 'Bucket' };
    const kept = bucket({ DeletionPolicy: 'RetainExceptOnCreate' });
    await execute({ Bucket: kept, Queue: bad }, 'CREATE', importing);
    expect(await status()).toBe('ROLLBACK_COMPLETE');
    expect(await bucketNames()).toEqual(['orders']);
    await client.deleteStack(stack);
    await aws.clock.settle();
    await execute({ Queue: queue }, 'CREATE', importing);
    await execute({ Queue: queue, Bucket: kept, Bad: bad }, 'UPDATE', importing);
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await bucketNames()).toEqual(['orders']);
  });

  test('has failed when what it would import could be deleted, in the words that the CDK CLI looks for', async () => {
    await client.createChangeSet({
      ...set,
      ...importing,
      ChangeSetType: 'CREATE',
      TemplateBody: templateOf({ Bucket: bucket({}) }),
    });
    expect(await client.describeChangeSet(set)).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason: expect.stringMatching(
        /^CloudFormation is attempting to import some resources because they already exist in your account\..* The affected resources are Bucket \(\{BucketName=orders\}\)$/,
      ),
    });
  });

  test('does not import a name that a function makes: it is taken', async () => {
    const made = bucket(undefined, { BucketName: { 'Fn::Join': ['', ['or', 'ders']] } });
    await execute({ Bucket: made }, 'CREATE', importing);
    expect(await status()).toBe('ROLLBACK_COMPLETE');
    expect(await bucketNames()).toEqual(['orders']);
  });
});
