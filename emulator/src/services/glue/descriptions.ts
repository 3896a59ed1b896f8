import type { OutputOf } from '../../protocol/handlers';
import type { CatalogDatabase, CatalogTable, TableVersion } from './catalog';
import type { CatalogAddress } from './names';
import type { GlueApi } from './table-input';

type Database = NonNullable<OutputOf<GlueApi, 'GetDatabase'>['Database']>;
type Table = NonNullable<OutputOf<GlueApi, 'GetTable'>['Table']>;

/** A database as GetDatabase shows it: Lake Formation leaves its tables to IAM. */
export function describeDatabase({ account }: CatalogAddress, database: CatalogDatabase): Database {
  return {
    ...database.input,
    Name: database.name,
    CatalogId: account,
    CreateTime: new Date(database.created),
    CreateTableDefaultPermissions: [
      {
        Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' },
        Permissions: ['ALL'],
      },
    ],
  };
}

/** A table as GetTable shows it, in one of its versions. */
export function describeTable(
  { account }: CatalogAddress,
  table: CatalogTable,
  version: TableVersion = table.latest,
): Table {
  const { ViewDefinition, ...input } = version.input;
  return {
    ...input,
    Name: table.name,
    DatabaseName: table.databaseName,
    CatalogId: account,
    CreateTime: new Date(table.created),
    UpdateTime: new Date(version.updated),
    CreatedBy: table.createdBy,
    Retention: input.Retention ?? 0,
    PartitionKeys: input.PartitionKeys ?? [],
    IsRegisteredWithLakeFormation: false,
    VersionId: version.id,
  };
}
