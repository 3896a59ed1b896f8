import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import { invalidToken } from './database-operations';
import { describeTable } from './descriptions';
import { invalidInput } from './errors';
import { folded } from './names';
import type { GlueState } from './state';
import { checkTable, type GlueApi, type TableInput } from './table-input';

const largestPage = 100;

/** Tables of the Data Catalog and their versions. */
export function tableOperations(state: GlueState) {
  return {
    CreateTable(input, context) {
      acceptOnly('glue.CreateTable', input, ['CatalogId', 'DatabaseName', 'TableInput']);
      const table = givenTable('CreateTable', input.TableInput);
      const { CatalogId, DatabaseName: database } = input;
      const catalog = state.asked(context, CatalogId, { database, table: table.Name });
      catalog.createTable(database, table, context.caller.arn);
      return {};
    },

    GetTable(input, context) {
      acceptOnly('glue.GetTable', input, ['CatalogId', 'DatabaseName', 'Name']);
      const { CatalogId, DatabaseName: database, Name: table } = input;
      const catalog = state.asked(context, CatalogId, { database, table });
      const found = catalog.database(database).table(table);
      return { Table: describeTable(catalog.address, found) };
    },

    GetTables(input, context) {
      acceptOnly('glue.GetTables', input, ['CatalogId', 'DatabaseName', 'MaxResults', 'NextToken']);
      new Constraints('ValidationException')
        .range('maxResults', input.MaxResults, 1, largestPage)
        .check();
      const { CatalogId, DatabaseName: database } = input;
      const catalog = state.asked(context, CatalogId, { database, table: '*' });
      const name = (table: { readonly name: string }) => table.name;
      const page = pageOf(
        sortedBy(catalog.database(database).tables.values(), name),
        name,
        input.MaxResults ?? largestPage,
        input.NextToken,
        invalidToken,
      );
      return {
        TableList: page.items.map((table) => describeTable(catalog.address, table)),
        NextToken: page.nextToken,
      };
    },

    UpdateTable(input, context) {
      acceptOnly('glue.UpdateTable', input, [
        'CatalogId',
        'DatabaseName',
        'SkipArchive',
        'TableInput',
        'VersionId',
      ]);
      const table = givenTable('UpdateTable', input.TableInput);
      const { CatalogId, DatabaseName: database, VersionId: expected } = input;
      const catalog = state.asked(context, CatalogId, { database, table: table.Name });
      catalog.updateTable(database, table, { archive: input.SkipArchive !== true, expected });
      return {};
    },

    DeleteTable(input, context) {
      acceptOnly('glue.DeleteTable', input, ['CatalogId', 'DatabaseName', 'Name']);
      const { CatalogId, DatabaseName, Name: table } = input;
      const catalog = state.asked(context, CatalogId, { database: DatabaseName, table });
      const database = catalog.database(DatabaseName);
      database.tables.delete(database.table(table).name);
      return {};
    },

    BatchDeleteTable(input, context) {
      acceptOnly('glue.BatchDeleteTable', input, ['CatalogId', 'DatabaseName', 'TablesToDelete']);
      const { CatalogId, DatabaseName, TablesToDelete: names } = input;
      new Constraints('ValidationException').length('tablesToDelete', names, 0, 100).check();
      for (const table of names) state.asked(context, CatalogId, { database: DatabaseName, table });
      const database = state
        .asked(context, CatalogId, { database: DatabaseName })
        .database(DatabaseName);
      return {
        Errors: names
          .map((name) => ({ name, error: refusal(() => database.table(name)) }))
          .flatMap(({ name, error }) => {
            if (!error) database.tables.delete(folded(name));
            return error ? [{ TableName: name, ErrorDetail: error }] : [];
          }),
      };
    },

    GetTableVersion(input, context) {
      acceptOnly('glue.GetTableVersion', input, [
        'CatalogId',
        'DatabaseName',
        'TableName',
        'VersionId',
      ]);
      const { CatalogId, DatabaseName: database, TableName: table, VersionId } = input;
      const catalog = state.asked(context, CatalogId, { database, table });
      const found = catalog.database(database).table(table);
      const version = found.version(VersionId);
      return {
        TableVersion: {
          Table: describeTable(catalog.address, found, version),
          VersionId: version.id,
        },
      };
    },

    GetTableVersions(input, context) {
      acceptOnly('glue.GetTableVersions', input, [
        'CatalogId',
        'DatabaseName',
        'MaxResults',
        'NextToken',
        'TableName',
      ]);
      new Constraints('ValidationException')
        .range('maxResults', input.MaxResults, 1, largestPage)
        .check();
      const { CatalogId, DatabaseName: database, TableName: table } = input;
      const catalog = state.asked(context, CatalogId, { database, table });
      const found = catalog.database(database).table(table);
      // The newest is first.
      const key = ({ id }: { readonly id: string }) =>
        String(Number.MAX_SAFE_INTEGER - Number(id)).padStart(16, '0');
      const page = pageOf(
        sortedBy(found.versions, key),
        key,
        input.MaxResults ?? largestPage,
        input.NextToken,
        invalidToken,
      );
      return {
        TableVersions: page.items.map((version) => ({
          Table: describeTable(catalog.address, found, version),
          VersionId: version.id,
        })),
        NextToken: page.nextToken,
      };
    },

    DeleteTableVersion(input, context) {
      acceptOnly('glue.DeleteTableVersion', input, [
        'CatalogId',
        'DatabaseName',
        'TableName',
        'VersionId',
      ]);
      const { CatalogId, DatabaseName: database, TableName: table, VersionId: id } = input;
      const catalog = state.asked(context, CatalogId, { database, table });
      const found = catalog.database(database).table(table);
      if (id === found.latest.id)
        throw invalidInput(`Cannot delete the latest version of the table ${found.name}.`);
      found.forget(id);
      return {};
    },
  } satisfies Handlers<GlueApi>;
}

function givenTable(operation: string, table: TableInput | undefined): TableInput {
  // A table without input would be one that Glue makes in Iceberg's format.
  if (!table) throw new NotImplementedError(`glue.${operation} without TableInput`);
  checkTable(`glue.${operation}`, table);
  return table;
}

/** Code and message of the error that something is answered with. */
function refusal(
  act: () => unknown,
): { readonly ErrorCode: string; readonly ErrorMessage: string } | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ErrorCode: error.code, ErrorMessage: error.message };
  }
}
