import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { CallContext, Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { sortedBy } from '../page';
import { validation } from './errors';
import { checkPolicy } from './resource-policy';
import type { DynamoDbState } from './state';
import { addressOf, tableArn } from './table-address';
import { refuseStream, tableDefinition } from './table-definition';
import { applySettings } from './table-settings';
import { changedTable } from './table-update';
import { checkTags } from './tags';

type Client = typeof import('@aws-sdk/client-dynamodb');

/** Operations on tables. */
export function tableOperations(state: DynamoDbState): Handlers<Client> {
  return {
    CreateTable(input, context) {
      acceptOnly('CreateTable', input, [
        'TableName',
        'AttributeDefinitions',
        'BillingMode',
        'DeletionProtectionEnabled',
        'GlobalSecondaryIndexes',
        'KeySchema',
        'LocalSecondaryIndexes',
        'OnDemandThroughput',
        'ProvisionedThroughput',
        'ResourcePolicy',
        'SSESpecification',
        'StreamSpecification',
        'TableClass',
        'Tags',
      ]);
      refuseStream('CreateTable', input.StreamSpecification);
      const address = state.permit(input.TableName, context);
      const definition = tableDefinition({ ...input, TableName: address.name });
      const tags = checkTags(input.Tags ?? []);
      if (input.Tags?.length) context.authorize('dynamodb:TagResource', tableArn(address));
      if (input.ResourcePolicy !== undefined) {
        context.authorize('dynamodb:PutResourcePolicy', tableArn(address));
        checkPolicy(input.ResourcePolicy);
      }
      const settings = applySettings({ deletionProtection: false }, input, address, state.keys);
      const table = state.in(address).create(definition, settings, 'as AWS');
      for (const [key, value] of tags) table.tags.set(key, value);
      if (input.ResourcePolicy !== undefined) state.putPolicy(table, input.ResourcePolicy);
      return { TableDescription: table.describe() };
    },

    DescribeTable(input, context) {
      const address = state.permit(named(input.TableName), context);
      return { Table: state.in(address).get(address.name).describe() };
    },

    UpdateTable(input, context) {
      acceptOnly('UpdateTable', input, [
        'TableName',
        'AttributeDefinitions',
        'BillingMode',
        'DeletionProtectionEnabled',
        'GlobalSecondaryIndexUpdates',
        'OnDemandThroughput',
        'ProvisionedThroughput',
        'SSESpecification',
        'StreamSpecification',
        'TableClass',
      ]);
      refuseStream('UpdateTable', input.StreamSpecification);
      const address = state.permit(named(input.TableName), context);
      const tables = state.in(address);
      const table = tables.changeable(address.name);
      const { definition, indexes } = changedTable(table.definition, input);
      const settings = applySettings(table.settings, input, address, state.keys);
      tables.change(table, definition, settings, indexes, 'as AWS');
      return { TableDescription: table.describe() };
    },

    DeleteTable(input, context): { TableDescription: TableDescription } {
      const address = state.permit(named(input.TableName), context);
      const tables = state.in(address);
      const table = tables.changeable(address.name);
      tables.delete(table, 'as AWS');
      return { TableDescription: table.describe() };
    },

    ListTables(input, context) {
      context.authorize('dynamodb:ListTables', '*');
      return listTables(state, input, context);
    },
  };
}

function listTables(
  state: DynamoDbState,
  { ExclusiveStartTableName: after, Limit: limit = 100 }: InputOf<Client, 'ListTables'>,
  context: CallContext,
) {
  new Constraints('ValidationException').range('limit', limit, 1, 100).check();
  const names = sortedBy(
    state
      .in(context)
      .all()
      .map(({ name }) => name),
    (name) => name,
  ).filter((name) => after === undefined || name > after);
  const page = names.slice(0, limit);
  return {
    TableNames: page,
    LastEvaluatedTableName: names.length > page.length ? page.at(-1) : undefined,
  };
}

/** @throws ServiceError ValidationException for what cannot be the name or the ARN of a table. */
function named(nameOrArn: string): string {
  const { name } = addressOf(nameOrArn, { account: '', region: regionIn(nameOrArn) });
  if (name.length < 3 || name.length > 255)
    throw validation(
      'TableName must be at least 3 characters long and at most 255 characters long',
    );
  new Constraints('ValidationException').pattern('tableName', name, '[a-zA-Z0-9_.-]+').check();
  return nameOrArn;
}

function regionIn(nameOrArn: string): string {
  return nameOrArn.split(':')[3] ?? '';
}
