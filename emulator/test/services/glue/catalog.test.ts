import { Glue, type TableInput } from '@aws-sdk/client-glue';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let glue: Glue;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  glue = aws.client(Glue);
});

afterEach(() => aws.stop());

const clicks: TableInput = {
  Name: 'Clicks',
  StorageDescriptor: {
    Columns: [
      { Name: 'user', Type: 'string' },
      { Name: 'at', Type: 'timestamp', Comment: 'when' },
    ],
    SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
  PartitionKeys: [{ Name: 'day', Type: 'date' }],
};

async function database(Name = 'Web'): Promise<void> {
  await glue.createDatabase({ DatabaseInput: { Name } });
}

describe('databases', () => {
  test('are kept under names in small letters, with what Lake Formation would add', async () => {
    await glue.createDatabase({
      DatabaseInput: { Name: 'Web', Description: 'all of it', Parameters: { team: 'shop' } },
    });
    const { Database } = await glue.getDatabase({ Name: 'WEB' });
    expect(Database).toEqual({
      CatalogId: '000000000000',
      CreateTableDefaultPermissions: [
        {
          Permissions: ['ALL'],
          Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' },
        },
      ],
      CreateTime: new Date(aws.clock.now()),
      Description: 'all of it',
      Name: 'web',
      Parameters: { team: 'shop' },
    });
  });

  test('are listed page by page, updated and deleted with their tables', async () => {
    for (const name of ['a', 'b', 'c']) await database(name);
    const first = await glue.getDatabases({ MaxResults: 2 });
    expect(first.DatabaseList?.map(({ Name }) => Name)).toEqual(['a', 'b']);
    const { DatabaseList, NextToken } = await glue.getDatabases({ NextToken: first.NextToken });
    expect(DatabaseList?.map(({ Name }) => Name)).toEqual(['c']);
    expect(NextToken).toBeUndefined();
    await glue.updateDatabase({ Name: 'a', DatabaseInput: { Name: 'a', LocationUri: 's3://x' } });
    expect((await glue.getDatabase({ Name: 'a' })).Database?.LocationUri).toBe('s3://x');
    await glue.createTable({ DatabaseName: 'a', TableInput: clicks });
    await glue.deleteDatabase({ Name: 'a' });
    await database('a');
    expect((await glue.getTables({ DatabaseName: 'a' })).TableList).toEqual([]);
  });

  test('have tags', async () => {
    const ResourceArn = 'arn:aws:glue:us-east-1:000000000000:database/web';
    await glue.createDatabase({ DatabaseInput: { Name: 'web' }, Tags: { team: 'shop' } });
    await glue.tagResource({ ResourceArn, TagsToAdd: { stage: 'test' } });
    await glue.untagResource({ ResourceArn, TagsToRemove: ['team'] });
    expect((await glue.getTags({ ResourceArn })).Tags).toEqual({ stage: 'test' });
  });
});

describe('tables', () => {
  test('show what they were created with', async () => {
    await database();
    await glue.createTable({ DatabaseName: 'WEB', TableInput: clicks });
    const { Table } = await glue.getTable({ DatabaseName: 'web', Name: 'clicks' });
    expect(Table).toEqual({
      ...clicks,
      CatalogId: '000000000000',
      CreatedBy: 'arn:aws:iam::000000000000:root',
      CreateTime: new Date(aws.clock.now()),
      DatabaseName: 'web',
      IsRegisteredWithLakeFormation: false,
      Name: 'clicks',
      Retention: 0,
      UpdateTime: new Date(aws.clock.now()),
      VersionId: '0',
    });
  });

  test('keep each version but those that are not to be archived', async () => {
    await database();
    await glue.createTable({ DatabaseName: 'web', TableInput: clicks });
    const update = (Description: string, SkipArchive?: boolean) =>
      glue.updateTable({
        DatabaseName: 'web',
        TableInput: { ...clicks, Description },
        SkipArchive,
      });
    await update('one');
    await update('two', true);
    await update('three');
    const table = { DatabaseName: 'web', TableName: 'clicks' };
    const versions = async () =>
      (await glue.getTableVersions(table)).TableVersions?.map((it) => [
        it.VersionId,
        it.Table?.Description,
      ]);
    expect(await versions()).toEqual([
      ['3', 'three'],
      ['2', 'two'],
      ['0', undefined],
    ]);
    const { TableVersion } = await glue.getTableVersion({ ...table, VersionId: '2' });
    expect(TableVersion?.Table).toMatchObject({ Description: 'two', VersionId: '2' });
    await glue.deleteTableVersion({ ...table, VersionId: '2' });
    expect((await versions())?.map(([id]) => id)).toEqual(['3', '0']);
    await expect(glue.deleteTableVersion({ ...table, VersionId: '3' })).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    await expect(
      glue.updateTable({ DatabaseName: 'web', TableInput: clicks, VersionId: '2' }),
    ).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
  });

  test('are deleted one by one or many at once, with an error for each that is not there', async () => {
    await database();
    for (const Name of ['a', 'b', 'c'])
      await glue.createTable({ DatabaseName: 'web', TableInput: { Name } });
    await glue.deleteTable({ DatabaseName: 'web', Name: 'A' });
    const { Errors } = await glue.batchDeleteTable({
      DatabaseName: 'web',
      TablesToDelete: ['b', 'z'],
    });
    expect(Errors).toEqual([
      {
        TableName: 'z',
        ErrorDetail: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Entity Not Found' },
      },
    ]);
    const { TableList } = await glue.getTables({ DatabaseName: 'web' });
    expect(TableList?.map(({ Name }) => Name)).toEqual(['c']);
  });
});

describe('what is refused', () => {
  test.each<readonly [string, () => Promise<unknown>, string, string]>([
    [
      'a database that is there',
      () => database(),
      'AlreadyExistsException',
      'Database already exists.',
    ],
    [
      'a table that is there',
      () => glue.createTable({ DatabaseName: 'web', TableInput: { Name: 'CLICKS' } }),
      'AlreadyExistsException',
      'Table already exists.',
    ],
    [
      'a database that is not there',
      () => glue.getTable({ DatabaseName: 'other', Name: 'clicks' }),
      'EntityNotFoundException',
      'Database other not found.',
    ],
    [
      'a table that is not there',
      () => glue.getTable({ DatabaseName: 'web', Name: 'views' }),
      'EntityNotFoundException',
      'Entity Not Found',
    ],
    [
      'a name that is too long',
      () => glue.createTable({ DatabaseName: 'web', TableInput: { Name: 'x'.repeat(256) } }),
      'ValidationException',
      'Member must have length less than or equal to 255',
    ],
    [
      'a token that was never given out',
      () => glue.getTables({ DatabaseName: 'web', NextToken: 'mine' }),
      'InvalidInputException',
      'Invalid NextToken',
    ],
    [
      'the catalog of another account',
      () => glue.getDatabase({ CatalogId: '111122223333', Name: 'web' }),
      'NotImplemented',
      'CatalogId 111122223333',
    ],
    [
      'a link to a table',
      () =>
        glue.createTable({
          DatabaseName: 'web',
          TableInput: { Name: 'link', TargetTable: { Name: 'clicks', DatabaseName: 'web' } },
        }),
      'NotImplemented',
      'TargetTable',
    ],
    [
      'an operation that is not there',
      () => glue.createPartition({ DatabaseName: 'web', TableName: 'clicks', PartitionInput: {} }),
      'NotImplemented',
      'CreatePartition',
    ],
  ])('%s', async (_what, act, name, message) => {
    await database();
    await glue.createTable({ DatabaseName: 'web', TableInput: clicks });
    await expect(act()).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });
});
