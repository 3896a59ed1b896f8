import type { Caller } from '../../iam/caller';
import { NotImplementedError } from '../../protocol/errors';
import type { GlueState } from './state';

/** Which table, and which version of it. */
export interface TableReference {
  readonly catalogId: string;
  readonly databaseName: string;
  readonly tableName: string;
  readonly region: string;
  /** A number, or `LATEST`. */
  readonly versionId: string;
}

/** A column: its name, and its type in Hive's notation, such as `array<int>`. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/** The columns of a version of a table. */
export interface TableSchema {
  readonly columns: readonly TableColumn[];
  readonly versionId: string;
}

/** Rights that Firehose asks for. https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-glue */
const rights = ['GetTable', 'GetTableVersion', 'GetTableVersions'];

/** The Data Catalog, as those read it who convert records by the schema of a table. */
export class TableSource {
  constructor(private readonly state: GlueState) {}

  /**
   * The columns of a table, as somebody who may read it; those that partition it are none of them.
   *
   * @throws ServiceError AccessDeniedException, EntityNotFoundException; NotImplemented for catalogs of other accounts
   */
  schema(reference: TableReference, caller: Caller): TableSchema {
    const { catalogId, databaseName: database, tableName: table, region, versionId } = reference;
    if (catalogId !== caller.account)
      throw new NotImplementedError(`the Glue catalog of another account (${catalogId})`);
    const address = { account: catalogId, region };
    for (const right of rights) this.state.authorize(caller, right, address, { database, table });
    const found = this.state.in(address).database(database).table(table);
    const version = found.version(versionId === 'LATEST' ? undefined : versionId);
    const columns = version.input.StorageDescriptor?.Columns ?? [];
    return {
      versionId: version.id,
      columns: columns.map(({ Name, Type = 'string' }) => ({
        name: Name,
        type: Type,
      })),
    };
  }
}
