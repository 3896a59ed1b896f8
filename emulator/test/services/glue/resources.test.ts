import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { App, Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});

afterEach(() => aws.stop());

function catalogOf(columns: readonly CfnTable.ColumnProperty[], catalogId = Aws.ACCOUNT_ID): Stack {
  const stack = new Stack(new App(), 'Catalog');
  const database = new CfnDatabase(stack, 'Database', {
    catalogId,
    databaseInput: { name: 'Web', description: `${columns.length} columns` },
  });
  new CfnTable(stack, 'Table', {
    catalogId,
    databaseName: database.ref,
    tableInput: {
      tableType: 'EXTERNAL_TABLE',
      parameters: { classification: 'json' },
      storageDescriptor: { columns: [...columns], compressed: false },
    },
  });
  return stack;
}

test('a database and its table are created, updated by another version and deleted', async () => {
  const glue = aws.client(Glue);
  const user = { name: 'user', type: 'string' };
  const deployment = await aws.deploy(catalogOf([user]));
  expect(deployment.physicalId('Database')).toBe('web');
  const Name = deployment.physicalId('Table');
  expect(Name).toMatch(/^catalog-table-[a-z0-9]+$/);
  await aws.deploy(catalogOf([user, { name: 'at', type: 'timestamp' }]));
  const { Table } = await glue.getTable({ DatabaseName: 'web', Name });
  expect(Table).toMatchObject({
    VersionId: '1',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { classification: 'json' },
    StorageDescriptor: {
      Columns: [
        { Name: 'user', Type: 'string' },
        { Name: 'at', Type: 'timestamp' },
      ],
      Compressed: false,
    },
  });
  expect((await glue.getDatabase({ Name: 'web' })).Database?.Description).toBe('2 columns');
  await aws.client(CloudFormation).deleteStack({ StackName: 'Catalog' });
  await aws.clock.settle();
  expect((await glue.getDatabases({})).DatabaseList).toEqual([]);
});

test('a template for the catalog of another account is refused', async () => {
  await expect(aws.deploy(catalogOf([], '111122223333'))).rejects.toThrow(
    'does not support CatalogId 111122223333',
  );
});

test('a role needs rights on a table, its database and the catalog', async () => {
  await aws.deploy(catalogOf([]));
  const iam = aws.client(IAM);
  const arn = (resource: string) => `arn:aws:glue:us-east-1:000000000000:${resource}`;
  const { Role } = await iam.createRole({
    RoleName: 'reader',
    AssumeRolePolicyDocument: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '000000000000' },
          Action: 'sts:AssumeRole',
        },
      ],
    }),
  });
  const grant = (Resource: readonly string[]) =>
    iam.putRolePolicy({
      RoleName: 'reader',
      PolicyName: 'read',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'glue:Get*', Resource }],
      }),
    });
  const { Credentials } = await aws
    .client(STS)
    .assumeRole({ RoleArn: Role?.Arn, RoleSessionName: 'test' });
  const glue = new Glue({
    region: 'us-east-1',
    endpoint: await aws.endpoint(),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
  const tables = () => glue.getTables({ DatabaseName: 'web' });
  await grant([arn('table/web/*'), arn('database/web')]);
  await expect(tables()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:sts::000000000000:assumed-role/reader/test is not authorized to perform: glue:GetTables on resource: arn:aws:glue:us-east-1:000000000000:catalog because no identity-based policy allows the glue:GetTables action',
  });
  await grant([arn('table/web/*'), arn('catalog')]);
  await expect(tables()).rejects.toThrow(arn('database/web'));
  await grant([arn('database/web'), arn('catalog')]);
  await expect(tables()).rejects.toThrow(arn('table/web/*'));
  await grant([arn('table/web/*'), arn('database/web'), arn('catalog')]);
  expect((await tables()).TableList).toHaveLength(1);
  glue.destroy();
});
