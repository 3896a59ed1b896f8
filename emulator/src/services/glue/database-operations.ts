import { NotImplementedError } from '../../protocol/errors';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import { describeDatabase } from './descriptions';
import { invalidInput } from './errors';
import { databaseOfArn, folded } from './names';
import type { GlueState } from './state';
import { checkDatabase, type GlueApi } from './table-input';

const largestPage = 100;

/** Databases of the Data Catalog, and their tags. */
export function databaseOperations(state: GlueState) {
  return {
    CreateDatabase(input, context) {
      acceptOnly('glue.CreateDatabase', input, ['CatalogId', 'DatabaseInput', 'Tags']);
      const { CatalogId, DatabaseInput, Tags = {} } = input;
      checkDatabase('glue.CreateDatabase', DatabaseInput);
      const catalog = state.asked(context, CatalogId, { database: DatabaseInput.Name });
      const { tags } = catalog.createDatabase(DatabaseInput);
      for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
      return {};
    },

    GetDatabase(input, context) {
      acceptOnly('glue.GetDatabase', input, ['CatalogId', 'Name']);
      const catalog = state.asked(context, input.CatalogId, { database: input.Name });
      return { Database: describeDatabase(catalog.address, catalog.database(input.Name)) };
    },

    GetDatabases(input, context) {
      acceptOnly('glue.GetDatabases', input, ['CatalogId', 'MaxResults', 'NextToken']);
      new Constraints('ValidationException')
        .range('maxResults', input.MaxResults, 1, largestPage)
        .check();
      const { address, databases } = state.asked(context, input.CatalogId, { database: '*' });
      const name = (database: { readonly name: string }) => database.name;
      const page = pageOf(
        sortedBy(databases.values(), name),
        name,
        input.MaxResults ?? largestPage,
        input.NextToken,
        invalidToken,
      );
      return {
        DatabaseList: page.items.map((database) => describeDatabase(address, database)),
        NextToken: page.nextToken,
      };
    },

    UpdateDatabase(input, context) {
      acceptOnly('glue.UpdateDatabase', input, ['CatalogId', 'DatabaseInput', 'Name']);
      checkDatabase('glue.UpdateDatabase', input.DatabaseInput);
      const catalog = state.asked(context, input.CatalogId, { database: input.Name });
      const database = catalog.database(input.Name);
      if (folded(input.DatabaseInput.Name) !== database.name)
        throw new NotImplementedError('renaming of a database by glue.UpdateDatabase');
      database.input = input.DatabaseInput;
      return {};
    },

    DeleteDatabase(input, context) {
      acceptOnly('glue.DeleteDatabase', input, ['CatalogId', 'Name']);
      const catalog = state.asked(context, input.CatalogId, { database: input.Name });
      // Its tables go with it: on AWS in the background, and they are out of reach at once.
      catalog.databases.delete(catalog.database(input.Name).name);
      return {};
    },

    TagResource(input, context) {
      const { tags } = tagged(state, input.ResourceArn, context);
      for (const [key, value] of Object.entries(input.TagsToAdd)) tags.set(key, value);
      return {};
    },

    UntagResource(input, context) {
      const { tags } = tagged(state, input.ResourceArn, context);
      for (const key of input.TagsToRemove) tags.delete(key);
      return {};
    },

    GetTags(input, context) {
      return { Tags: Object.fromEntries(tagged(state, input.ResourceArn, context).tags) };
    },
  } satisfies Handlers<GlueApi>;
}

/** The answer to a token that no list gave out. */
export function invalidToken(): Error {
  return invalidInput('Invalid NextToken');
}

/** Of what Glue tags there are databases here. */
function tagged(
  state: GlueState,
  arn: string,
  context: Parameters<GlueState['asked']>[0],
): { readonly tags: Map<string, string> } {
  const name = databaseOfArn(arn);
  if (name === undefined)
    throw new NotImplementedError(`ResourceArn ${arn} of glue.${context.operation}`);
  context.authorize(`glue:${context.operation}`, arn);
  return state.in(context).database(name);
}
