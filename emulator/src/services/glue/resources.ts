import { isDeepStrictEqual } from 'node:util';
import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { sameState } from '../resource-updates';
import { folded, longestName } from './names';
import type { GlueState } from './state';
import {
  checkDatabase,
  checkTable,
  databaseMembers,
  storageMembers,
  tableMembers,
} from './table-input';
import { databaseInput, tableInput, templateInput } from './template-input';

/** The providers of `AWS::Glue::Database` and `AWS::Glue::Table`. */
export function glueResources(state: GlueState): ResourceProvider[] {
  return [databaseProvider(state), tableProvider(state)];
}

const databaseType = 'AWS::Glue::Database';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-database.html */
function databaseProvider(state: GlueState): ResourceProvider {
  const ask = (request: ResourceRequest, operation: string, database: string) =>
    state.authorize(request.caller, operation, request, { database });
  return {
    type: databaseType,
    level: 'emulated',
    unsupported: (properties) => [
      ...unsupportedProperties(databaseType, properties, [
        'CatalogId',
        'DatabaseInput',
        'DatabaseName',
      ]),
      ...unsupportedMembers(databaseType, properties, 'DatabaseInput', databaseMembers),
    ],
    unsupportedUpdate: (before, after) => renamed(databaseType, 'DatabaseInput', before, after),
    async create(request) {
      checkCatalog(databaseType, request);
      const input = databaseInput(request.properties, () => request.generateName(longestName));
      checkDatabase(databaseType, input);
      ask(request, 'CreateDatabase', input.Name);
      const { name } = state.in(request).createDatabase(input);
      return { physicalId: name, attributes: {} };
    },
    async find({ account, region, identifier }) {
      const name = folded(identifier.DatabaseName ?? '');
      const database = state.in({ account, region }).databases.get(name);
      return database && { physicalId: name, attributes: {} };
    },
    async update(request) {
      const input = databaseInput(request.properties, () => request.physicalId);
      checkDatabase(databaseType, input);
      ask(request, 'UpdateDatabase', request.physicalId);
      state.in(request).database(request.physicalId).input = input;
      return sameState(request);
    },
    async delete(request) {
      ask(request, 'DeleteDatabase', request.physicalId);
      state.in(request).databases.delete(request.physicalId);
    },
    async read(request) {
      ask(request, 'GetDatabase', request.physicalId);
      const database = state.in(request).databases.get(request.physicalId);
      if (!database) return undefined;
      return {
        CatalogId: request.account,
        DatabaseInput: templateInput(database.input, request.properties.DatabaseInput),
        DatabaseName: request.properties.DatabaseName,
      };
    },
  };
}

const tableType = 'AWS::Glue::Table';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-table.html */
function tableProvider(state: GlueState): ResourceProvider {
  const ask = (request: ResourceRequest, operation: string, table: string) =>
    state.authorize(request.caller, operation, request, { database: databaseOf(request), table });
  const tablesOf = (request: ResourceRequest) =>
    state.in(request).databases.get(folded(databaseOf(request)))?.tables;
  return {
    type: tableType,
    level: 'emulated',
    unsupported: (properties) => [
      ...unsupportedProperties(tableType, properties, ['CatalogId', 'DatabaseName', 'TableInput']),
      ...unsupportedMembers(tableType, properties, 'TableInput', tableMembers),
      ...unsupportedMembers(
        tableType,
        nested(properties, 'TableInput'),
        'StorageDescriptor',
        storageMembers,
      ),
    ],
    unsupportedUpdate: (before, after) => renamed(tableType, 'TableInput', before, after),
    async create(request) {
      checkCatalog(tableType, request);
      const input = tableInput(request.properties, () => request.generateName(longestName));
      checkTable(tableType, input);
      ask(request, 'CreateTable', input.Name);
      const { arn } = request.caller;
      const { name } = state.in(request).createTable(databaseOf(request), input, arn);
      return { physicalId: name, attributes: { Id: name } };
    },
    async update(request) {
      const input = tableInput(request.properties, () => request.physicalId);
      checkTable(tableType, input);
      ask(request, 'UpdateTable', request.physicalId);
      state.in(request).updateTable(databaseOf(request), input);
      return sameState(request);
    },
    async delete(request) {
      ask(request, 'DeleteTable', request.physicalId);
      // Its database may have gone before it, and has taken it along.
      tablesOf(request)?.delete(request.physicalId);
    },
    async read(request) {
      ask(request, 'GetTable', request.physicalId);
      const table = tablesOf(request)?.get(request.physicalId);
      if (!table) return undefined;
      return {
        CatalogId: request.account,
        DatabaseName: databaseOf(request),
        TableInput: templateInput(table.latest.input, request.properties.TableInput),
      };
    },
  };
}

function databaseOf({ properties }: Pick<ResourceRequest, 'properties'>): string {
  return new PropertyReader(properties).requiredString('DatabaseName');
}

/** Templates name their own account's catalog, as the emulator has no other to give them. */
function checkCatalog(type: string, { account, properties }: ResourceRequest): void {
  const catalog = new PropertyReader(properties).requiredString('CatalogId');
  if (catalog !== account)
    throw new Error(`${type} does not support CatalogId ${catalog}, which is another account's`);
}

function nested(properties: ResourceProperties, name: string): ResourceProperties {
  const value = properties[name];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value)) : {};
}

function unsupportedMembers(
  type: string,
  properties: ResourceProperties,
  name: string,
  supported: readonly string[],
): string[] {
  return unsupportedProperties(`${name} of ${type}`, nested(properties, name), supported);
}

function renamed(
  type: string,
  name: string,
  before: ResourceProperties,
  after: ResourceProperties,
): string[] {
  const [from, to] = [nested(before, name).Name, nested(after, name).Name];
  return isDeepStrictEqual(from, to)
    ? []
    : [`${type} does not support changing ${name}.Name of an existing resource`];
}
