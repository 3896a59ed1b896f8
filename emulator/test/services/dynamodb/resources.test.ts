import { App, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { surroundings } from './support';

const here = surroundings();
const id = { name: 'id', type: dynamodb.AttributeType.STRING };
const removalPolicy = RemovalPolicy.DESTROY;
const TableName = 'things';
const describeTable = async () => (await here.dynamodb.describeTable({ TableName })).Table;

/** A stack of one table, anew for each deployment. */
function stackWith(make: (stack: Stack) => void, props: StackProps = {}): Stack {
  const stack = new Stack(new App(), 'Shop', props);
  make(stack);
  return stack;
}

const table = (props: Partial<dynamodb.TableProps>) =>
  stackWith((stack) => {
    new dynamodb.Table(stack, 'Things', {
      tableName: TableName,
      partitionKey: id,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      removalPolicy,
      ...props,
    });
  });

const tableV2 = (props: Partial<dynamodb.TablePropsV2>) =>
  stackWith((stack) => {
    new dynamodb.TableV2(stack, 'Things', {
      tableName: TableName,
      partitionKey: id,
      removalPolicy,
      ...props,
    });
  });

describe.each([
  ['AWS::DynamoDB::Table', table],
  ['AWS::DynamoDB::GlobalTable', tableV2],
] as const)('%s', (_type, stackOf) => {
  test('is active when the stack is there, with all its settings, and goes with it', async () => {
    const settings = {
      timeToLiveAttribute: 'expires',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
      resourcePolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            effect: Effect.ALLOW,
            principals: [new ServicePrincipal('events.amazonaws.com')],
            actions: ['dynamodb:PutItem'],
            resources: ['*'],
          }),
        ],
      }),
    };
    const stack = stackOf(settings);
    Tags.of(stack).add('team', 'shop');
    await here.aws.deploy(stack);

    expect(await describeTable()).toMatchObject({
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
    });
    const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/things';
    expect((await here.dynamodb.listTagsOfResource({ ResourceArn })).Tags).toEqual([
      { Key: 'team', Value: 'shop' },
    ]);
    expect((await here.dynamodb.describeTimeToLive({ TableName })).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expires',
    });
    expect(
      (await here.dynamodb.describeContinuousBackups({ TableName })).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    ).toBe('ENABLED');
    expect((await here.dynamodb.getResourcePolicy({ ResourceArn })).Policy).toContain(
      'dynamodb:PutItem',
    );

    const unprotected = stackOf({});
    await here.aws.deploy(unprotected);
    await here.aws.destroy(unprotected);
    expect(here.aws.leaks()).toEqual([]);
  });

  test('keeps its items while indexes come and go', async () => {
    await here.aws.deploy(stackOf({}));
    await here.dynamodb.putItem({
      TableName,
      Item: { id: { S: '1' }, colour: { S: 'red' } },
    });
    const indexed = stackWith((stack) => {
      const index = {
        indexName: 'by-colour',
        partitionKey: { name: 'colour', type: dynamodb.AttributeType.STRING },
      };
      if (stackOf === table) {
        const made = new dynamodb.Table(stack, 'Things', {
          tableName: TableName,
          partitionKey: id,
          billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
          removalPolicy,
        });
        made.addGlobalSecondaryIndex(index);
      } else {
        new dynamodb.TableV2(stack, 'Things', {
          tableName: TableName,
          partitionKey: id,
          removalPolicy,
          globalSecondaryIndexes: [index],
        });
      }
    });
    await here.aws.deploy(indexed);
    const scan = await here.dynamodb.scan({ TableName, IndexName: 'by-colour' });
    expect(scan.Items).toEqual([{ id: { S: '1' }, colour: { S: 'red' } }]);
    await here.aws.deploy(stackOf({}));
    expect((await describeTable())?.GlobalSecondaryIndexes).toBeUndefined();
    expect(await here.dynamodb.scan({ TableName })).toMatchObject({ Count: 1 });
  });

  test('is replaced when its key changes', async () => {
    const named = (tableName: string) =>
      stackOf({ tableName, partitionKey: { name: 'key', type: dynamodb.AttributeType.NUMBER } });
    await here.aws.deploy(stackOf({}));
    await here.aws.deploy(named('others'));
    expect((await here.dynamodb.listTables({})).TableNames).toEqual(['others']);
  });

  test('with a stream is refused by name', async () => {
    const streaming =
      stackOf === table
        ? table({ stream: dynamodb.StreamViewType.NEW_IMAGE })
        : tableV2({ dynamoStream: dynamodb.StreamViewType.NEW_IMAGE });
    await expect(here.aws.deploy(streaming)).rejects.toThrow('does not support DynamoDB Streams');
  });
});

test('throughput of a table that is paid for it can be changed', async () => {
  const provisioned = (readCapacity: number) =>
    table({ billingMode: dynamodb.BillingMode.PROVISIONED, readCapacity, writeCapacity: 2 });
  await here.aws.deploy(provisioned(3));
  await here.aws.deploy(provisioned(4));
  expect((await describeTable())?.ProvisionedThroughput).toMatchObject({
    ReadCapacityUnits: 4,
    WriteCapacityUnits: 2,
  });
});

test('a table of version 2 that scales is recorded with its least capacity', async () => {
  await here.aws.deploy(
    tableV2({
      billing: dynamodb.Billing.provisioned({
        readCapacity: dynamodb.Capacity.fixed(9),
        writeCapacity: dynamodb.Capacity.autoscaled({ minCapacity: 2, maxCapacity: 20 }),
      }),
    }),
  );
  expect((await describeTable())?.ProvisionedThroughput).toMatchObject({
    ReadCapacityUnits: 9,
    WriteCapacityUnits: 2,
  });
});

test("a table of version 2 takes the stack's own key", async () => {
  const stack = stackWith(
    (scope) => {
      const encryptionKey = new Key(scope, 'Key', { removalPolicy });
      new dynamodb.TableV2(scope, 'Things', {
        tableName: TableName,
        partitionKey: id,
        removalPolicy,
        encryption: dynamodb.TableEncryptionV2.customerManagedKey(encryptionKey),
      });
    },
    { env: { region: 'us-east-1' } },
  );
  await here.aws.deploy(stack);
  expect((await describeTable())?.SSEDescription).toMatchObject({ SSEType: 'KMS' });
});

test('a table of version 2 with replicas elsewhere is refused', async () => {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1' } });
  new dynamodb.TableV2(stack, 'Things', {
    partitionKey: id,
    replicas: [{ region: 'eu-west-1' }],
  });
  await expect(here.aws.deploy(stack)).rejects.toThrow(
    "AWS::DynamoDB::GlobalTable does not support more than the replica of the stack's own Region",
  );
});

test('two indexes in one update are refused, as by CloudFormation', async () => {
  const indexed = (names: readonly string[]) =>
    tableV2({
      globalSecondaryIndexes: names.map((name) => ({
        indexName: name,
        partitionKey: { name, type: dynamodb.AttributeType.STRING },
      })),
    });
  await here.aws.deploy(indexed([]));
  await expect(here.aws.deploy(indexed(['one', 'two']))).rejects.toThrow(
    'Cannot perform more than one GSI creation or deletion in a single update',
  );
});
