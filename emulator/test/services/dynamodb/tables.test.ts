import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { createTable, orders, plain, surroundings } from './support';

const here = surroundings();
const describeTable = async (name: string) =>
  (await here.dynamodb.describeTable({ TableName: name })).Table;

describe('a table', () => {
  test('is being created for some seconds, and cannot be used before it is active', async () => {
    const { TableDescription: created } = await here.dynamodb.createTable(orders);
    expect(created).toMatchObject({
      TableName: 'orders',
      TableStatus: 'CREATING',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',
      CreationDateTime: new Date(here.aws.clock.now()),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      GlobalSecondaryIndexes: [{ IndexName: 'by-state', IndexStatus: 'CREATING' }],
    });
    await expect(here.dynamodb.scan({ TableName: 'orders' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    await expect(here.dynamodb.deleteTable({ TableName: 'orders' })).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Attempt to change a resource which is still in use: Table is being created: orders',
    });

    await here.aws.clock.advance(5_000);
    expect(await describeTable('orders')).toMatchObject({
      TableStatus: 'ACTIVE',
      ItemCount: 0,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-state',
          IndexStatus: 'ACTIVE',
          IndexArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/index/by-state',
        },
      ],
      LocalSecondaryIndexes: [{ IndexName: 'by-amount' }],
    });
  });

  test('is gone some seconds after it has been deleted, with its items', async () => {
    await createTable(here);
    await here.dynamodb.putItem({ TableName: 'plain', Item: { id: { S: '1' } } });
    const { TableDescription: deleted } = await here.dynamodb.deleteTable({ TableName: 'plain' });
    expect(deleted).toMatchObject({ TableStatus: 'DELETING' });
    await here.aws.clock.advance(5_000);
    await expect(describeTable('plain')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: plain not found',
    });
    await createTable(here);
    expect(await here.dynamodb.scan({ TableName: 'plain' })).toMatchObject({ Count: 0 });
  });

  test('belongs to its account and region', async () => {
    await createTable(here);
    const elsewhere = here.aws.client(DynamoDB, { region: 'eu-west-1' });
    const others = here.aws.client(DynamoDB, { account: '111122223333' });
    for (const client of [elsewhere, others])
      expect((await client.listTables({})).TableNames).toEqual([]);
    expect((await here.dynamodb.listTables({})).TableNames).toEqual(['plain']);
  });

  test('may be named by its ARN, also from another account', async () => {
    await createTable(here);
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/plain';
    const other = here.aws.client(DynamoDB, { account: '111122223333' });
    const put = () => other.putItem({ TableName: arn, Item: { id: { S: '1' } } });
    await expect(put()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await here.dynamodb.putResourcePolicy({
      ResourceArn: arn,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '111122223333' },
            Action: 'dynamodb:PutItem',
            Resource: arn,
          },
        ],
      }),
    });
    await put();
    expect(await here.dynamodb.scan({ TableName: 'plain' })).toMatchObject({ Count: 1 });
  });

  test('is listed in pages', async () => {
    for (const name of ['ccc', 'aaa', 'bbb'])
      await here.dynamodb.createTable({ ...plain, TableName: name });
    const first = await here.dynamodb.listTables({ Limit: 2 });
    expect(first).toMatchObject({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    const second = await here.dynamodb.listTables({
      Limit: 2,
      ExclusiveStartTableName: first.LastEvaluatedTableName,
    });
    expect(second.TableNames).toEqual(['ccc']);
    expect(second.LastEvaluatedTableName).toBeUndefined();
  });

  test('that is protected cannot be deleted', async () => {
    await createTable(here, { ...plain, DeletionProtectionEnabled: true });
    await expect(here.dynamodb.deleteTable({ TableName: 'plain' })).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    });
    await here.dynamodb.updateTable({ TableName: 'plain', DeletionProtectionEnabled: false });
    await here.aws.clock.advance(5_000);
    await here.dynamodb.deleteTable({ TableName: 'plain' });
  });
});

describe('a table is refused', () => {
  test.each([
    ['whose name is taken', {}, 'ResourceInUseException', 'Table already exists: plain'],
    [
      'without throughput that it is paid for',
      { TableName: 'other', BillingMode: undefined },
      'ValidationException',
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    ],
    [
      'with attributes that no key uses',
      {
        TableName: 'other',
        AttributeDefinitions: [
          ...plain.AttributeDefinitions,
          { AttributeName: 'spare', AttributeType: 'S' as const },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'index',
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
            Projection: { ProjectionType: 'ALL' as const },
          },
        ],
      },
      'ValidationException',
      'One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [id, spare], keys used: [id]',
    ],
    [
      'with a stream',
      { TableName: 'other', StreamSpecification: { StreamEnabled: true } },
      'NotImplemented',
      'cdk-decouple-emulator does not implement DynamoDB Streams (StreamSpecification of CreateTable)',
    ],
    [
      'with throughput that is warmed',
      { TableName: 'other', WarmThroughput: { ReadUnitsPerSecond: 15_000 } },
      'NotImplemented',
      'cdk-decouple-emulator does not implement parameter WarmThroughput of CreateTable',
    ],
  ])('%s', async (_what, change, name, message) => {
    await createTable(here);
    await expect(here.dynamodb.createTable({ ...plain, ...change })).rejects.toMatchObject({
      name,
      message,
    });
  });

  test('by the operations that are not there', async () => {
    const { dynamodb } = here;
    for (const [operation, call] of Object.entries({
      ExecuteStatement: () => dynamodb.executeStatement({ Statement: 'SELECT * FROM plain' }),
      CreateBackup: () => dynamodb.createBackup({ TableName: 'plain', BackupName: 'backup' }),
      CreateGlobalTable: () =>
        dynamodb.createGlobalTable({ GlobalTableName: 'plain', ReplicationGroup: [] }),
    }))
      await expect(call()).rejects.toMatchObject({
        name: 'NotImplemented',
        message: `cdk-decouple-emulator does not implement dynamodb.${operation}`,
      });
  });
});

describe('UpdateTable', () => {
  test('adds an index, which is filled before it can be read', async () => {
    await createTable(here);
    for (const [id, colour] of [
      ['1', 'red'],
      ['2', 'blue'],
      ['3', undefined],
    ] as const)
      await here.dynamodb.putItem({
        TableName: 'plain',
        Item: { id: { S: id }, ...(colour && { colour: { S: colour } }) },
      });
    await here.dynamodb.updateTable({
      TableName: 'plain',
      AttributeDefinitions: [{ AttributeName: 'colour', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-colour',
            KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        },
      ],
    });
    expect(await describeTable('plain')).toMatchObject({
      TableStatus: 'UPDATING',
      GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING', Backfilling: true }],
    });
    const query = () =>
      here.dynamodb.query({
        TableName: 'plain',
        IndexName: 'by-colour',
        KeyConditionExpression: 'colour = :c',
        ExpressionAttributeValues: { ':c': { S: 'red' } },
      });
    await expect(query()).rejects.toMatchObject({
      message: 'Cannot read from backfilling global secondary index: by-colour',
    });
    await here.aws.clock.advance(60_000);
    expect((await query()).Items).toEqual([{ id: { S: '1' }, colour: { S: 'red' } }]);
    expect(await describeTable('plain')).toMatchObject({
      TableStatus: 'ACTIVE',
      GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE', ItemCount: 2 }],
    });

    await here.dynamodb.updateTable({
      TableName: 'plain',
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-colour' } }],
    });
    await here.aws.clock.advance(60_000);
    expect((await describeTable('plain'))?.GlobalSecondaryIndexes).toBeUndefined();
    await expect(query()).rejects.toMatchObject({
      message: 'The table does not have the specified index: by-colour',
    });
  });

  test('turns billing from requests to throughput and back', async () => {
    await createTable(here);
    await here.dynamodb.updateTable({
      TableName: 'plain',
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
    });
    await expect(
      here.dynamodb.updateTable({ TableName: 'plain', TableClass: 'STANDARD' }),
    ).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Attempt to change a resource which is still in use: Table is being updated: plain',
    });
    await here.aws.clock.advance(5_000);
    expect(await describeTable('plain')).toMatchObject({
      BillingModeSummary: { BillingMode: 'PROVISIONED' },
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
    });
    await here.dynamodb.updateTable({ TableName: 'plain', BillingMode: 'PAY_PER_REQUEST' });
    await here.aws.clock.advance(5_000);
    expect(await describeTable('plain')).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    });
  });

  test('adds or removes one index at a time', async () => {
    await createTable(here, orders);
    await expect(
      here.dynamodb.updateTable({
        TableName: 'orders',
        GlobalSecondaryIndexUpdates: [
          { Delete: { IndexName: 'by-state' } },
          {
            Create: {
              IndexName: 'other',
              KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      }),
    ).rejects.toMatchObject({
      name: 'LimitExceededException',
      message:
        'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    });
  });
});

describe('what a table has besides its items', () => {
  const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/plain';

  test('tags', async () => {
    await createTable(here, { ...plain, Tags: [{ Key: 'team', Value: 'shop' }] });
    await here.dynamodb.tagResource({ ResourceArn, Tags: [{ Key: 'stage', Value: 'test' }] });
    await here.dynamodb.untagResource({ ResourceArn, TagKeys: ['team'] });
    expect((await here.dynamodb.listTagsOfResource({ ResourceArn })).Tags).toEqual([
      { Key: 'stage', Value: 'test' },
    ]);
  });

  test('point-in-time recovery, which is only described', async () => {
    await createTable(here);
    const describe = async () =>
      (await here.dynamodb.describeContinuousBackups({ TableName: 'plain' }))
        .ContinuousBackupsDescription;
    expect(await describe()).toEqual({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    await here.dynamodb.updateContinuousBackups({
      TableName: 'plain',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    const enabled = here.aws.clock.now();
    await here.aws.clock.advance(3_600_000);
    expect((await describe())?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
      EarliestRestorableDateTime: new Date(enabled),
      LatestRestorableDateTime: new Date(here.aws.clock.now() - 300_000),
    });
  });

  test('a key of KMS', async () => {
    await createTable(here, { ...plain, SSESpecification: { Enabled: true, SSEType: 'KMS' } });
    expect((await describeTable('plain'))?.SSEDescription).toEqual({
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\//),
    });
  });

  test('a policy', async () => {
    await createTable(here);
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await expect(here.dynamodb.getResourcePolicy({ ResourceArn })).rejects.toMatchObject({
      name: 'PolicyNotFoundException',
    });
    const { RevisionId } = await here.dynamodb.putResourcePolicy({ ResourceArn, Policy });
    expect(await here.dynamodb.getResourcePolicy({ ResourceArn })).toMatchObject({
      Policy,
      RevisionId,
    });
    await here.dynamodb.deleteResourcePolicy({ ResourceArn });
    await expect(here.dynamodb.getResourcePolicy({ ResourceArn })).rejects.toMatchObject({
      name: 'PolicyNotFoundException',
    });
  });
});
